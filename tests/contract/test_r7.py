"""The built-in R7 chain, against what was published: names, schemas, commands, paths and checks, each written out."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cavra_lint.contract import ARTIFACT_KINDS, Chain


class Published(NamedTuple):
    """What was published of a gate; `artifacts` in the order of their kinds, `checks` in that of the verdict."""

    id: str
    name: str
    slug: str
    ready_key: str
    packet_schema: str
    result_schema: str
    export_schema: str
    command: str
    artifacts: tuple[str, ...]
    checks: str


GATES = (
    Published(
        "R7.1",
        "Customer Live Evidence Intake",
        "customer-live-evidence",
        "ready_for_customer_live_evidence_intake",
        "cavra.customer-live-evidence.packet.v1",
        "cavra.customer-live-evidence.result.v1",
        "cavra.customer-live-evidence.export.v1",
        "python3 scripts/validate_customer_live_evidence.py --packet "
        "examples/customer-live-evidence/customer-live-evidence.live.sanitized.example.json --require-live",
        (
            "examples/customer-live-evidence/customer-live-evidence.live.sanitized.example.json",
            "examples/customer-live-evidence/customer-live-evidence.live.sanitized.result.json",
            "scripts/validate_customer_live_evidence.py",
            ".github/workflows/customer-live-evidence.yml",
            "tests/test_customer_live_evidence.py",
            "docs/customer-live-evidence-intake.md",
            "docs/wiki/Customer-Live-Evidence-Intake.md",
        ),
        "schema_version evidence_mode customer_profile evidence_sections redaction_controls attestation "
        "no_private_material",
    ),
    Published(
        "R7.2",
        "Customer Evidence Room Closeout",
        "customer-evidence-room",
        "ready_for_customer_evidence_room_closeout",
        "cavra.customer-evidence-room.index.v1",
        "cavra.customer-evidence-room.result.v1",
        "cavra.customer-evidence-room.export.v1",
        "python3 scripts/validate_customer_evidence_room.py --index "
        "examples/customer-evidence-room/customer-evidence-room.live.sanitized.example.json --require-live",
        (
            "examples/customer-evidence-room/customer-evidence-room.live.sanitized.example.json",
            "examples/customer-evidence-room/customer-evidence-room.live.sanitized.result.json",
            "scripts/validate_customer_evidence_room.py",
            ".github/workflows/customer-evidence-room.yml",
            "tests/test_customer_evidence_room.py",
            "docs/customer-evidence-room-closeout.md",
            "docs/wiki/Customer-Evidence-Room-Closeout.md",
        ),
        "schema_version evidence_mode publication_controls sections source_intake_validation no_private_material",
    ),
    Published(
        "R7.3",
        "Customer Closeout Handoff",
        "customer-closeout-handoff",
        "ready_for_customer_closeout_handoff",
        "cavra.customer-closeout-handoff.packet.v1",
        "cavra.customer-closeout-handoff.result.v1",
        "cavra.customer-closeout-handoff.export.v1",
        "python3 scripts/validate_customer_closeout_handoff.py --packet "
        "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.example.json --require-live",
        (
            "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.example.json",
            "examples/customer-closeout-handoff/customer-closeout-handoff.live.sanitized.result.json",
            "scripts/validate_customer_closeout_handoff.py",
            ".github/workflows/customer-closeout-handoff.yml",
            "tests/test_customer_closeout_handoff.py",
            "docs/customer-closeout-handoff.md",
            "docs/wiki/Customer-Closeout-Handoff.md",
        ),
        "schema_version evidence_mode customer_profile_ref evidence_room_index_ref evidence_room_result "
        "handoff_owner_refs communication_refs operating_review known_exclusions handoff_controls "
        "no_private_material",
    ),
    Published(
        "R7.4",
        "Customer Operating Review",
        "customer-operating-review",
        "ready_for_customer_operating_review",
        "cavra.customer-operating-review.packet.v1",
        "cavra.customer-operating-review.result.v1",
        "cavra.customer-operating-review.export.v1",
        "python3 scripts/validate_customer_operating_review.py --packet "
        "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json --require-live",
        (
            "examples/customer-operating-review/customer-operating-review.live.sanitized.example.json",
            "examples/customer-operating-review/customer-operating-review.live.sanitized.result.json",
            "scripts/validate_customer_operating_review.py",
            ".github/workflows/customer-operating-review.yml",
            "tests/test_customer_operating_review.py",
            "docs/customer-operating-review.md",
            "docs/wiki/Customer-Operating-Review.md",
        ),
        "schema_version evidence_mode customer_profile_ref closeout_handoff_ref closeout_handoff_result "
        "review_owner_refs review_sections review_controls no_private_material",
    ),
    Published(
        "R7.5",
        "Customer Renewal And Expansion Readiness",
        "customer-renewal-expansion",
        "ready_for_customer_renewal_expansion",
        "cavra.customer-renewal-expansion.packet.v1",
        "cavra.customer-renewal-expansion.result.v1",
        "cavra.customer-renewal-expansion.export.v1",
        "python3 scripts/validate_customer_renewal_expansion.py --packet "
        "examples/customer-renewal-expansion/customer-renewal-expansion.live.sanitized.example.json --require-live",
        (
            "examples/customer-renewal-expansion/customer-renewal-expansion.live.sanitized.example.json",
            "examples/customer-renewal-expansion/customer-renewal-expansion.live.sanitized.result.json",
            "scripts/validate_customer_renewal_expansion.py",
            ".github/workflows/customer-renewal-expansion.yml",
            "tests/test_customer_renewal_expansion.py",
            "docs/customer-renewal-expansion.md",
            "docs/wiki/Customer-Renewal-And-Expansion-Readiness.md",
        ),
        "schema_version evidence_mode customer_profile_ref operating_review_ref operating_review_result "
        "renewal_owner_refs renewal_sections expansion_candidates renewal_controls no_private_material",
    ),
    Published(
        "R7.6",
        "Customer Renewal Outcome Closeout",
        "customer-renewal-outcome",
        "ready_for_customer_renewal_outcome_closeout",
        "cavra.customer-renewal-outcome-closeout.packet.v1",
        "cavra.customer-renewal-outcome-closeout.result.v1",
        "cavra.customer-renewal-outcome-closeout.export.v1",
        "python3 scripts/validate_customer_renewal_outcome.py --packet "
        "examples/customer-renewal-outcome/customer-renewal-outcome.live.sanitized.example.json --require-live",
        (
            "examples/customer-renewal-outcome/customer-renewal-outcome.live.sanitized.example.json",
            "examples/customer-renewal-outcome/customer-renewal-outcome.live.sanitized.result.json",
            "scripts/validate_customer_renewal_outcome.py",
            ".github/workflows/customer-renewal-outcome.yml",
            "tests/test_customer_renewal_outcome.py",
            "docs/customer-renewal-outcome-closeout.md",
            "docs/wiki/Customer-Renewal-Outcome-Closeout.md",
        ),
        "schema_version evidence_mode customer_profile_ref renewal_readiness_ref renewal_readiness_result "
        "outcome_owner_refs outcome_sections expansion_outcomes outcome_controls no_private_material",
    ),
    Published(
        "R7.7",
        "Customer Lifecycle Executive Rollup",
        "customer-lifecycle-rollup",
        "ready_for_customer_lifecycle_executive_rollup",
        "cavra.customer-lifecycle-executive-rollup.packet.v1",
        "cavra.customer-lifecycle-executive-rollup.result.v1",
        "cavra.customer-lifecycle-executive-rollup.export.v1",
        "python3 scripts/validate_customer_lifecycle_rollup.py --packet "
        "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.example.json --require-live",
        (
            "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.example.json",
            "examples/customer-lifecycle-rollup/customer-lifecycle-rollup.live.sanitized.result.json",
            "scripts/validate_customer_lifecycle_rollup.py",
            ".github/workflows/customer-lifecycle-rollup.yml",
            "tests/test_customer_lifecycle_rollup.py",
            "docs/customer-lifecycle-executive-rollup.md",
            "docs/wiki/Customer-Lifecycle-Executive-Rollup.md",
        ),
        "schema_version evidence_mode customer_profile_ref executive_owner_refs lifecycle_gates "
        "executive_summary_sections rollup_controls no_private_material",
    ),
    Published(
        "R7.8",
        "Customer Lifecycle Archive Manifest",
        "customer-lifecycle-archive",
        "ready_for_customer_lifecycle_archive_manifest",
        "cavra.customer-lifecycle-archive-manifest.packet.v1",
        "cavra.customer-lifecycle-archive-manifest.result.v1",
        "cavra.customer-lifecycle-archive-manifest.export.v1",
        "python3 scripts/validate_customer_lifecycle_archive.py --packet "
        "examples/customer-lifecycle-archive/customer-lifecycle-archive.live.sanitized.example.json --require-live",
        (
            "examples/customer-lifecycle-archive/customer-lifecycle-archive.live.sanitized.example.json",
            "examples/customer-lifecycle-archive/customer-lifecycle-archive.live.sanitized.result.json",
            "scripts/validate_customer_lifecycle_archive.py",
            ".github/workflows/customer-lifecycle-archive.yml",
            "tests/test_customer_lifecycle_archive.py",
            "docs/customer-lifecycle-archive-manifest.md",
            "docs/wiki/Customer-Lifecycle-Archive-Manifest.md",
        ),
        "schema_version evidence_mode customer_profile_ref lifecycle_rollup_ref lifecycle_rollup_result "
        "archive_owner_refs archive_sections retention_controls verifier_refs archive_controls "
        "no_private_material",
    ),
    Published(
        "R7.9",
        "Customer Lifecycle Public Status Summary",
        "customer-lifecycle-status",
        "ready_for_customer_lifecycle_public_status",
        "cavra.customer-lifecycle-public-status.packet.v1",
        "cavra.customer-lifecycle-public-status.result.v1",
        "cavra.customer-lifecycle-public-status.export.v1",
        "python3 scripts/validate_customer_lifecycle_status.py --packet "
        "examples/customer-lifecycle-status/customer-lifecycle-status.live.sanitized.example.json --require-live",
        (
            "examples/customer-lifecycle-status/customer-lifecycle-status.live.sanitized.example.json",
            "examples/customer-lifecycle-status/customer-lifecycle-status.live.sanitized.result.json",
            "scripts/validate_customer_lifecycle_status.py",
            ".github/workflows/customer-lifecycle-status.yml",
            "tests/test_customer_lifecycle_status.py",
            "docs/customer-lifecycle-public-status.md",
            "docs/wiki/Customer-Lifecycle-Public-Status.md",
        ),
        "schema_version evidence_mode customer_profile_ref archive_manifest_ref archive_manifest_result "
        "status_owner_refs public_status_sections support_refs publication_controls no_private_material",
    ),
    Published(
        "R7.10",
        "Customer Lifecycle Final Release Seal",
        "customer-lifecycle-final-seal",
        "ready_for_customer_lifecycle_final_release_seal",
        "cavra.customer-lifecycle-final-release-seal.packet.v1",
        "cavra.customer-lifecycle-final-release-seal.result.v1",
        "cavra.customer-lifecycle-final-release-seal.export.v1",
        "python3 scripts/validate_customer_lifecycle_final_seal.py --packet "
        "examples/customer-lifecycle-final-seal/customer-lifecycle-final-seal.live.sanitized.example.json "
        "--require-live",
        (
            "examples/customer-lifecycle-final-seal/customer-lifecycle-final-seal.live.sanitized.example.json",
            "examples/customer-lifecycle-final-seal/customer-lifecycle-final-seal.live.sanitized.result.json",
            "scripts/validate_customer_lifecycle_final_seal.py",
            ".github/workflows/customer-lifecycle-final-seal.yml",
            "tests/test_customer_lifecycle_final_seal.py",
            "docs/customer-lifecycle-final-release-seal.md",
            "docs/wiki/Customer-Lifecycle-Final-Release-Seal.md",
        ),
        "schema_version evidence_mode customer_profile_ref public_status_ref public_status_result "
        "seal_owner_refs sealed_components release_publication_refs final_release_controls "
        "completion_statement no_private_material",
    ),
)
SCHEMES = ("evidence", "ticket", "audit", "runbook", "git", "workflow", "vault", "share", "sample")
FORBIDDEN_EVERYWHERE = (
    "api_key connection_string customer_data dataset_rows email model_bytes model_weights password private_key "
    "prompt_samples raw_model secret smtp_password source_code tenant_name token training_data"
)
OWN_FORBIDDEN = (
    ("R7.1", ""),
    ("R7.5", ""),
    (
        "R7.6",
        "commercial_terms contract_value customer_email customer_name pricing private_note raw_contract renewal_amount",
    ),
    (
        "R7.8",
        "commercial_terms contract_value customer_email customer_name pricing private_note raw_contract raw_evidence "
        "renewal_amount",
    ),
    (
        "R7.10",
        "commercial_terms contract_value customer_email customer_name legal_terms pricing private_note raw_contract "
        "raw_evidence renewal_amount",
    ),
    (
        "R7.11",
        "commercial_terms contract_value customer_email customer_name legal_terms pricing private_note raw_contract "
        "raw_evidence renewal_amount",
    ),
)
SOURCES = (
    ("R7.1", {}),
    ("R7.2", {"source_intake_validation": ["R7.1"]}),
    ("R7.3", {"evidence_room_result": ["R7.2"]}),
    ("R7.4", {"closeout_handoff_result": ["R7.3"]}),
    ("R7.5", {"operating_review_result": ["R7.4"]}),
    ("R7.6", {"renewal_readiness_result": ["R7.5"]}),
    ("R7.7", {"lifecycle_gates": ["R7.1", "R7.2", "R7.3", "R7.4", "R7.5", "R7.6"]}),
    ("R7.8", {"lifecycle_rollup_result": ["R7.7"]}),
    ("R7.9", {"archive_manifest_result": ["R7.8"]}),
    ("R7.10", {"public_status_result": ["R7.9"]}),
    ("R7.11", {}),
)
SOURCE_OPTIONS = (
    ("R7.1", ""),
    ("R7.2", "--intake-packet"),
    ("R7.3", "--evidence-room-index"),
    ("R7.4", "--closeout-handoff"),
    ("R7.5", "--operating-review"),
    ("R7.6", "--renewal-expansion"),
    ("R7.7", ""),
    ("R7.8", "--rollup"),
    ("R7.9", "--archive"),
    ("R7.10", "--status"),
    ("R7.11", ""),
)


def test_the_chain_is_r7_with_its_gates_in_order(chain: Chain) -> None:
    assert (chain.id, chain.product, chain.ref_schemes) == ("R7", "CAVRA", SCHEMES)
    assert [gate.id for gate in chain.gates] == [gate.id for gate in GATES]


@pytest.mark.parametrize("published", GATES, ids=[gate.id for gate in GATES])
def test_a_gate_is_as_published(published: Published, chain: Chain) -> None:
    gate = chain.gate(published.id)
    assert published == Published(
        gate.id,
        gate.name,
        gate.slug,
        gate.ready_key,
        gate.packet_schema,
        gate.result_schema,
        gate.export_schema,
        gate.command,
        tuple(gate.artifacts[kind] for kind in ARTIFACT_KINDS),
        " ".join(check.name for check in gate.checks),
    )


def test_the_index_is_as_published(chain: Chain) -> None:
    index, slug = chain.index_gate, "customer-lifecycle-verification-index"
    example = f"examples/{slug}/{slug}.live.sanitized.example.json"
    script = "scripts/validate_customer_lifecycle_verification_index.py"
    assert (index.id, index.phase, index.id_key) == ("R7.11", "R7", "verification_index_id")
    assert index.id_value.format(mode="live") == "cavra-live-customer-lifecycle-verification-index"
    assert index.command == f"python3 {script} --index {example} --repo-root . --require-live"
    assert dict(index.artifacts) == {
        "live_sanitized_example": example,
        "live_result": f"examples/{slug}/{slug}.live.sanitized.result.json",
        "validator": script,
        "workflow": f".github/workflows/{slug}.yml",
        "test": "tests/test_customer_lifecycle_verification_index.py",
        "docs": f"docs/{slug}.md",
        "wiki": "docs/wiki/Customer-Lifecycle-Verification-Index.md",
    }
    assert [check.name for check in index.checks] == [
        "schema_version",
        "evidence_mode",
        "gate_count",
        "gates",
        "completion_condition",
        "no_private_material",
    ]
    assert index.checks[4].min_length == 60


@pytest.mark.parametrize(("gate_id", "own"), OWN_FORBIDDEN, ids=[gate_id for gate_id, _ in OWN_FORBIDDEN])
def test_what_a_gate_forbids_is_the_chains_and_its_own(gate_id: str, own: str, chain: Chain) -> None:
    assert sorted(chain.gate(gate_id).forbidden_keys) == sorted([*FORBIDDEN_EVERYWHERE.split(), *own.split()])


@pytest.mark.parametrize(("gate_id", "expected"), SOURCES, ids=[gate_id for gate_id, _ in SOURCES])
def test_whose_verdicts_a_gate_embeds(gate_id: str, expected: dict[str, list[str]], chain: Chain) -> None:
    sources = chain.sources(chain.gate(gate_id))
    assert {check.name: [gate.id for gate in gates] for check, gates in sources} == expected


@pytest.mark.parametrize(("gate_id", "option"), SOURCE_OPTIONS, ids=[gate_id for gate_id, _ in SOURCE_OPTIONS])
def test_the_option_that_hands_in_the_packet_before(gate_id: str, option: str, chain: Chain) -> None:
    assert chain.gate(gate_id).source_option == option


def test_a_gate_that_is_not_there_is_a_key_error(chain: Chain) -> None:
    with pytest.raises(KeyError):
        chain.gate("R7.12")
