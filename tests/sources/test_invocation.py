from __future__ import annotations

import pytest

from cavra_lint.sources.invocation import Invocation, compare, parse_invocation
from cavra_lint.sources.shell import simple_commands

GATE = parse_invocation("python3 scripts/x.py --packet examples/x/a.json --require-live")
INDEX = parse_invocation("python3 scripts/i.py --repo-root . --index examples/i.json --require-live")
REST = "--packet examples/x/a.json --require-live"


def difference(command: str, expected: Invocation = GATE) -> str:
    (found,) = simple_commands(command)
    return compare(expected, found).difference


def test_the_contract_s_command_is_read() -> None:
    assert GATE.script == "scripts/x.py"
    assert GATE.options == (("--packet", "examples/x/a.json"), ("--require-live", None))


@pytest.mark.parametrize(
    "command",
    [
        f"python3 scripts/x.py {REST}",
        f"python scripts/x.py {REST}",
        f"python3.12 scripts/x.py {REST}",
        f"py scripts/x.py {REST}",
        f"py -3.12 scripts/x.py {REST}",
        f"uv run scripts/x.py {REST}",
        f"uv run --frozen --python 3.12 python scripts/x.py {REST}",
        f"uv run -- python scripts/x.py {REST}",
        f"uv run --no-dev --package x --index-url=https://a/b -U --only-group ci python scripts/x.py {REST}",
        f"uv --no-python-downloads --cache-dir .uv run --refresh --no-extra x scripts/x.py {REST}",
        f"poetry run python scripts/x.py {REST}",
        f"poetry --no-plugins --ansi run python scripts/x.py {REST}",
        f"pdm run -s --env A=b python scripts/x.py {REST}",
        f"dotenv -f .env run --no-override python scripts/x.py {REST}",
        f"tox e -e py313 --skip-pkg-install -- python scripts/x.py {REST}",
        f"pixi run --frozen -e test python scripts/x.py {REST}",
        f"tox exec -q -e py313 -- python scripts/x.py {REST}",
        f"conda run -n env --no-capture-output python scripts/x.py {REST}",
        f"micromamba run --prefix=env python scripts/x.py {REST}",
        f"uv --quiet --project . run --project . python scripts/x.py {REST}",
        f"poetry --no-interaction run python scripts/x.py {REST}",
        f"hatch -q -e test run python scripts/x.py {REST}",
        f"hatch run test:python scripts/x.py {REST}",
        f"mise exec -- python scripts/x.py {REST}",
        f"mise x python@3.12 -- python scripts/x.py {REST}",
        f"mise exec -q python@3.12 node@22 -- python scripts/x.py {REST}",
        f"nix develop -c python3 scripts/x.py {REST}",
        f"nix develop .#ci --impure --command python3 scripts/x.py {REST}",
        f"nix shell nixpkgs#python3 -c python3 scripts/x.py {REST}",
        f"doppler run --config ci -- python3 scripts/x.py {REST}",
        f"pyenv exec python scripts/x.py {REST}",
        f"coverage run -a --branch --source cavra_lint scripts/x.py {REST}",
        f"python -I -m coverage run --data-file x scripts/x.py {REST}",
        f"python3 -m pipenv run python scripts/x.py {REST}",
        f"/usr/bin/time -v -o times ionice -c3 python3 scripts/x.py {REST}",
        f"/usr/bin/time -aq --output times ionice --class idle --ignore python3 scripts/x.py {REST}",
        f"/usr/bin/python3 scripts/x.py {REST}",
        f".venv/bin/python scripts/x.py {REST}",
        f"$pythonLocation/bin/python scripts/x.py {REST}",
        f"${{{{ steps.py.outputs.python-path }}}} scripts/x.py {REST}",
        f"./scripts/x.py {REST}",
        f"scripts/x.py {REST}",
        f"python3 -I -u -X utf8 -W error -Werror -bb scripts/x.py {REST}",
        f"A=1 B='2' python3 scripts/x.py {REST}",
        f"env -u A B=c python3 scripts/x.py {REST}",
        f"time -p timeout -k 5 60 nice -n 5 python3 scripts/x.py {REST}",
        f"timeout -pk5 60 stdbuf --output L -eL nice -10 setsid -w python3 scripts/x.py {REST}",
        f"flock -w 5 /tmp/lock taskset -c 0,1 chrt -i 0 chronic python3 scripts/x.py {REST}",
        f"env - -v --default-signal=PIPE A=b python3 scripts/x.py {REST}",
        f"sudo -E python3 scripts/x.py {REST}",
        f"sudo -nEu ci --preserve-env=PATH -H A=b python3 scripts/x.py {REST}",
        f"doas -n -u ci python3 scripts/x.py {REST}",
        f"direnv exec . python3 scripts/x.py {REST}",
        f"command python3 scripts/x.py {REST}",
        f"exec python3 scripts/x.py {REST}",
        f"xvfb-run -a python3 scripts/x.py {REST}",
        f'python3 "$GITHUB_WORKSPACE/scripts/x.py" {REST}',
        f"python3 ${{{{ github.workspace }}}}/scripts/x.py {REST}",
        f"python3 ./scripts//x.py {REST}",
        "python3 scripts/x.py --require-live --packet=examples/x/a.json",
        "python3 scripts/x.py --require-live --packet ./examples/x/a.json --output out.json -q",
        'python3 scripts/x.py --require-live --packet="$PWD/examples/x/a.json" --verbose',
        "python3 scripts/x.py --packet 'examples/x/a.json' \"--require-live\" > out.json 2>&1",
        "python3 scripts/x.py \\\n  --packet examples/x/a.json \\\n  --require-live",
        "python3 scripts/x.py --packet b.json --packet examples/x/a.json --require-live",
        f"python3 scripts/x.py {REST} --intake-packet b.json",
        f"python3 scripts/x.py {REST} --repo-root ./",
        f'python3 scripts/x.py {REST} --repo-root "$PWD"',
    ],
)
def test_the_same_command(command: str) -> None:
    assert difference(command) == ""


@pytest.mark.parametrize("root", [".", "./", "$PWD", "${PWD}", "$GITHUB_WORKSPACE", '"${{ github.workspace }}"'])
def test_the_root_by_another_name(root: str) -> None:
    command = f"python3 scripts/i.py --index examples/i.json --require-live --repo-root {root}"
    assert difference(command, INDEX) == ""


@pytest.mark.parametrize(
    ("command", "differs"),
    [
        ("python3 scripts/x.py --packet examples/x/a.json", "has no `--require-live`"),
        ("python3 scripts/x.py --require-live", "has no `--packet`"),
        (f"python2.7 scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (
            "python3 scripts/x.py --packet b.json --require-live",
            "has `--packet b.json`, expected `--packet examples/x/a.json`",
        ),
        (
            f"python3 scripts/x.py {REST} --pack b.json",
            "has `--packet b.json`, expected `--packet examples/x/a.json`",
        ),
        (
            f"python3 scripts/x.py {REST} --packet=$OTHER",
            "has `--packet $OTHER`, expected `--packet examples/x/a.json`",
        ),
        ("python3 scripts/x.py --require-live --packet", "has `--packet` without a value"),
        ("python3 scripts/x.py --packet --require-live", "has `--packet` without a value"),
        (
            "python3 scripts/x.py --packet examples/x/a.json --require-live=1",
            "has a value for `--require-live`",
        ),
        (
            "python3 scripts/x.py --packet examples/x/a.json -- --require-live",
            "has the further word `--require-live`",
        ),
        (f"python3 scripts/x.py {REST} more", "has the further word `more`"),
        (f"python3 scripts/x.py {REST} $ARGS", "has the further word `$ARGS`"),
        *(
            (
                f"python3 scripts/x.py {REST} {name}",
                f"has `{name}`, which does not judge the packet of the contract",
            )
            for name in (
                "--help",
                "--he",
                "-h",
                "--version",
                "--export-dir",
                "--exit-zero",
                "--dry-run",
                "--soft-fail",
                "--exp",
                "--contract",
                "--no-require-live",
            )
        ),
        (
            f"python3 scripts/x.py {REST} --repo-root other",
            "has `--repo-root` with another folder than the root, which judges another tree",
        ),
        (
            f"python3 scripts/x.py {REST} --repo=$OTHER",
            "has `--repo` with another folder than the root, which judges another tree",
        ),
        (f"python3 scripts/y.py {REST}", "runs `scripts/y.py`, not `scripts/x.py`"),
        (f"python3 other/scripts/x.py {REST}", "runs `other/scripts/x.py`, not `scripts/x.py`"),
        (f"echo python3 scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"python3 -m other scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"python3 -Im other scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"python3 -c pass scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"python3 -V scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"python3 -i scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"command -v python3 scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"uv pip python3 scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        *(
            (f"{words} scripts/x.py {REST}", "names `scripts/x.py` but does not run it")
            for words in (
                "uv --directory other run python",
                "uv --help run python",
                "poetry -C other run python",
                "hatch -e run python",
                "hatch env run python",
                "mise python",
                "mise exec python@3.12 python",
                "mise exec --help -- python",
                "mise install -- python",
                "nix build -c python",
                "nix develop python",
                "direnv allow . python",
                "doppler secrets -- python",
                "nix develop -c echo python",
                "coverage report",
                "coverage run --help",
                "coverage run -m other",
                "python3 -m coverage report",
                "python3 -m time",
                "/usr/bin/time --help python3",
                "ionice -p 1 python3",
                "sudo -b python3",
                "setsid -f python3",
                "flock -E 0 /tmp/lock python3",
                "env -C other python3",
                "uv run --directory other python",
                "pixi run --dry-run python",
                "doas -C doas.conf python3",
                "pdm run -p other python",
            )
        ),
        (f"coverage run other.py scripts/x.py {REST}", "runs `other.py`, not `scripts/x.py`"),
        (f"cat scripts/x.py {REST}", "names `scripts/x.py` but does not run it"),
        (f"bash -c 'python3 scripts/x.py {REST}'", "does not run `scripts/x.py`"),
        ("ls", "does not run `scripts/x.py`"),
        ("python3", "does not run `scripts/x.py`"),
        ("timeout", "does not run `scripts/x.py`"),
    ],
)
def test_another_command(command: str, differs: str) -> None:
    assert difference(command) == differs


OURS = "cavra-gate S.1 --contract chain.toml --packet packets/a.json --require-live"
#: A contract's command that runs no Python script, or hands over more than options, and a command that is the same.
SAME = [
    (OURS, OURS),
    (OURS, f".venv/bin/{OURS}"),
    (OURS, f"uv run {OURS} --output verdict.json"),
    (OURS, "cavra-gate --require-live S.1 --packet=./packets/a.json --contract chain.toml"),
    ("make -C bin sea-trial", "timeout 60 make -C ./bin sea-trial"),
    ("make -C bin sea-trial", "make sea-trial -C bin"),
    ("A=1 make sea-trial", "make sea-trial"),
    ("python3 -m yard.judge --packet a.json", "python -I -m yard.judge --packet a.json"),
    ("python3 -m pytest tests/test_a.py", "uv run python3 -m pytest tests/test_a.py"),
    ("uv run pytest tests/test_a.py", "pytest ./tests/test_a.py"),
    ("./bin/judge packets/a.json", "bin/judge packets/a.json"),
    ("node bin/judge.js --file=packets/a.json", "node bin/judge.js --file packets/a.json"),
    ("python3 bin/judge sea --require-live", "python3 ./bin/judge sea --require-live -q"),
    ("python3 bin/judge.py sea trial --require-live", "python3 bin/judge.py sea --require-live trial"),
    ("python3 bin/judge.py -- sea", "python3 bin/judge.py sea"),
]


@pytest.mark.parametrize(("contract", "command"), SAME)
def test_the_same_command_of_another_contract(contract: str, command: str) -> None:
    assert difference(command, parse_invocation(contract)) == ""


@pytest.mark.parametrize(
    ("contract", "command", "differs"),
    [
        (OURS, OURS.replace("S.1", "S.2"), "has `S.2`, expected `S.1`"),
        (OURS, OURS.replace(" S.1", ""), "has no `S.1`"),
        (OURS, OURS.replace("chain", "other"), "has `--contract other.toml`, expected `--contract chain.toml`"),
        (OURS, f"{OURS} --help", "has `--help`, which does not judge the packet of the contract"),
        (OURS, f"echo {OURS}", "names `cavra-gate` but does not run it"),
        ("make sea-trial", "make -n sea-trial", "has the further option `-n`"),
        ("make sea-trial", "make sea-trial --dry-run", "has the further option `--dry-run`"),
        ("make sea-trial", "make sea-trial install", "has the further word `install`"),
        ("make sea-trial", "make", "has no `sea-trial`"),
        ("bin/judge a.json", "other/bin/judge a.json", "does not run `bin/judge`"),
        ("python3 -m yard.judge", "python3 -m yard.other", "does not run `-m yard.judge`"),
        ("python3 -m pytest tests/test_a.py", "python3 tests/test_a.py", "runs `tests/test_a.py`, not `-m pytest`"),
        ("python3 -m pytest tests/test_a.py", "python3 -m pytest b.py", "has `b.py`, expected `tests/test_a.py`"),
        ("python3 -m yard.judge", "python3 -m yard.judge --dry-run", "has the further option `--dry-run`"),
        ("python3 -m yard.judge", "python3 -m", "does not run `-m yard.judge`"),
        ("pytest tests/test_a.py", "pytest tests/test_a.py --collect-only", "has the further option `--collect-only`"),
        ("check.py --all", "bin/check.py --all", "runs `bin/check.py`, not `check.py`"),
    ],
)
def test_another_command_of_another_contract(contract: str, command: str, differs: str) -> None:
    assert difference(command, parse_invocation(contract)) == differs


@pytest.mark.parametrize(
    ("contract", "command", "programs"),
    [
        (
            "python3 scripts/x.py",
            "timeout 60 .venv/bin/python -I scripts/x.py -q",
            ("timeout", "60", ".venv/bin/python"),
        ),
        ("python3 scripts/x.py", "./scripts/x.py -q", ()),
        (OURS, f"uv run {OURS}", ("uv", "run", "cavra-gate")),
        (OURS, f"./bin/{OURS}", ("./bin/cavra-gate",)),
        ("make trial", "nice -n 5 make trial -q", ("nice", "5", "make")),
    ],
)
def test_what_a_command_is_run_by(contract: str, command: str, programs: tuple[str, ...]) -> None:
    (found,) = simple_commands(command)
    assert compare(parse_invocation(contract), found).programs == programs


PACKET = "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (PACKET.replace("live.sanitized.example", "sample"), "…w/customer-operating-review.sample.json"),
        (PACKET.replace("example.json", "result.json"), "…ating-review.live.sanitized.result.json"),
        (PACKET.replace("review.live", "review.old.and.no.longer.live"), "…ng-review.old.and.no.longer.live.saniti…"),
        (PACKET.replace("operating-review", "closeout-handoff"), "examples/customer-closeout-handoff/cust…"),
        (PACKET[:-1], "…ating-review.live.sanitized.example.jso"),
        (f"{PACKET}x", "…ing-review.live.sanitized.example.jsonx"),
        (f"old/{PACKET}", "old/examples/customer-operating-review/…"),
        ("sample.json", "sample.json"),
    ],
)
def test_what_is_quoted_of_a_long_path_is_where_it_differs(given: str, shown: str) -> None:
    gate = parse_invocation(f"python3 scripts/x.py --packet {PACKET} --require-live")
    (command,) = simple_commands(f"python3 scripts/x.py --packet {given} --require-live")
    assert compare(gate, command).difference == f"has `--packet {shown}`, expected `--packet {PACKET}`"


def test_a_near_miss_runs_the_script() -> None:
    (near,) = simple_commands("python3 scripts/x.py")
    (far,) = simple_commands("python3 scripts/y.py")
    assert compare(GATE, near).runs_script
    assert not compare(GATE, far).runs_script


@pytest.mark.parametrize("command", ["", "python3", "python3 'a", "python3 scripts/x.py -- a", "--a.py"])
def test_any_text_gives_an_invocation(command: str) -> None:
    assert isinstance(parse_invocation(command), Invocation)
