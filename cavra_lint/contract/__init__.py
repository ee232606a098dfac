"""The contract of a chain: what each gate promises, as data."""

from cavra_lint.contract.loader import ContractError, load_chain
from cavra_lint.contract.model import ARTIFACT_KINDS, Chain, Check, EvidenceMode, Gate

__all__ = ["ARTIFACT_KINDS", "Chain", "Check", "ContractError", "EvidenceMode", "Gate", "load_chain"]
