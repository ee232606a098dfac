"""The options of a command: one table, read by hand where the words are plain, and by argparse where they are not.

Importing argparse and building a parser takes half as long as starting Python does. A hook is started with the
same few plain words on every commit; help, errors and everything unusual are argparse's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any, NoReturn


class UsageError(Exception):
    """A command that was called wrongly; the message is one line."""


def not_empty(word: str) -> str:
    """Return a word as it is; an empty one, as a variable that is not set leaves, names nothing."""
    if not word:
        raise ValueError("expected a value that is not empty")
    return word


class Option(NamedTuple):
    """An option of a command.

    `metavar` is what its value is called; an option without one is a flag. `convert` makes of a word what
    the command is given; it raises ValueError, with what is expected, for a word that is none. `is_list`
    says that the option may be given several times; `can_be_denied`, that a flag has a `--no-` form as well.
    `known_as` is the name under which the command finds the value, where that is not the option's own.
    """

    name: str
    help: str
    metavar: str = ""
    convert: Callable[[str], Any] = not_empty
    choices: tuple[str, ...] = ()
    default: Any = None
    is_list: bool = False
    can_be_denied: bool = False
    known_as: str = ""

    @property
    def key(self) -> str:
        """The name under which the command finds the value."""
        return self.known_as or self.name.removeprefix("--").replace("-", "_")


class Syntax(NamedTuple):
    """What may stand behind a command: its options, and what its other words are called, empty where it has none."""

    program: str | None
    description: str
    options: tuple[Option, ...]
    operand: str = ""
    operand_help: str = ""
    version: str = ""


def parse(syntax: Syntax, words: Sequence[str]) -> SimpleNamespace:
    """Return the values of a command's options by their keys, and its other words as `operands`.

    Args:
        syntax: the command's options.
        words: what stands behind the command.

    Raises:
        UsageError: the words are not as the syntax has it.
        SystemExit: help or the version was asked for, and printed.
    """
    plain = _parse_plain(syntax, words)
    return SimpleNamespace(**(vars(_parser(syntax).parse_args(words)) if plain is None else plain))


def _parse_plain(syntax: Syntax, words: Sequence[str]) -> dict[str, Any] | None:
    """Return the values where all words are known ones in full; None where argparse has to say what they are."""
    by_name = {option.name: option for option in syntax.options}
    values = _defaults(syntax)
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        if word == "--":
            values["operands"] += reversed(waiting)
            break
        name, equals, value = word.partition("=")
        option = by_name.get(name)
        if option is None:
            if word.startswith("-"):
                return None
            values["operands"].append(word)
        elif not option.metavar:
            if equals:
                return None
            values[option.key] = True
        else:
            if not equals:
                value = waiting.pop() if waiting else "-"
                if value.startswith("-"):
                    return None
            if option.choices and value not in option.choices:
                return None
            try:
                converted = option.convert(value)
            except ValueError:
                return None
            values[option.key] = [*values[option.key], converted] if option.is_list else converted
    return None if values["operands"] and not syntax.operand else values


def _defaults(syntax: Syntax) -> dict[str, Any]:
    values: dict[str, Any] = {"operands": []}
    for option in syntax.options:
        values[option.key] = [] if option.is_list else option.default
        if not option.metavar and not option.can_be_denied:
            values[option.key] = False
    return values


def _parser(syntax: Syntax) -> ArgumentParser:
    import argparse

    from cavra_lint.output.text import printable

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(f"{message}; see --help")

    def converter(option: Option) -> Callable[[str], Any]:
        def convert(word: str) -> Any:
            try:
                return option.convert(word)
            except ValueError as error:
                raise argparse.ArgumentTypeError(str(error)) from None

        return convert

    def plain(text: str) -> str:
        # words of a contract, each of which may come to stand at the beginning of a line
        return " ".join(map(printable, text.split(" ")))

    description = plain(syntax.description)
    parser = Parser(
        prog=plain(syntax.program) if syntax.program else None,
        # where it names the program argparse fills it in, and a lone `%` is an error to it
        description=description.replace("%", "%%") if "%(prog)" in description else description,
        allow_abbrev=False,
    )
    if syntax.operand:
        parser.add_argument("operands", metavar=syntax.operand, nargs="*", help=syntax.operand_help)
    else:
        parser.set_defaults(operands=[])
    for option in syntax.options:
        if option.metavar:
            parser.add_argument(
                option.name,
                dest=option.key,
                metavar=None if option.choices else option.metavar,
                type=converter(option),
                choices=option.choices or None,
                action="append" if option.is_list else "store",
                default=[] if option.is_list else option.default,
                help=option.help,
            )
        elif option.can_be_denied:
            parser.add_argument(option.name, action=argparse.BooleanOptionalAction, help=option.help)
        else:
            parser.add_argument(option.name, action="store_true", help=option.help)
    if syntax.version:
        parser.add_argument("--version", action="version", version=syntax.version)
    return parser
