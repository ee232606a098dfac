"""Console sessions on a page: what was typed, without the prompts and without the output."""

from __future__ import annotations

import re

_DOLLAR = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[^\s$%]*[ \t]*)?[$%][ \t]+")
_ANGLE = re.compile(r"[ \t]*>[ \t]+")


def strip_prompts(code: str) -> str:
    """Removes prompts from a block of code.

    A block in which a line starts with `$ ` is a session: lines without a prompt are output and
    come out empty, save for those that go on a line that ends in a backslash. Any other block
    comes out as it is, for there nothing tells output from input.

    Args:
        code: the text of the block.

    Returns:
        The commands, as many lines as before.
    """
    lines = code.split("\n")
    prompt = next((p for p in (_DOLLAR, _ANGLE) if _is_session(lines, p)), None)
    if prompt is None:
        return code
    typed: list[str] = []
    goes_on = False
    for line in lines:
        match = prompt.match(line) or (_ANGLE.match(line) if typed and typed[-1] else None)
        kept = line if goes_on else ""
        command = line[match.end() :] if match else kept
        goes_on = command.rstrip("\r").endswith("\\")
        typed.append(command)
    return "\n".join(typed)


def _is_session(lines: list[str], prompt: re.Pattern[str]) -> bool:
    if prompt is _ANGLE:
        first = next((line for line in lines if line.strip()), "")
        return bool(prompt.match(first))
    return any(prompt.match(line) for line in lines)
