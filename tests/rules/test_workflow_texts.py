"""What a command of a workflow comes to by the variables around it, and by the expressions in its script."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavra_lint.contract import Chain
from judged_workflow import COMMAND, PACKET, SCRIPT, WORKFLOW, found_in, with_run

BY_NAME = COMMAND.replace(PACKET, '"$PACKET"')
BY_NAMES = COMMAND.replace("customer_operating_review", "${MODULE}").replace("customer-operating-review", "${SLUG}")
NAMED = "env: {SLUG: customer-operating-review, MODULE: customer_operating_review}\n"
OF_GATE = "env: {SLUG: '${{ matrix.gate.slug }}', MODULE: '${{ matrix.gate.module }}'}\n"
ONE, OTHER_ONE = "{slug: customer-operating-review, module: customer_operating_review}", "{slug: a, module: b}"
TWO_GATES = f"strategy: {{matrix: {{gate: [{OTHER_ONE}, {ONE}]}}}}\n"


@pytest.mark.parametrize(
    ("workflow", "code"),
    [
        (with_run(BY_NAME, step=f"env: {{PACKET: {PACKET}}}\n"), ""),
        (with_run(BY_NAME, job=f"env: {{PACKET: {PACKET}}}\n"), ""),
        (f"env: {{PACKET: {PACKET}}}\n{with_run(BY_NAME)}", ""),
        (with_run(f'PACKET="{PACKET}"\n{BY_NAME}'), ""),
        (with_run(f"$PYTHON{COMMAND[7:]}", step="env: {PYTHON: python3.12}\n"), ""),
        (f"env: {{JUDGE: {COMMAND}}}\n{with_run('$JUDGE')}", ""),
        (with_run(f'JUDGE="{COMMAND}"\n$JUDGE'), ""),
        (with_run("$JUDGE || true", job=f"env: {{JUDGE: {COMMAND}}}\n"), "CAVRA303"),
        (with_run("echo $JUDGE", job=f"env: {{JUDGE: {COMMAND}}}\n"), "CAVRA302"),
        (with_run("JUDGE=true\n$JUDGE", job=f"env: {{JUDGE: {COMMAND}}}\n"), "CAVRA302"),
        (with_run("$JUDGE", step="env: {JUDGE: 'true'}\n", job=f"env: {{JUDGE: {COMMAND}}}\n"), "CAVRA302"),
        (with_run(BY_NAMES, step=NAMED), ""),
        (with_run(BY_NAMES, job=NAMED), ""),
        (
            with_run(
                f'args=(--packet "$PACKET" --require-live)\npython3 {SCRIPT} "${{args[@]}}"',
                step=f"env: {{PACKET: {PACKET}}}\n",
            ),
            "",
        ),
        (with_run(f'args=(--packet {PACKET})\npython3 {SCRIPT} "${{args[@]}}"'), "CAVRA302"),
        (
            with_run(
                "python3 $SCRIPT --packet $PACKET --require-live", step=f"env: {{SCRIPT: {SCRIPT}, PACKET: {PACKET}}}\n"
            ),
            "",
        ),
        (with_run(f"SLUG=customer-operating-review\nMODULE='customer_operating_review'\n{BY_NAMES}"), ""),
        (with_run(BY_NAMES, step=OF_GATE, job=TWO_GATES), ""),
        (with_run(BY_NAMES, job=OF_GATE + TWO_GATES), ""),
        (with_run(BY_NAMES, step=OF_GATE, job=TWO_GATES.replace("operating-review", "x")), "CAVRA302"),
        (with_run(BY_NAME), "CAVRA302"),
        (with_run(BY_NAME, step="env: {PACKET: x}\n", job=f"env: {{PACKET: {PACKET}}}\n"), "CAVRA302"),
        (with_run(BY_NAME, step=f"env: {{PACKET: x, packet: {PACKET}}}\n"), "CAVRA302"),
        (with_run(BY_NAME.replace('"', "'"), step=f"env: {{PACKET: {PACKET}}}\n"), "CAVRA302"),
        (
            with_run("echo PACKET=x >> $GITHUB_ENV", job=f"env: {{PACKET: {PACKET}}}\n") + f"      - run: {BY_NAME}\n",
            "CAVRA302",
        ),
    ],
)
def test_a_command_that_names_its_words_by_variables(workflow: str, code: str, tmp_path: Path, chain: Chain) -> None:
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: workflow})] == ([code] if code else [])


#: The scripts of one workflow are filled with what is known until they have 500000 characters; behind that none is.
LONG = "# ${{ matrix.n }} " + "x" * 26_000
OF_EACH = f"python3 {COMMAND[8:-4]}${{{{ matrix.n && 'live' }}}}"
PYTHON = f"${{PYTHON}} {COMMAND[8:]}"
RUNS = "strategy: {matrix: {n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}\nenv: {PYTHON: 'python3.${{ matrix.n }}'}\n"


@pytest.mark.parametrize(
    ("before", "script", "code"),
    [
        (LONG, OF_EACH, ""),
        (LONG[:-3_000], f"{LONG[:-3_000]}\n{OF_EACH}", ""),
        (LONG, f"{LONG}\n{OF_EACH}", "CAVRA302"),
        (LONG, f"{LONG}\n{PYTHON}", "CAVRA302"),
        ("true", f"{LONG}\n{PYTHON}", ""),
    ],
)
def test_so_much_text_is_made_of_scripts(before: str, script: str, code: str, tmp_path: Path, chain: Chain) -> None:
    text = with_run(before, job=RUNS) + with_run(script).partition("@v7\n")[2]
    assert [code for _, _, code, _ in found_in(tmp_path, chain, {WORKFLOW: text})] == ([code] if code else [])


ROOTS = ("ROOT=$(pwd)", "ROOT=$PWD", "export ROOT=$PWD", 'ROOT="$(git rev-parse --show-toplevel)"')
ROOTED = COMMAND.replace("scripts/", "$ROOT/scripts/").replace("examples/", "$ROOT/examples/", 1)
SETS = "slug=customer-operating-review\n"
PACKET_OF = "packet=examples/$slug/$slug.live.sanitized.example.json\n"
OF_SLUG = COMMAND.replace(SCRIPT, '"scripts/validate_${slug//-/_}.py"').replace(PACKET, '"$packet"')


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (SETS + PACKET_OF + OF_SLUG, ""),
        (f"export {SETS}declare -r {PACKET_OF}{OF_SLUG}", ""),
        (f"top=$GITHUB_WORKSPACE\n{COMMAND.replace(SCRIPT, f'$top/{SCRIPT}')}", ""),
        (SETS + COMMAND.replace(PACKET, PACKET_OF[7:-1]), ""),
        (f"{SETS}{COMMAND} > out/$slug/$slug.json", ""),
        (SETS + PACKET_OF + SETS.replace("operating", "live") + OF_SLUG, "CAVRA302"),
        (PACKET_OF + SETS + OF_SLUG, "CAVRA302"),
        (SETS + PACKET_OF.replace("live", "sample") + OF_SLUG, "CAVRA302"),
        (f"{SETS}if b; then {PACKET_OF[:-1]}; fi\n{OF_SLUG}", "CAVRA302"),
        (f"{SETS}{PACKET_OF}cp a $packet\n{OF_SLUG}", "CAVRA303"),
        *((f"{root}\n{ROOTED}", "") for root in ROOTS),
        *((f"cd docs\n{root}\n{ROOTED}", "CAVRA302") for root in ROOTS),
        *((f"{root}\ncp a $ROOT/{PACKET}\n{COMMAND}", "CAVRA303") for root in ROOTS),
        (f"{SETS}build > examples/$slug/$slug.live.sanitized.example.json\n{COMMAND}", "CAVRA303"),
        (f"{SETS}{PACKET_OF}{OF_SLUG} || true", "CAVRA303"),
    ],
)
def test_variables_that_are_made_of_others(script: str, code: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script)})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("before", "code"),
    [
        (f"{SETS}build > examples/$slug/$slug.live.sanitized.example.json", "CAVRA303"),
        (f"{SETS}{PACKET_OF}sed -i s/a/b/ $packet", "CAVRA303"),
        (f"{SETS}build > examples/$slug/$slug.sample.json", ""),
    ],
)
def test_a_step_before_that_names_it_by_variables(before: str, code: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(before) + f"      - run: {COMMAND}\n"})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


EACH = "strategy: {matrix: {module: [customer_live_evidence, customer_operating_review]}}\n"
OF_MATRIX = COMMAND.replace("customer_operating_review", "${{ matrix.module }}")


@pytest.mark.parametrize(
    ("script", "job", "code"),
    [
        (OF_MATRIX, EACH, ""),
        (OF_MATRIX, EACH.replace("review", "r"), "CAVRA302"),
        (OF_MATRIX, "", "CAVRA302"),
        (f"if [ ${{{{ github.event_name }}}} = pull_request ]; then {COMMAND}; fi", "", ""),
        (f"if [ ${{{{ github.event_name }}}} = schedule ]; then {COMMAND}; fi", "", "CAVRA303"),
        (f"if [ $GITHUB_EVENT_NAME = push ]; then {COMMAND}; fi", "", "CAVRA303"),
        (f"if [ $GITHUB_EVENT_NAME = pull_request ]; then {COMMAND}; fi", "", ""),
        (f'[ "$GITHUB_REF" = refs/heads/main ] || exit 0\n{COMMAND}', "", "CAVRA303"),
        (f'[ "$CI" = true ] && exit 0\n{COMMAND}', "", "CAVRA303"),
        (f'if [ -z "$CI" ]; then exit 0; fi\n{COMMAND}', "", ""),
        (f'if [ "${{{{ inputs.run }}}}" = true ]; then {COMMAND}; fi', "", "CAVRA303"),
        (f'if [ "$RUN" = true ]; then {COMMAND}; fi', "env: {RUN: 'false'}\n", "CAVRA303"),
        (f'if [ "$RUN" = true ]; then {COMMAND}; fi', "env: {RUN: 'true'}\n", ""),
        (f"{COMMAND} || ${{{{ matrix.soft }}}}", "strategy: {matrix: {soft: ['true', 'false']}}\n", ""),
        (f"{COMMAND} || ${{{{ matrix.soft }}}}", "strategy: {matrix: {soft: ['true']}}\n", "CAVRA303"),
    ],
)
def test_expressions_in_a_script(script: str, job: str, code: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script, job=job)})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


WRITES = f"cp a {PACKET}"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (f"bash -c '{COMMAND}'", ""),
        (f'timeout 60 /bin/sh -ec "cd .; {COMMAND}; echo"', ""),
        (f"bash -eo pipefail -c '{COMMAND} | tee out'", ""),
        (f"bash --norc -c 'bash -c \"{COMMAND}\"'", ""),
        (f"bash -c '{COMMAND} || true'", "CAVRA303"),
        (f"bash -c '{COMMAND}; echo'", "CAVRA303"),
        (f"bash -c '{COMMAND} | tee out'", "CAVRA303"),
        (f"bash -c '{COMMAND}' || true", "CAVRA303"),
        (f"bash -c '{COMMAND}' | tee out", "CAVRA303"),
        (f"bash -c 'exit 0; {COMMAND}'", "CAVRA303"),
        (f"if false; then bash -c '{COMMAND}'; fi", "CAVRA303"),
        (f"bash -c '{WRITES}; {COMMAND}'", "CAVRA303"),
        (f"bash -c '{WRITES}'; bash -c '{COMMAND}'", "CAVRA303"),
        (f"bash() {{ true; }}; bash -c '{COMMAND}'", "CAVRA303"),
        (f"bash -c 'cd docs; {COMMAND}'", "CAVRA302"),
        (f"cd docs; bash -c '{COMMAND}'", "CAVRA302"),
        (f"bash -nc '{COMMAND}'", "CAVRA302"),
        (f"bash -c true '{COMMAND}'", "CAVRA302"),
        (f"bash -c \"$FIRST\" '{COMMAND}'", "CAVRA302"),
        (f"echo bash -c '{COMMAND}'", "CAVRA302"),
        ("bash -c '" * 4 + COMMAND + "'" * 4, "CAVRA302"),
        (f"eval '{COMMAND}'", ""),
        (f'eval "{COMMAND}"', ""),
        (f"eval {COMMAND}", ""),
        (f"eval '{COMMAND} || true'", "CAVRA303"),
        (f"eval '{COMMAND}' || true", "CAVRA303"),
        (f"eval '{COMMAND} &'", "CAVRA303"),
        (f"eval '{WRITES}'; eval '{COMMAND}'", "CAVRA303"),
        (f"eval echo '{COMMAND}'", "CAVRA302"),
        (f"echo eval '{COMMAND}'", "CAVRA302"),
        (f"bash <<'EOF'\n{COMMAND}\nEOF", ""),
        (f"bash <<EOF\n{COMMAND}\nEOF", ""),
        (f"sudo -E bash -euo pipefail -s <<'EOF'\n{COMMAND} | tee out\necho\nEOF", ""),
        (f"bash <<'EOF'\nset -e\n{COMMAND}\necho\nEOF", ""),
        (f"bash <<'EOF'\n{COMMAND}\necho\nEOF", "CAVRA303"),
        (f"bash <<'EOF'\n{COMMAND} || true\nEOF", "CAVRA303"),
        (f"bash <<'EOF' || true\n{COMMAND}\nEOF", "CAVRA303"),
        (f"bash <<'EOF'\n{WRITES}\n{COMMAND}\nEOF", "CAVRA303"),
        (f"bash -n <<'EOF'\n{COMMAND}\nEOF", "CAVRA302"),
        (f"bash -c true <<'EOF'\n{COMMAND}\nEOF", "CAVRA302"),
        (f"bash a.sh <<'EOF'\n{COMMAND}\nEOF", "CAVRA302"),
        (f"cat <<'EOF'\n{COMMAND}\nEOF", "CAVRA302"),
    ],
)
def test_a_text_that_is_handed_to_a_shell(script: str, code: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script)})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


READY = ".ready_for_customer_operating_review"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (f"{COMMAND} | jq -e '{READY}'", ""),
        (f"{COMMAND} | tee verdict.json | jq -er '{READY} == true' > ready\necho", ""),
        (f"{COMMAND} | jq --exit-status '{READY} and .blocker_count == 0 and .status == \"ready\"'", ""),
        (f"set +e\n{COMMAND} | jq -e {READY} || exit 1\necho", ""),
        (f"{COMMAND} | jq '{READY}'", "CAVRA303"),
        (f"{COMMAND} | jq -e '.status'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY} == false'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY} | not'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY} or true'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY} and .a or .b'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}_not'", "CAVRA303"),
        (f"{COMMAND} | jq -en '{READY}'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}' verdict.json", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}' < verdict.json", "CAVRA303"),
        (f"{COMMAND} | sed s/false/true/ | jq -e '{READY}'", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}' || true", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}' &", "CAVRA303"),
        (f"{COMMAND} | jq -e '{READY}' <<< '{{}}'", "CAVRA303"),
        (f"true && {COMMAND} | jq -e '{READY}' < verdict.json", "CAVRA303"),
        (f"set +e\n{COMMAND} | jq -e '{READY}'\necho", "CAVRA303"),
        (f"if {COMMAND} | jq -e '{READY}'; then echo; fi", "CAVRA303"),
        (f"trap 'exit 0' EXIT\n{COMMAND} | jq -e '{READY}'", "CAVRA303"),
        (f"jq() {{ true; }}\n{COMMAND} | jq -e '{READY}'", "CAVRA303"),
        (f"{{ {COMMAND}; echo '{{}}'; }} | jq -e '{READY}'", "CAVRA303"),
    ],
)
def test_a_verdict_that_is_handed_to_jq(script: str, code: str, tmp_path: Path, chain: Chain) -> None:
    found = found_in(tmp_path, chain, {WORKFLOW: with_run(script)})
    assert [code for _, _, code, _ in found] == ([code] if code else [])


@pytest.mark.parametrize(("held", "code"), [("tools/bash", "CAVRA303"), ("tools/python3", "CAVRA303"), ("a/b", "")])
def test_what_the_tree_runs_in_the_place_of_a_shell(held: str, code: str, tmp_path: Path, chain: Chain) -> None:
    workflow = with_run(f"PATH=tools:$PATH bash -c '{COMMAND}'")
    found = found_in(tmp_path, chain, {WORKFLOW: workflow, held: "#!/bin/true\n"})
    assert [code for _, _, code, _ in found] == ([code] if code else [])
