"""Family 4: private material, in values. Each is shown by a fingerprint only, so that two places can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cavra_lint.rules.exposed import Exposed, findings_of
from cavra_lint.rules.rule import Finding, rule, rules_of


@rule("CAVRA420", "email-address")
def email_address(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """An e-mail address stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. An address is a person's. One of
    a domain that is reserved for examples (RFC 2606 and 6761) is no one's, and neither are `git@host:path` and the
    addresses of forges that no one reads.

    Fails: `"owner"` with the address of a person, also where its `@` is written `&#64;` or `[at]`.

    Passes: `"owner_ref": "evidence://owner/redacted"`, or `jane@example.com`.

    To put it right, write a reference in its place. A value that is public is named in `allowed-values` of the
    configuration.
    """
    return findings_of(exposed, "email_address")


@rule("CAVRA421", "phone-number")
def phone_number(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A phone number stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. A number with the prefix of its
    country, one as it is written in North America, or one behind a word as `phone`, which the library
    `phonenumbers` knows to be given out.

    Fails: a page with the number of a duty phone.

    Passes: `"contact_ref": "vault://contacts/duty"`.

    To put it right, write a reference in its place. A value that is public is named in `allowed-values` of the
    configuration.
    """
    return findings_of(exposed, "phone_number")


@rule("CAVRA422", "money-amount")
def money_amount(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """An amount of money stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. A number with the sign or the
    code of a currency before or behind it, with thousands, `k`, `M` or `bn`, and recurring revenue. An amount of
    nothing is none, and neither is `$1` of a shell.

    Fails: `"summary": "renewed for an amount a year"`.

    Passes: `"summary": "renewed; the amount is in the vault"`.

    To put it right, take the amount out, and refer to where it is kept. A value that is public is named in
    `allowed-values` of the configuration.
    """
    return findings_of(exposed, "money_amount")


@rule("CAVRA423", "private-key")
def private_key(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A private key stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. The first line of one with what
    follows it: PEM, OpenSSH, PGP, PuTTY and age. A page may name the line.

    Fails: a workflow with a deploy key in it.

    Passes: `${{ secrets.DEPLOY_KEY }}`.

    To put it right, make a new key, since this one is known, and keep it in a vault. A value that is public is
    named in `allowed-values` of the configuration.
    """
    return findings_of(exposed, "private_key")


@rule("CAVRA424", "provider-token")
def provider_token(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A token of a provider stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. Those of AWS, Azure, GitHub,
    GitLab, Google, npm, PyPI, Slack, Stripe, Twilio, SendGrid, OpenAI, Anthropic, Hugging Face and others, and JSON
    Web Tokens, by the beginnings that their providers gave them.

    Fails: a token in a header of an example.

    Passes: `Authorization: Bearer $TOKEN`.

    To put it right, revoke the token, since it is known, and keep the new one in a vault. A value that is public is
    named in `allowed-values` of the configuration.
    """
    return findings_of(exposed, "provider_token")


@rule("CAVRA425", "url-password")
def url_password(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A URL has a password in it.

    In packets, results and the index, in keys as well, on pages and in workflows. What stands for a password, as
    `$PASSWORD` or `<password>`, is none.

    Fails: a URL of a database with user and password.

    Passes: `postgres://db.internal/prod`, or `https://user:$PASSWORD@host`.

    To put it right, change the password, since it is known, and take it from the environment. A value that is
    public is named in `allowed-values` of the configuration.
    """
    return findings_of(exposed, "url_password")


@rule("CAVRA426", "iban")
def iban(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """An IBAN stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. One whose country has accounts of
    that length, and whose check digits are right.

    Fails: an account in a note.

    Passes: `"account_ref": "vault://accounts/billing"`.

    To put it right, write a reference in its place. A value that is public is named in `allowed-values` of the
    configuration.
    """
    return findings_of(exposed, "iban")


@rule("CAVRA427", "payment-card")
def payment_card(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A payment card number stands where everyone may read.

    In packets, results and the index, in keys as well, on pages and in workflows. One with the beginning and the
    length of an issuer's, and a check digit that is right; in JSON a number as well.

    Fails: a card in a summary.

    Passes: `"payment_ref": "vault://payments/first"`.

    To put it right, have the card replaced where it is a real one, and write a reference in its place. A value that
    is public is named in `allowed-values` of the configuration.
    """
    return findings_of(exposed, "payment_card")


@rule("CAVRA428", "unsafe-reference")
def unsafe_reference(exposed: Sequence[Exposed]) -> Iterator[Finding]:
    """A reference holds what no reference holds: white space, an address or an amount.

    In packets, results and the index, in keys as well, on pages and in workflows. `scheme://...` says where
    something is kept, and not what it is. On pages and in workflows this is asked of what is quoted.

    Fails: `"approval_ref": "ticket://CAB-12 approved by Jane"`.

    Passes: `"approval_ref": "ticket://CAB-12"`.

    To put it right, refer to the place alone. A value that is public is named in `allowed-values` of the
    configuration.
    """
    return findings_of(exposed, "unsafe_reference")


RULES = rules_of(globals())
