from __future__ import annotations

import pytest

from cavra_lint.sources.markdown import CodeBlock
from cavra_lint.sources.mermaid import Flowchart, flowchart


def read(text: str) -> Flowchart:
    chart = flowchart(CodeBlock("mermaid", text, 1, True))
    assert chart is not None
    return chart


@pytest.mark.parametrize(
    ("node", "label"),
    [
        ("A", "A"),
        ("A[x y]", "x y"),
        ('A["x (y) [z]"]', "x (y) [z]"),
        ("A(x)", "x"),
        ("A([x])", "x"),
        ("A[(x)]", "x"),
        ("A[[x]]", "x"),
        ("A((x))", "x"),
        ("A(((x)))", "x"),
        ("A{x}", "x"),
        ("A{{x}}", "x"),
        ("A>x]", "x"),
        ("A[/x/]", "x"),
        ("A[\\x\\]", "x"),
        ("A[/x\\]", "x"),
        ("A[x<br/>y<BR>z]", "x y z"),
        ('A["`x`"]', "x"),
        ('A["x\n  y"]', "x y"),
        ("A[  x   y ]", "x y"),
        ("A[x]:::big", "x"),
        ('A@{ shape: rect, label: "x y" }', "x y"),
        ("A@{ shape: rect, label: x }", "x"),
        ("A@{ shape: rect }", "A"),
        ('A[ "x" ]', "x"),
        ("A[é]", "é"),
        ('A["x #8212; y#amp;z #1"]', "x — y&z #1"),
    ],
)
def test_labels(node: str, label: str) -> None:
    chart = read(f"flowchart LR\n  {node} --> B\n")
    assert [(name, text) for name, text, _ in chart.nodes] == [("A", label), ("B", "B")]
    assert chart.unread == ()


@pytest.mark.parametrize(
    "link",
    [
        "-->",
        "--->",
        "---",
        "-.->",
        "-.-",
        "-..->",
        "==>",
        "===",
        "--x",
        "o--o",
        "x--x",
        "--o",
        "-->|x y|",
        "---|x|",
        "-- x y -->",
        "-- x ---",
        "== x ==>",
        "-. x .->",
        "e1@-->",
    ],
)
def test_links(link: str) -> None:
    chart = read(f"graph TD\nA[a] {link} B[b]")
    assert [(a, b) for a, b, _ in chart.edges] == [("A", "B")]
    assert chart.unread == ()


@pytest.mark.parametrize(
    ("body", "edges"),
    [
        ("A-->B-->C", ["AB", "BC"]),
        ("A---B-.->C==>D", ["AB", "BC", "CD"]),
        ("A-->|x|B-- y -->C", ["AB", "BC"]),
        ("R7.1-->R7.2", ["R7.1R7.2"]),
        ("a-b-->c-d", ["a-bc-d"]),
        ("A --> B --> C", ["AB", "BC"]),
        ("A --> B; B --> C;", ["AB", "BC"]),
        ("A & B --> C & D", ["AC", "AD", "BC", "BD"]),
        ("A &B --> C", ["AC", "BC"]),
        ("A[/x/] --> B[/y\\]", ["AB"]),
        ("A ~~~ B --> C", ["BC"]),
        ("A --> B %% C --> D\n%% D --> E", ["AB"]),
        ("subgraph one [x --> y]\ndirection LR\nA --> B\nend\nB --> C", ["AB", "BC"]),
        (
            "classDef x y:z\nclass A x\nstyle A x\nlinkStyle 0 x\nclick A href\nA --> B",
            ["AB"],
        ),
        ("A <--> B <-- x --> C", ["AB", "BA", "BC", "CB"]),
        ("A e1@<-->|x| B & C", ["AB", "AC", "BA", "CA"]),
        ("accTitle: x\naccDescr {\n  A --> B\n  and more\n}\nB --> C", ["BC"]),
        ("A\nB", []),
        ("", []),
    ],
)
def test_edges(body: str, edges: list[str]) -> None:
    chart = read(f"flowchart TD\n{body}")
    assert [a + b for a, b, _ in chart.edges] == edges
    assert chart.unread == ()


@pytest.mark.parametrize(
    ("header", "is_chart"),
    [
        ("flowchart LR", True),
        ("graph", True),
        ("graph TD;", True),
        ("\n%% x\n%%{init: {}}%%\n  flowchart BT", True),
        ("---\ntitle: x\n---\nflowchart LR", True),
        ("sequenceDiagram", False),
        ("graphs", False),
        ("graph LR TD", False),
        ("flowchart x", False),
        ("", False),
    ],
)
def test_headers(header: str, is_chart: bool) -> None:
    assert (flowchart(CodeBlock("mermaid", header, 1, True)) is not None) is is_chart
    assert flowchart(CodeBlock("sh", header, 1, True)) is None


def test_lines_are_those_of_the_file() -> None:
    text = "\r\nflowchart LR\r\n  A[x] --> B\r\n\r\n  B[y] --> C\r\n"
    chart = flowchart(CodeBlock("mermaid", text, 11, True))
    assert chart == Flowchart(
        line=12,
        nodes=(("A", "x", 13), ("B", "y", 15), ("C", "C", 15)),
        edges=(("A", "B", 13), ("B", "C", 15)),
        unread=(),
    )


@pytest.mark.parametrize("line", ["A --> ", "A -> B", "A[x", "A[x] B", "???: !", "-->"])
def test_what_is_not_understood_is_told(line: str) -> None:
    chart = read(f"graph LR\n{line}\nX --> Y")
    assert 2 in chart.unread or 3 in chart.unread


@pytest.mark.parametrize(
    "text",
    [
        "A@{\n" * 20_000,
        'A["' * 20_000,
        "A[" * 20_000,
        "A --> " * 20_000,
        "A & " * 20_000,
        "A -- x " * 20_000,
    ],
)
def test_no_chart_is_too_much(text: str) -> None:
    assert read(f"graph\n{text}").nodes
