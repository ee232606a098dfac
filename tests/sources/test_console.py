from __future__ import annotations

import pytest

from cavra_lint.sources.console import strip_prompts


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("a b\nc", "a b\nc"),
        ("$ a b\nout\n$ c\n", "a b\n\nc\n"),
        ("$ a \\\n    --b\nout", "a \\\n    --b\n"),
        ("$ a \\\n> --b\nout", "a \\\n--b\n"),
        ("$ cat <<E\n> x\n> E\nx", "cat <<E\nx\nE\n"),
        ("(venv) $ a\nuser@host:~/x$ b\n", "a\nb\n"),
        ("> a\n> b\nout", "a\nb\n"),
        ("a > b\nc", "a > b\nc"),
        ("# $ a\nb", "# $ a\nb"),
        ("$A b\n", "$A b\n"),
        ("$ a\r\nout\r\n", "a\r\n\n"),
        ("", ""),
    ],
)
def test_strip_prompts(code: str, typed: str) -> None:
    assert strip_prompts(code) == typed
