#!/usr/bin/env python3
"""R7.2: judge a packet of the gate Customer Evidence Room Closeout, and print one JSON verdict."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# the package that stands beside this script judges, not another version that happens to be installed
sys.path.insert(0, str(ROOT))

from cavra_lint.gate import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main("R7.2", repo_root=str(ROOT)))
