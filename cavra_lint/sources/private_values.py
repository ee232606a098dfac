"""What private values look like: addresses, amounts, numbers and credentials, in any text.

It knows no rule and no contract. A text is looked at cheaply first; only what that finds in it is looked
for closely, and only what looks right is asked of a library.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator

from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.late import re
from cavra_lint.sources.as_read import Match, Reading, as_read, origin
from cavra_lint.sources.first_look import may_hold

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    ValueKind: TypeAlias = Literal[
        "private_key",
        "provider_token",
        "url_password",
        "iban",
        "payment_card",
        "email_address",
        "phone_number",
        "money_amount",
    ]

_Finder: TypeAlias = "Callable[[str], Iterator[Match]]"

#: What each kind is called in a message. Where two overlap, the one that stands first here is what it is.
WORDS: dict[ValueKind, str] = {
    "private_key": "a private key",
    "provider_token": "a provider's token",
    "url_password": "a password in a URL",
    "iban": "an IBAN",
    "payment_card": "a payment card number",
    "email_address": "an e-mail address",
    "phone_number": "a phone number",
    "money_amount": "an amount of money",
}

#: So short that many values share one: it shows that two places hold the same, and not what they hold.
_FINGERPRINT_LENGTH = 5
#: Of code, only what is part of a word: `ISO 4217` beside `USD` is no amount.
_EMPHASIS = re.compile(r"[*~<]|(?<=\S)`+(?=\S)")
_FINGERPRINT_KEY = b"cavra-lint private value"


class PrivateValue(NamedTuple):
    """A private value: its kind, from where to where it is written, and its text as it is read."""

    kind: ValueKind
    start: int
    stop: int
    text: str


def values_in(text: str) -> list[PrivateValue]:
    """Return the private values that a text holds, none of which overlap, in their order."""
    found = list(_values_of(as_read(text)))
    return _apart(found) if found else found


def _values_of(reading: Reading) -> Iterator[PrivateValue]:
    read = reading[0]
    called = may_hold(read)
    for kind, find in _finders(called):
        for start, stop in find(read):
            first, last = origin(reading, start), origin(reading, stop - 1) + 1
            yield PrivateValue(kind, first, last, read[start:stop])
    # what has a run of letters and digits that is as long as a token's may be something in another form
    if "provider_tokens" in called:
        from cavra_lint.sources.within import encoded_in

        for start, stop, held in encoded_in(read):
            for value in values_in(held)[:1]:
                yield value._replace(start=origin(reading, start), stop=origin(reading, stop - 1) + 1)


def values_on_page(text: str) -> list[PrivateValue]:
    """Return the private values that a page holds, those that only its reader sees as one as well: `**$**125,000`."""
    reading = as_read(text, on_page=True)
    parted = (value for value in _values_of(reading) if _EMPHASIS.search(text, value.start, value.stop))
    return _apart([*values_in(text), *parted])


def redacted(text: str) -> str:
    """Return a text in which each private value is replaced by its kind and fingerprint."""
    values = values_in(text)
    for value in reversed(values):
        shown = f"[{WORDS[value.kind].partition(' ')[2]} #{fingerprint(value.text)}]"
        text = f"{text[: value.start]}{shown}{text[value.stop :]}"
    return text


def fingerprint(value: str) -> str:
    """Return some digits that are the same for the same value, however it is spaced."""
    from _blake2 import blake2s

    plain = "".join(value.split()).casefold().encode("utf-8", "surrogatepass")
    digest: str = blake2s(plain, key=_FINGERPRINT_KEY).hexdigest()
    return digest[:_FINGERPRINT_LENGTH]


def _finders(called: Collection[str]) -> Iterator[tuple[ValueKind, _Finder]]:
    """Yield what a first look at a text calls for."""
    if not called:
        return

    from cavra_lint.sources import private_addresses, private_credentials, private_numbers

    finders: dict[str, tuple[ValueKind, _Finder]] = {
        "private_keys": ("private_key", private_credentials.private_keys),
        "provider_tokens": ("provider_token", private_credentials.provider_tokens),
        "url_passwords": ("url_password", private_credentials.url_passwords),
        "ibans": ("iban", private_numbers.ibans),
        "payment_cards": ("payment_card", private_numbers.payment_cards),
        "phone_numbers": ("phone_number", private_numbers.phone_numbers),
        "email_addresses": ("email_address", private_addresses.email_addresses),
        "spelt_addresses": ("email_address", private_addresses.spelt_addresses),
        "money_amounts": ("money_amount", private_numbers.money_amounts),
    }
    yield from (finders[name] for name in called)


def _apart(values: list[PrivateValue]) -> list[PrivateValue]:
    """Return values of which none overlap: of two that do, the kind that says more, and the longer one."""
    order = {kind: number for number, kind in enumerate(WORDS)}
    kept: list[PrivateValue] = []
    ends: list[tuple[int, int]] = []
    for value in sorted(values, key=lambda value: (order[value.kind], value.start - value.stop)):
        position = bisect_right(ends, (value.start, value.stop))
        before = ends[position - 1][1] if position else 0
        after = ends[position][0] if position < len(ends) else value.stop
        if before <= value.start and value.stop <= after:
            ends.insert(position, (value.start, value.stop))
            kept.append(value)
    return sorted(kept, key=lambda value: value.start)


_SCHEME = r"\s*(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://"
#: Of these a text may begin with a link, and go on as a sentence.
_LINKS = ("http", "https")
_CREDENTIALS: tuple[ValueKind, ...] = ("private_key", "provider_token", "url_password")


def unsafe_in_reference(text: str, schemes: Collection[str]) -> str:
    """Return what a text that is a reference must not hold, in words; empty where it holds none, or is none.

    A reference is a text that begins with `scheme://`. A link is none: it may stand in a sentence.

    Args:
        text: the text.
        schemes: the schemes of references to evidence, in which not even a name before an `@` may stand. In those
            of others, an address is found as one.
    """
    if "://" not in text:
        return ""
    read = as_read(text)[0]
    match = re.match(_SCHEME, read)
    if match is None or match["scheme"].casefold() in _LINKS:
        return ""
    rest = read[match.end() :].rstrip()
    if match["scheme"].casefold() in schemes:
        # a credential is one wherever it stands
        if any(value.kind in _CREDENTIALS for value in values_in(text)):
            return ""
        values = values_in(rest)
        if values:
            return WORDS[values[0].kind]
    return "white space" if len(rest.replace("%20", " ").split()) > 1 or rest[:1].isspace() else ""
