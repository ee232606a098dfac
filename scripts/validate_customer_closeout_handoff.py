#!/usr/bin/env python3
"""R7.3: judge a packet of the gate Customer Closeout Handoff, and print one JSON verdict."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
# the package that stands beside this script judges, not another version that happens to be installed
sys.path.insert(0, ROOT)

from cavra_lint.gate import command  # noqa: E402

if __name__ == "__main__":
    command("R7.3", repo_root=ROOT)
