"""Family 4: private material, in keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cavra_lint.rules.exposed import Exposed, findings_of
from cavra_lint.rules.rule import Finding, rule, rules_of


@rule("CAVRA401", "customer-identity")
def customer_identity(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for who a customer is, or how a person there is reached.

    What is public about a lifecycle is that it was gone through, not by whom.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"customerName": null`.

    Passes: `"customer_profile_ref": "evidence://customer/redacted"`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "customer_identity")


@rule("CAVRA402", "raw-evidence")
def raw_evidence(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for evidence as it was taken, and not a reference to it.

    Evidence is proven by reference; what it shows stays where it was taken.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"raw_evidence": "..."`.

    Passes: `"evidence_refs": ["evidence://room/audit"]`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "raw_evidence")


@rule("CAVRA403", "private-note")
def private_note(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for a note that was not written to be published.

    A note for a few becomes one for everyone, once it is committed.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"Internal Notes": "..."`.

    Passes: `"private_notes_excluded": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "private_note")


@rule("CAVRA404", "pricing")
def pricing(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for a price, a discount or a fee.

    A price is agreed with one customer, and read by all the others.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"listPrice": 0`.

    Passes: `"pricing_excluded": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "pricing")


@rule("CAVRA405", "contract-value")
def contract_value(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for what a contract is worth.

    That a contract was signed may be seen; for how much, not.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"arr": 1`.

    Passes: `"value_ref": "evidence://value/realized"`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "contract_value")


@rule("CAVRA406", "renewal-amount")
def renewal_amount(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for what a renewal or an expansion is worth.

    That a renewal was recorded may be seen; for how much, not.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"renewal-amount": null`.

    Passes: `"renewal_outcome_recorded": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "renewal_amount")


@rule("CAVRA407", "raw-contract")
def raw_contract(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for a contract, or a text of one.

    A contract belongs where only its parties read it.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"signedContract": "..."`.

    Passes: `"contract_ref": "vault://contracts/signed"`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "raw_contract")


@rule("CAVRA408", "legal-terms")
def legal_terms(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for what a contract says in law.

    What was agreed about liability or termination is between the parties.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"liability_cap": "..."`.

    Passes: `"legal_hold_policy_ref": "evidence://policy/legal-hold"`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "legal_terms")


@rule("CAVRA409", "commercial-terms")
def commercial_terms(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for the terms on which business is done.

    That terms exist may be seen; the terms may not.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"paymentTerms": "..."`.

    Passes: `"commercial_terms_excluded": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "commercial_terms")


@rule("CAVRA410", "credential")
def credential(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for a password, a key or a token.

    Who reads a credential can use it, and a repository is read for ever.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"api_key": ""`.

    Passes: `"contains_no_secrets": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "credential")


@rule("CAVRA411", "model-material")
def model_material(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key for a model, what it was trained on, or source code.

    What trains or makes up a model is the customer's, and does not leave it.
    The contract's table `[private]` lists the keys. How one is spelt makes no difference; part of a key is none.

    Fails: `"training_data": []`.

    Passes: `"no_raw_model_material": true`.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "model_material")


@rule("CAVRA412", "forbidden-key")
def forbidden_key(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A packet, result or index has a key that the configuration, the chain or the gate forbids.

    These are the `forbidden_keys` of the contract and the `forbidden-keys` of the configuration that are in none of
    the contract's categories. How one is spelt makes no difference; part of a key is none.

    Fails: `"projectCodename": null` where `forbidden-keys = ["project_codename"]`.

    Passes: `"project_codename_ref": "vault://project/codename"` there.

    To put it right, take the key out, and refer to what only those may read who have to.
    """
    return findings_of(exposed, "forbidden_key")


RULES = rules_of(globals())
