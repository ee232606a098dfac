"""`python -m cavra_lint`: the linter."""

from cavra_lint.cli import command

if __name__ == "__main__":
    command()
