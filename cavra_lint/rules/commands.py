"""Family 3: the contract's command, and what has to run it."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.rules.gate_files import GateFiles
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.json_document import kind_of


@rule("CAVRA301", "index-command")
def index_command(files: GateFiles) -> Iterator[Finding]:
    """The index's `validator_command` is not the contract's command.

    Fails: a command without `--require-live`, or with another packet.

    Passes: the contract's command.

    To put it right, write the command that the message gives.
    """
    value = files.index_packet.document.value
    if value is None or files.entry is None:
        return
    entry, expected = value["gates"][files.entry], files.gate.command
    command = entry.get("validator_command")
    if command != expected:
        shown = "another command" if isinstance(command, str) and command else kind_of(command)
        shown = shown if "validator_command" in entry else "missing"
        yield Finding(
            files.entry_place("validator_command"),
            f"gates[{files.entry}].validator_command is {shown}, expected `{expected}`",
        )


RULES = rules_of(globals())
