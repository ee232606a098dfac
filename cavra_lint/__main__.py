"""`python -m cavra_lint`: the linter."""

import sys

# `-m` lets the current folder stand before every library, and that is the tree which is judged, not run
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

from cavra_lint.cli import command

if __name__ == "__main__":
    command()
