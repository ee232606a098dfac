"""`cavra-lint`: the linter's command line."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

from cavra_lint import __version__
from cavra_lint.console import (
    available_jobs,
    find_root,
    jobs_of,
    likely_root,
    obeys_escapes,
    run,
    write_whole,
)
from cavra_lint.frozen import TYPE_CHECKING
from cavra_lint.libraries import own_process
from cavra_lint.options import Option, Syntax, UsageError, not_empty, parse
from cavra_lint.output import FORMATS, renderer

if TYPE_CHECKING:
    from typing import Any, NoReturn

    from cavra_lint.config import Config
    from cavra_lint.contract import Chain
    from cavra_lint.diagnostics import Diagnostic
    from cavra_lint.linter import Linted
    from cavra_lint.proof.scout import Question, Scout
    from cavra_lint.sources.repository import Repository


_CODES = {
    "select": "codes to print, or their beginnings, with commas, in place of those that are configured; by default all",
    "extend-select": "codes to print beside those",
    "ignore": "codes not to print, in place of those that are configured",
    "extend-ignore": "codes not to print beside those",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the linter.

    Args:
        argv: the arguments; those of the process where None.

    Returns:
        0 where nothing was found, 1 where something was, 2 for wrong usage or configuration.
    """
    return run(_main, "cavra-lint", argv)


def command() -> NoReturn:
    """Run the linter as the one thing that its process does."""
    own_process(main)


def _syntax() -> Syntax:
    return Syntax(
        "cavra-lint",
        "Prove that a chain of release gates is ready, or say where it breaks.",
        (
            Option("--contract", "a contract file in place of the built-in R7", "FILE"),
            Option("--repo-root", "the repository; by default the nearest configured folder, or with .git", "DIR"),
            Option("--config", "a pyproject.toml in place of the root's", "FILE"),
            Option("--isolated", "read no configuration"),
            *(Option(f"--{name}", words, "CODES", _codes, is_list=True) for name, words in _CODES.items()),
            Option("--unfiltered", "print every finding, whatever select, ignore and exclude say"),
            Option("--output-format", "how findings are printed", "FORMAT", choices=FORMATS, default="text"),
            Option(
                "--output-file",
                "also write the findings there, in a format of its own; may be given several times",
                "[FORMAT:]FILE",
                _output_file,
                is_list=True,
            ),
            Option("--exit-zero", "exit 0 even where something was found"),
            Option("--statistics", "count the findings of each rule at the end"),
            Option("--require-live", "block where the index is not live (default)", can_be_denied=True),
            Option("--color", "when to colour", "WHEN", choices=("auto", "always", "never"), default="auto"),
            Option("--jobs", "how many processes work; by default all processors", "N", jobs_of),
            Option("--explain", "print a rule's documentation", "CODE"),
            Option("--list-rules", "list all rules"),
        ),
        "PATH",
        "files, or folders for all below them; none for the whole chain",
        f"cavra-lint {__version__}",
    )


def _main(argv: Sequence[str] | None) -> int:
    options = parse(_syntax(), sys.argv[1:] if argv is None else argv)
    if options.explain is not None:
        return _explain(options.explain)
    if options.list_rules:
        return _list_rules()

    jobs = options.jobs or available_jobs()
    question = _question(options) if jobs > 1 else None
    if question is None:
        return _lint(options, jobs, None)

    from cavra_lint.proof.scout import Scout

    with Scout(question) as scout:
        return _lint(options, jobs, scout)


def _lint(options: SimpleNamespace, jobs: int, scout: Scout | None) -> int:
    from cavra_lint.linter import configured_chain, lint_tree
    from cavra_lint.sources.repository import Repository

    try:
        repository = Repository(options.repo_root or find_root())
    except ValueError:
        raise UsageError("--repo-root is not a folder") from None
    config = _config(options, repository.root)
    repository.max_bytes = config.max_file_size
    chain = configured_chain(repository, config)
    paths = [_below_root(repository, path, chain) for path in options.operands]
    linted = _watched(lambda done: lint_tree(chain, repository, paths, config, jobs=jobs, done=done, scout=scout))
    if not linted.gate_ids:
        _refuse_other_roots(repository, options.operands)
    if linted.diagnostics or options.output_format != "text" or options.output_file:
        _report(options, chain, repository, linted)
    if options.statistics:
        # what a program reads holds nothing else
        stream = sys.stdout if options.output_format in ("text", "full") else sys.stderr
        for line in _statistics(linted.diagnostics):
            print(line, file=stream)
    return 1 if linted.diagnostics and not options.exit_zero else 0


def _question(options: SimpleNamespace) -> Question | None:
    """Return what a scout can look at before a configuration is read: the gates of R7, which most trees carry."""
    from cavra_lint.concern import concerned
    from cavra_lint.config import FILE_NAME, file_size_limit, may_name_contract
    from cavra_lint.contract import load_chain
    from cavra_lint.sources.repository import Repository

    root = options.repo_root or likely_root()
    if options.contract is not None or may_name_contract(options.config or os.path.join(root, FILE_NAME)):
        return None
    chain = load_chain()
    try:
        repository = Repository(root)
        paths = [_below_root(repository, path, chain) for path in options.operands]
    except (UsageError, ValueError):
        # it is the root or the paths that are wrong, or this is another root than that of the configuration
        return None
    touched = concerned(chain, map(posixpath.normpath, paths)) if paths else chain.positions.keys()
    gates = tuple(gate for gate in chain.every if gate.id in touched)
    if not gates:
        return None

    from cavra_lint.proof.scout import Question

    return Question(chain, gates, repository.root, file_size_limit(repository.root))


def _watched(lint: Callable[[Callable[[int, int], None] | None], Linted]) -> Linted:
    """Return what a run finds; where a person watches it, it says how far it is."""
    if not obeys_escapes(sys.stderr):
        return lint(None)

    from cavra_lint.progress import Progress

    with Progress(sys.stderr) as progress:
        return lint(progress)


def _report(options: SimpleNamespace, chain: Chain, repository: Repository, linted: Linted) -> None:
    """Print what was found, and write it to the files that are asked for."""
    from cavra_lint.output.report import Report

    report = Report(
        linted.diagnostics, chain, linted.every, linted.gate_ids, repository.text, _wants_color(options.color)
    )
    sys.stdout.write(renderer(options.output_format)(report))
    for output_format, path in options.output_file:
        plain = report._replace(color=False)
        write_whole(path, renderer(output_format or options.output_format)(plain))


def _output_file(value: str) -> tuple[str, str]:
    """Return format and path of an `--output-file`; a path without a format is written in that of the terminal."""
    output_format, colon, path = value.partition(":")
    if colon and output_format in FORMATS:
        return output_format, not_empty(path)
    if colon and len(output_format) > 1 and output_format.isalpha():
        # a misspelt format would leave the file that a CI waits for unwritten, and nothing would say so
        raise ValueError(f"expected one of {', '.join(FORMATS)} before the colon, or `./` before a file of such a name")
    return "", not_empty(value)


def _codes(value: str) -> tuple[str, ...]:
    from cavra_lint.config import written_code

    codes = tuple(written_code(code) for code in value.split(",") if code.strip())
    if not codes:
        raise ValueError("expected at least one code")
    return codes


def _config(options: SimpleNamespace, root: str) -> Config:
    from cavra_lint.config import FILE_NAME, Config, load_config, refuse_unknown_codes, unfiltered

    if options.isolated:
        config = Config()
    elif options.config is None:
        config = load_config(os.path.join(root, FILE_NAME))
    elif not os.path.isfile(options.config):
        raise UsageError("--config is not a file")
    else:
        config = load_config(os.path.realpath(options.config))
    for name in _CODES:
        key = name.replace("-", "_")
        codes: Any = tuple(code for given in getattr(options, key) for code in given)
        if codes:
            refuse_unknown_codes(f"--{name}", codes)
            config = config._replace(**{key: codes})
    if options.unfiltered:
        config = unfiltered(config)
    if options.contract is not None:
        config = config._replace(contract=os.path.abspath(options.contract))
    if options.require_live is not None:
        config = config._replace(require_live=options.require_live)
    return config


def _below_root(repository: Repository, path: str, chain: Chain) -> str:
    """Return a PATH argument below the root; one that was deleted still concerns its gate."""
    if not path:
        raise UsageError("a PATH is empty")
    relative = repository.below(path)
    if not os.path.lexists(path) and not any(relative in gate.artifacts.values() for gate in chain.every):
        raise UsageError(f"{text_of(path)} does not exist")
    folder = os.path.realpath(path).rstrip(os.sep) + os.sep
    if f"{repository.root}{os.sep}".startswith(folder):
        return "."
    if relative is None:
        # to say nothing of it would look as if it were in order
        raise UsageError(f"{text_of(path)} lies outside the repository; --repo-root names another")
    return relative


def _refuse_other_roots(repository: Repository, paths: Sequence[str]) -> None:
    """Refuse a folder of another root, where nothing was looked at: silence would look as if all were in order."""
    from cavra_lint.config import FILE_NAME, holds_config

    for path in filter(os.path.isdir, paths):
        folder = place = os.path.realpath(path)
        while place != repository.root and (place == folder or repository.holds(place)):
            if os.path.lexists(os.path.join(place, ".git")) or holds_config(os.path.join(place, FILE_NAME)):
                which = "is" if place == folder else f"stands in {text_of(repository.relative(place))},"
                raise UsageError(f"{text_of(path)} {which} a root of its own; --repo-root looks into it")
            place = os.path.dirname(place)


def text_of(path: str) -> str:
    """Return a path in which nothing but text reaches a terminal."""
    from cavra_lint.output.text import printable

    return printable(path)


def _wants_color(when: str) -> bool:
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or obeys_escapes(sys.stdout)


def _statistics(found: Sequence[Diagnostic]) -> Iterator[str]:
    from collections import Counter

    from cavra_lint.rules.registry import rule_of

    counts = Counter(diagnostic.code for diagnostic in found)
    for code, count in sorted(counts.items()):
        rule = rule_of(code)
        yield f"{count}\t{code}\t{rule.name if rule else ''}"


def _explain(code: str) -> int:
    from cavra_lint.rules.registry import RULES, rule_of
    from cavra_lint.rules.rule import suggestion

    rule = rule_of(code.upper())
    if rule is None:
        close = suggestion(code.upper(), tuple(known.code for known in RULES))
        raise UsageError(f"no rule has this code{close}; --list-rules lists them")
    print(f"{rule.code} {rule.name}\n\n{rule.documentation}")
    return 0


def _list_rules() -> int:
    from cavra_lint.rules.registry import RULES

    for rule in RULES:
        print(f"{rule.code}\t{rule.name}\t{rule.documentation.partition(chr(10))[0]}")
    return 0
