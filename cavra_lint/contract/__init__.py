"""The contract of a chain: what each gate promises, as data."""

from cavra_lint.contract.built_in import load_chain
from cavra_lint.contract.model import ARTIFACT_KINDS, Chain, Check, ContractError, EvidenceMode, Gate, is_plain_path

__all__ = ["ARTIFACT_KINDS", "Chain", "Check", "ContractError", "EvidenceMode", "Gate", "is_plain_path", "load_chain"]
