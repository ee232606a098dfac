from __future__ import annotations

import pytest

from cavra_lint.sources.markdown import CodeBlock, code_blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("```sh\na\nb\n```\n", [CodeBlock("sh", "a\nb\n", 2, True)]),
        ("é ü\n\n~~~ Bash title=x\na é\n~~~\n", [CodeBlock("bash", "a é\n", 4, True)]),
        ("```bash{1,2}\na\n```", [CodeBlock("bash", "a\n", 2, True)]),
        ("```\n\na\n```", [CodeBlock("", "\na\n", 2, True)]),
        ("x\n\n    a\n      b\n\n    c\n\ny", [CodeBlock("", "a\n  b\n\nc\n", 3, False)]),
        ("\ta\n", [CodeBlock("", "a\n", 1, False)]),
        ("1. x\n\n   ```sh\n   a\n     b\n   ```\n", [CodeBlock("sh", "a\n  b\n", 4, True)]),
        ("- x\n  - y\n    ```sh\n    a\n    ```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("> ```sh\n> a\n> b\n> ```\n", [CodeBlock("sh", "a\nb\n", 2, True)]),
        ("> [!NOTE]\n> - x\n>   ```sh\n>   a\n>   ```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("```sh\na\n", [CodeBlock("sh", "a\n", 2, True)]),
        ("```sh", [CodeBlock("sh", "", 2, True)]),
        ("````md\n```sh\na\n```\n````\n", [CodeBlock("md", "```sh\na\n```\n", 2, True)]),
        ("```sh\r\na\r\n\r\nb\r\n```\r\n", [CodeBlock("sh", "a\n\nb\n", 2, True)]),
        ("\ufeff```sh\na\n```", [CodeBlock("sh", "a\n", 2, True)]),
        ("---\na: |\n    b\n---\n\n```sh\na\n```", [CodeBlock("sh", "a\n", 7, True)]),
        ("---\na: b\r\n---\r\n```sh\na\n```", [CodeBlock("sh", "a\n", 5, True)]),
        ("# x\n\n---\ntext\n\n    a\n\n---\n", [CodeBlock("", "a\n", 6, False)]),
        ("<details>\n\n```sh\na\n```\n\n</details>\n", [CodeBlock("sh", "a\n", 4, True)]),
        (
            "```a\n1\n```\n```b\n2\n```",
            [CodeBlock("a", "1\n", 2, True), CodeBlock("b", "2\n", 5, True)],
        ),
        ('=== "Linux"\n\n    ```sh\n    a\n    ```\n', [CodeBlock("sh", "a\n", 4, True)]),
        (
            "!!! note\n\n    Run:\n\n    ~~~\n    a\n      b\n    ~~~\n\n        c\n",
            [CodeBlock("", "a\n  b\n", 6, True)],
        ),
        ("x\n\n    y\n\n        z\n\n        ```sh\n        a\n", [CodeBlock("sh", "a\n", 8, True)]),
        ("x\n\n    a\n    `b`\n    ` ```\n", [CodeBlock("", "a\n`b`\n` ```\n", 3, False)]),
        ("<!--\n```sh\na\n```\n-->\n", []),
        ("<!-- ```sh\na\n``` -->", []),
        ("<del>\n\n```sh\na\n```\n\n</del>\n\n```sh\nb\n```\n", [CodeBlock("sh", "b\n", 10, True)]),
        ("<s>\n\n<s>\n\n</s>\n\n```sh\na\n```\n\n</S>\n\n    b\n", [CodeBlock("", "b\n", 13, False)]),
        ("<template>\n\n```sh\na\n```\n", []),
        ("<div\n hidden>\n\n```sh\na\n```\n", []),
        ("<div class='a' style=\"color: red; Display: none\">\n\n```sh\na\n```\n", []),
        ("<!-- <del> -->\n\n```sh\na\n```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("<p align='hidden' aria-hidden='true'>\n\n```sh\na\n```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("<img src='x' style='display:none'>\n\n```sh\na\n```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("<summary>\n\n```sh\na\n```\n", [CodeBlock("sh", "a\n", 4, True)]),
        ("a `python b` c", []),
        ("a\n    b\n", []),
        ("<pre>\na\n</pre>", []),
        ("", []),
        ("\ud800", []),
    ],
)
def test_code_blocks(text: str, blocks: list[CodeBlock]) -> None:
    assert list(code_blocks(text)) == blocks


@pytest.mark.parametrize(
    "text",
    [
        ">" * 20_000,
        "- " * 20_000,
        "[" * 20_000,
        "```\n" * 20_000,
        "---\n" * 20_000,
        "<a '\n\n" * 20_000,
        f"{' ' * 200_000}```\n",
    ],
)
def test_no_page_is_too_much(text: str) -> None:
    assert all(block.line for block in code_blocks(text))
