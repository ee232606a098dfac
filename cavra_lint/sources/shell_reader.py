"""A shell script's text to the shapes of `shell_syntax`, by way of tree-sitter.

tree-sitter-bash reads some scripts more generously than bash does, and stumbles over a few that
bash accepts. Both are met in one way: from the first statement that is not understood on, nothing
is claimed about the script (`Script.broken_at`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import tree_sitter
import tree_sitter_bash

from cavra_lint.late import re
from cavra_lint.sources.shell_syntax import (
    Case,
    Function,
    Group,
    If,
    Loop,
    Node,
    Script,
    Sequence,
    Simple,
    Test,
    Word,
    listed,
    negated,
    piped,
    reading,
    writing,
)

MAX_DEPTH = 40
"""Deeper nesting than this is taken for something that cannot be read."""

MAX_BYTES = 256_000
"""A longer script is not read: no step or code block comes near it."""

MAX_OPERATORS = 3_000
"""Nor is one with more pipes, brackets and here-documents: where they do not match, tree-sitter takes
time and memory that grow with the square of their number."""

_OPERATOR = re.compile(rb"[|()]|<<")
_RESERVED = frozenset(
    {"!", "{", "}", "if", "then", "elif", "else", "fi", "while", "until", "for", "select"}
    | {"in", "do", "done", "case", "esac", "function"}
)
_EXPRESSION = re.compile(rb"\$\{\{[^'}]*(?:(?:'[^']*'|\}(?!\}))[^'}]*)*\}\}")
_TEXT_EXPRESSION = re.compile(_EXPRESSION.pattern.decode())
_WITHIN_WORD = re.compile(rb"(?<=[\w/.:@%+,-])\$(?=(?:[A-Za-z_]\w*|\d)[/.:@%+,*?-])")
_NOT_NEWLINE = re.compile(rb"[^\n]")


_WRITES = frozenset({">", ">>", ">|", "&>", "&>>", ">&"})


_NO_WORDS = frozenset({"file_descriptor", "comment"})


class _UnreadableError(Exception):
    """Met something that this module does not understand; never leaves it."""


def parse(text: str) -> Script:
    """Read a script.

    Args:
        text: the script, with LF or CRLF line ends; GitHub's `${{ … }}` may stand anywhere.

    Returns:
        The script's statements. Where the text is no shell script, `broken_at` says from which
        statement on; no error is raised.
    """
    source = text.replace("\r\n", "\n").encode("utf-8", "replace")
    too_much = len(source) > MAX_BYTES or len(_OPERATOR.findall(source)) > MAX_OPERATORS
    if too_much or b"\0" in source:
        return Script(Sequence((), ()), 0, 0)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
    root = parser.parse(_mask_expressions(source)).root_node
    return _Reader(source).script(root)


def _mask_expressions(source: bytes) -> bytes:
    # GitHub fills expressions in before any shell sees the script: to the shell they are text.
    pieces, position = [], 0
    while (start := source.find(b"${{", position)) >= 0:
        match = _EXPRESSION.match(source, start)
        if match is None:
            break
        pieces += [source[position:start], _NOT_NEWLINE.sub(b"_", match[0])]
        position = match.end()
    # of `$a/$b.c` the parser makes two words: within one, a variable is text to it as well
    return _WITHIN_WORD.sub(b"_", b"".join([*pieces, source[position:]]))


def unquote(raw: str) -> Word:
    """Remove the quotes from a word.

    Args:
        raw: the word as it stands in the script, quotes and all.

    Returns:
        The word. `literal` is false where the shell would put something else in its place
        (`$X`, `$(…)`, `${{ … }}`, a glob, `~`); the expansion then stands in the text as written.
    """
    out: list[str] = []
    literal, expressions = not raw.startswith("~"), True
    quote, i = "", 0
    while i < len(raw):
        if expressions and raw.startswith("${{", i):
            expression = _TEXT_EXPRESSION.match(raw, i)
            expressions = expression is not None
        else:
            expression = None
        if expression:
            # Filled in before the shell looks at quotes, so between single quotes too.
            literal = False
            out.append(expression[0])
            i = expression.end()
            continue
        char, following = raw[i], raw[i + 1 : i + 2]
        i += 1
        if quote == "'":
            if char == quote:
                quote = ""
                continue
        elif char == "\\" and following:
            i += 1
            if following == "\n":
                continue
            out.append("\\" if quote and following not in '"\\$`' else "")
            char = following
        elif char == '"' or (char == "'" and not quote):
            quote = "" if quote else char
            continue
        elif _expands(char, following, quoted=bool(quote)):
            literal = False
        out.append(char)
    return Word("".join(out), literal)


def _expands(char: str, following: str, *, quoted: bool) -> bool:
    if char == "$":
        return following.isalnum() or (following != "" and following in "_{(@*#?!$-'\"")
    if char == "{":
        return not quoted and following != "}"
    return char == "`" or (not quoted and char in "*?[")


class _Reader:
    """Turns tree-sitter nodes of one source into the shapes above."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.depth = 0

    def text(self, node: tree_sitter.Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def script(self, root: tree_sitter.Node) -> Script:
        items: list[Node] = []
        background: list[bool] = []
        rows: list[int] = []
        top = root.children if root.type == "program" else []
        read = 0
        for child in top:
            if child.has_error or child.is_error or child.is_missing or child.type == ";;":
                break
            if child.type == "&" and items:
                background[-1] = True
            elif child.is_named and child.type != "comment":
                try:
                    items.append(self.node(child))
                except _UnreadableError:
                    break
                background.append(False)
                rows.append(child.end_point[0])
            read += 1
        if read == len(root.children):
            return Script(Sequence(items, background), None, 0)
        broken_line = root.children[read].start_point[0]
        # Bash reads line by line: what shares its line with an error does not run either.
        broken_at = next((i for i, row in enumerate(rows) if row >= broken_line), len(rows))
        items += self._salvaged(root.children[read:])
        background += [False] * (len(items) - len(background))
        return Script(Sequence(items, background), broken_at, broken_line)

    def _salvaged(self, nodes: list[tree_sitter.Node]) -> Iterator[Simple]:
        """Yield what looks like a command, so that a message can name it; none of it runs."""
        stack = nodes[::-1]
        while stack:
            node = stack.pop()
            if node.type == "command":
                with contextlib.suppress(_UnreadableError):
                    yield self._command(node, node.children)
            else:
                stack += node.named_children[::-1]

    def sequence(self, nodes: Iterable[tree_sitter.Node]) -> Sequence:
        items: list[Node] = []
        background: list[bool] = []
        for node in nodes:
            if node.type == "&" and items:
                background[-1] = True
            elif node.is_named and node.type not in {"comment", "heredoc_body", "heredoc_end"}:
                items.append(self.node(node))
                background.append(False)
        return Sequence(items, background)

    def node(self, node: tree_sitter.Node) -> Node:
        # where a part of it could not be read, it may have any shape
        if self.depth >= MAX_DEPTH or node.has_error:
            raise _UnreadableError
        self.depth += 1
        try:
            return self._node(node)
        finally:
            self.depth -= 1

    def _node(self, node: tree_sitter.Node) -> Node:
        kind = node.type
        if kind in {"command", "variable_assignment", "variable_assignments"}:
            return self._command(node, node.children if kind != "variable_assignment" else [node])
        if kind == "list":
            return self._list(node)
        if kind == "pipeline":
            return piped([self.node(child) for child in node.named_children if _runs(child)])
        if kind == "negated_command":
            return negated(self.node(node.named_children[-1]))
        if kind == "redirected_statement":
            return self._redirected(node)
        if kind == "subshell":
            return Group(self.sequence(node.children), subshell=True)
        if kind == "compound_statement" and node.children[0].type == "{":
            return Group(self.sequence(node.children), subshell=False)
        if kind == "if_statement":
            return self._if(node)
        if kind in {"while_statement", "for_statement", "c_style_for_statement"}:
            return self._loop(node)
        if kind == "case_statement":
            return self._case(node)
        if kind == "function_definition":
            return self._function(node)
        return Test(self.text(node), self.substitutions([node]))

    def _command(self, node: tree_sitter.Node, parts: list[tree_sitter.Node]) -> Simple:
        # Assignments may stand on a line of their own before the command they belong to.
        name = node.child_by_field_name("name") if node.type == "command" else None
        words: list[Word] = []
        assignments: list[tuple[str, str]] = []
        for part in parts:
            if part.type == "variable_assignment":
                variable, _, value = self.text(part).partition("=")
                assignments.append((variable, unquote(value).text))
            elif part.type == "subshell":
                # `time ( … )`: the parser reads it, but the group's commands are no words.
                raise _UnreadableError
            elif part.is_named and not part.type.endswith("_redirect") and part.type != "comment":
                words.append(unquote(self.text(part)))
        heads = words[: 2 if words and words[0].text == "time" else 1]
        if any(word.text in _RESERVED for word in heads):
            raise _UnreadableError
        return Simple(
            offset=node.start_byte,
            line=(name or node).start_point[0],
            text=self.text(node),
            words=tuple(words),
            assignments=tuple(assignments),
            substitutions=self.substitutions(parts),
            written=self._written(parts),
            handed=self._handed(parts),
            read=self._read(parts),
        )

    def _list(self, node: tree_sitter.Node) -> Node:
        # The tree leans to the left, as deep as the list is long: unrolled, not recursed into.
        items: list[Node] = []
        operators: list[str] = []
        while node.type == "list":
            left, operator, right = (child for child in node.children if child.type != "comment")
            items.append(self.node(right))
            operators.append(operator.type)
            node = left
        items.append(self.node(node))
        return listed(items[::-1], operators[::-1])

    def _redirected(self, node: tree_sitter.Node) -> Node:
        body = node.child_by_field_name("body")
        redirects = [child for child in node.named_children if child.type.endswith("_redirect")]
        written = self._written(redirects)
        # `< file` alone: no command, and it only fails where the file cannot be read.
        result: Node = self.node(body) if body else Test(self.text(node), ())
        if isinstance(result, Simple):
            # `a > file b` hangs on the file what is a word of the command
            result = result._replace(words=(*result.words, *self._behind(redirects)))
        result = reading(result, self._handed(redirects), self._read(redirects))
        if written:
            # `> file` alone does what a command does that says nothing
            alone = Simple(node.start_byte, node.start_point[0], self.text(node), (Word(">", True),), (), ())
            result = writing(result if body else alone, written)
        outside = self.substitutions(redirects)
        if outside:
            result = Group(Sequence((Test("", outside), result), (False, False)), subshell=False)
        for redirect in redirects:
            if redirect.type == "heredoc_redirect":
                result = self._beside_heredoc(result, redirect)
        return result

    def _written(self, nodes: Iterable[tree_sitter.Node]) -> tuple[Word, ...]:
        found: list[Word] = []
        for node in nodes:
            if node.type == "heredoc_redirect":
                # `a <<EOF > file` hangs the file on the here-document
                found += self._written(node.children_by_field_name("redirect"))
            elif node.type == "file_redirect" and any(child.type in _WRITES for child in node.children):
                found += [unquote(self.text(to)) for to in node.children_by_field_name("destination")[:1]]
        return tuple(found)

    def _read(self, nodes: Iterable[tree_sitter.Node]) -> Word | None:
        """Return the file that a command reads as its input."""
        reads = [node for node in nodes if node.type == "file_redirect" and node.children[0].type == "<"]
        return next((unquote(self.text(node.named_children[0])) for node in reads[-1:] if node.named_children), None)

    def _behind(self, redirects: Iterable[tree_sitter.Node]) -> Iterator[Word]:
        """Yield the words of a command that stand behind a redirection."""
        for node in redirects:
            named = [child for child in node.named_children if child.type not in _NO_WORDS]
            if node.type == "heredoc_redirect":
                yield from (unquote(self.text(word)) for word in node.children_by_field_name("argument"))
                yield from self._behind(node.children_by_field_name("redirect"))
            elif node.type == "file_redirect":
                closes = any(child.type in {">&-", "<&-"} for child in node.children)
                yield from (unquote(self.text(word)) for word in named[0 if closes else 1 :])

    def _handed(self, nodes: Iterable[tree_sitter.Node]) -> str | None:
        """Return the text that stands in the last here-document."""
        handed = None
        for node in nodes:
            if node.type == "herestring_redirect":
                handed = unquote(self.text(node.children[-1])).text
            elif node.type == "heredoc_redirect":
                body = next((child for child in node.children if child.type == "heredoc_body"), None)
                handed = self.text(body) if body else ""
                if node.children[0].type == "<<-":
                    handed = re.sub(r"(?m)^\t+", "", handed)
        return handed

    def _beside_heredoc(self, first: Node, redirect: tree_sitter.Node) -> Node:
        # `a <<EOF | b` and `a <<EOF && b` hang what follows on the here-document.
        result = first
        for child in redirect.children:
            if child.type == "pipeline":
                result = piped([result, *map(self.node, child.named_children)])
        operator = redirect.child_by_field_name("operator")
        right = redirect.child_by_field_name("right")
        if operator is not None and right is not None:
            result = listed([result, self.node(right)], [operator.type])
        return result

    def _if(self, node: tree_sitter.Node) -> Node:
        branches: list[tuple[Sequence, Sequence]] = []
        otherwise = None
        plain = [c for c in node.children if c.type not in {"elif_clause", "else_clause"}]
        clauses = [c for c in node.children if c.type == "elif_clause"]
        for children in (plain, *(clause.children for clause in clauses)):
            then = next((i for i, c in enumerate(children) if c.type == "then"), len(children))
            branches.append((self.sequence(children[:then]), self.sequence(children[then:])))
        for clause in node.children:
            if clause.type == "else_clause":
                otherwise = self.sequence(clause.children)
        return If(tuple(branches), otherwise)

    def _loop(self, node: tree_sitter.Node) -> Node:
        keyword = node.children[0].type
        body = node.child_by_field_name("body")
        before = [c for c in node.children if body is None or c.end_byte <= body.start_byte]
        looks = keyword in {"while", "until"}
        return Loop(
            keyword=keyword,
            head="" if looks else " ".join(map(self.text, before[1:])),
            condition=self.sequence(before if looks else []),
            body=self.sequence(body.children if body else []),
            substitutions=() if looks else self.substitutions(before),
            entered=self._entered(node) if keyword == "for" else None,
        )

    def _entered(self, node: tree_sitter.Node) -> bool | None:
        if node.type != "for_statement" or all(child.type != "in" for child in node.children):
            return None
        values = node.children_by_field_name("value")
        return True if any(unquote(self.text(value)).literal for value in values) else None if values else False

    def _case(self, node: tree_sitter.Node) -> Node:
        bodies: list[Sequence] = []
        taken: list[bool | None] = []
        value = node.child_by_field_name("value")
        word = unquote(self.text(value)) if value else Word("", False)
        for item in node.named_children:
            if item.type == "case_item":
                close = next(i for i, c in enumerate(item.children) if c.type == ")")
                bodies.append(self.sequence(item.children[close + 1 :]))
                patterns = item.children_by_field_name("value")
                falls = any(child.type in {";&", ";;&"} for child in item.children)
                taken.append(None if falls or None in taken[-1:] else self._is_met(word, patterns))
        subject = [c for c in node.named_children if c.type != "case_item"]
        return Case(tuple(bodies), tuple(taken), self.substitutions(subject))

    def _is_met(self, word: Word, patterns: list[tree_sitter.Node]) -> bool | None:
        read = [unquote(self.text(pattern)) for pattern in patterns]
        if any(pattern.text == "*" for pattern in read):
            return True
        if not word.literal or not all(pattern.literal for pattern in read):
            return None
        return any(pattern.text == word.text for pattern in read)

    def _function(self, node: tree_sitter.Node) -> Node:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            raise _UnreadableError
        return Function(node.start_byte, self.text(name), self.sequence([body]))

    def substitutions(self, nodes: Iterable[tree_sitter.Node]) -> tuple[Sequence, ...]:
        return tuple(self._substitutions(nodes))

    def _substitutions(self, nodes: Iterable[tree_sitter.Node]) -> Iterator[Sequence]:
        stack = list(nodes)[::-1]
        while stack:
            node = stack.pop()
            if node.type in {"command_substitution", "process_substitution"}:
                self.depth += 1
                yield self.sequence(node.children)
                self.depth -= 1
            else:
                stack += node.named_children[::-1]


def _runs(node: tree_sitter.Node) -> bool:
    return node.type != "comment"
