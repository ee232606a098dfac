"""`python -m cavra_lint`: the linter."""

import sys

from cavra_lint.cli import main

if __name__ == "__main__":
    sys.exit(main())
