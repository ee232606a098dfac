"""What is raised for a contract that cannot be used."""

from __future__ import annotations


class ContractError(ValueError):
    """A contract file that does not hold what a contract holds; the message names file, line and key, in one line.

    Attributes:
        file: the name of the file.
        line: the line, from 1; 0 where the file cannot be read as TOML at all.
        column: the column, from 1; 0 likewise.
    """

    def __init__(self, file: str, message: str, line: int = 0, column: int = 0) -> None:
        from cavra_lint.sources.private_values import redacted

        # the words of the file are in it, and what is private in these must not leave
        super().__init__(redacted(f"{file}:{line}: {message}" if line else f"{file}: {message}"))
        self.file = file
        self.line = line
        self.column = column
