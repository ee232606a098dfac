"""Console sessions on a page: what was typed, without the prompts and without the output."""

from __future__ import annotations

from cavra_lint.late import re

_DOLLAR = r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[^\s$%]*[ \t]*)?[$%][ \t]+"
_ANGLE = r"[ \t]*>[ \t]+"


def strip_prompts(code: str) -> str:
    """Remove prompts from a block of code.

    A block in which a line starts with `$ ` is a session: lines without a prompt are output and
    come out empty, save for those that go on a line that ends in a backslash. Any other block
    comes out as it is, for there nothing tells output from input.

    Args:
        code: the text of the block.

    Returns:
        The commands, as many lines as before.
    """
    if not any(mark in code for mark in "$%>"):
        return code
    lines = code.split("\n")
    dollar, angle = re.compile(_DOLLAR), re.compile(_ANGLE)
    first = next((line for line in lines if line.strip()), "")
    prompt = dollar if any(dollar.match(line) for line in lines) else angle if angle.match(first) else None
    if prompt is None:
        return code
    typed: list[str] = []
    goes_on = False
    for line in lines:
        match = prompt.match(line) or (angle.match(line) if typed and typed[-1] else None)
        kept = line if goes_on else ""
        command = line[match.end() :] if match else kept
        goes_on = command.rstrip("\r").endswith("\\")
        typed.append(command)
    return "\n".join(typed)
