"""Family 0: a file that cannot be read as what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.diagnostics import Place
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.rules.rule import Finding, rule, rules_of
from cavra_lint.sources.json_shapes import JsonDocument

if TYPE_CHECKING:
    from cavra_lint.config import ConfigError


@rule("CAVRA002", "not-utf8")
def not_utf8(document: JsonDocument) -> Iterator[Finding]:
    """A file is not UTF-8.

    What a byte means must not depend on who reads it. JSON is UTF-8 (RFC 8259), and so are pages and workflows. A byte
    order mark is let pass. Python may declare another encoding; where it holds a byte that this does not know, it is
    no Python (`CAVRA007`).

    Fails: a packet or a page saved as UTF-16 or Latin-1.

    Passes: the same file saved as UTF-8.

    To put it right, save the file as UTF-8.
    """
    return _problems(document, "not-utf8")


@rule("CAVRA003", "invalid-json")
def invalid_json(document: JsonDocument) -> Iterator[Finding]:
    """A file is not JSON that every reader reads alike.

    Beside a slip of syntax this is `NaN` or `Infinity`, text behind the object, half of a surrogate pair, a number
    of more than a hundred digits, and nesting of more than a hundred levels.

    Fails: `{"blocker_count": NaN}`.

    Passes: `{"blocker_count": 0}`.

    To put it right, mend the place that the message names.
    """
    return _problems(document, "invalid-json")


@rule("CAVRA004", "duplicate-key")
def duplicate_key(document: JsonDocument) -> Iterator[Finding]:
    """A key stands twice in one object.

    Readers do not agree which of the two counts, so a file can be ready to one of them and blocked to another.

    The same holds for keys that only look alike: that differ in the form of their Unicode, or in what takes no room.

    Fails: `{"blocker_count": 2, "blocker_count": 0}`.

    Passes: `{"blocker_count": 0, "warning_count": 0}`.

    To put it right, keep the one that is true.
    """
    return _problems(document, "duplicate-key")


@rule("CAVRA005", "not-an-object")
def not_an_object(document: JsonDocument) -> Iterator[Finding]:
    """A packet, result or index is JSON, but no object.

    Fails: `["R7.1", "R7.2"]`.

    Passes: `{"gates": [...]}`.

    To put it right, write the object that the gate's page describes.
    """
    return _problems(document, "not-an-object")


@rule("CAVRA009", "invalid-configuration")
def invalid_configuration(error: ConfigError) -> Iterator[Finding]:
    """The root's pyproject.toml cannot be used as a configuration, so that the gate does not know what it forbids.

    `forbidden-keys` holds for the gate as well. A gate that knows its chain, as the scripts do and `cavra-gate` by
    `--contract`, blocks its check `no_private_material`. The linter, and `cavra-gate` where the configuration would
    have to say which chain it is, end with exit status 2 and the same message.

    Fails: `forbidden-keys = "project_codename"`.

    Passes: `forbidden-keys = ["project_codename"]`.

    To put it right, mend the key that the message names.
    """
    yield Finding(Place(error.file, max(error.line, 1)), str(error))


def _problems(document: JsonDocument, kind: str) -> Iterator[Finding]:
    for problem in document.problems:
        if problem.kind == kind:
            yield Finding(problem.place, problem.message)


RULES = rules_of(globals())
#: The rules about a JSON document; the other is about the configuration.
DOCUMENT_RULES = tuple(rule for rule in RULES if rule is not invalid_configuration)
