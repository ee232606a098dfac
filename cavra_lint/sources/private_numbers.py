"""Phone numbers, amounts of money, IBANs and payment cards."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cavra_lint.late import re
from cavra_lint.sources.as_read import Match
from cavra_lint.sources.currencies import AMBIGUOUS, CLEAR, REVENUE, SIGNS

_IBAN = re.compile(
    r"(?<![\w.-])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?![\w-])", re.ASCII
)
#: Digits with at most one blank, hyphen or point between, as many as a card has.
_CARD = re.compile(
    r"(?<![\w.+-])(?:\d{14,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ .-])\d{6}\2\d{4,5})"
    r"(?![\w-]|\.\d)",
    re.ASCII,
)
#: The beginnings that issuers have, and how long their numbers are.
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}|62\d{14,17}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}"
)

_INTERNATIONAL = re.compile(r"(?<![\w+.])(?:\+|00(?=[1-9]))\d(?:[ ().\-/]{0,3}\d){6,16}(?![\w-]|[.,:]\d)", re.ASCII)
#: As it is written in North America, and so by no other number.
_AMERICAN = re.compile(r"(?<![\w.+-])(?:1[ -])?(?:\([2-9]\d\d\) ?|[2-9]\d\d-)\d{3}-\d{4}(?![\w-]|[.,:]\d)", re.ASCII)
_CALLED = re.compile(
    r"\b(?:tele)?(?:phone|fax)\b(?: number| no\.?)?|\btel\b\.?|\b(?:ph|mob)\b(?=[.:])\.?"
    r"|\b(?:mobile|cell|whatsapp|handy|telefon)\b(?: number)?"
    "|telefono|tel\u00e9fono|t\u00e9l(?:\u00e9phone)?\\.?|(?<![\u0430-\u044f])\u0442\u0435\u043b(?:\u0435\u0444\u043e\u043d)?\\.?"
    "|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|\uc804\ud654|[\u260e\u260f\U0001f4de]",
    re.IGNORECASE | re.ASCII,
)
_NATIONAL = re.compile(r"[\"']?[ :=]{0,3}[\"']?(?P<number>\(?\d(?:[ ().\-/]{0,3}\d){6,13})(?![\w-]|[.,:]\d)", re.ASCII)
#: The regions whose numbers are known without their prefix, where a word says that it is one.
_MOST_ASKED = 1000
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CH", "AT", "SE", "IN", "AU", "JP", "BR", "CN", "KR", "RU")


def ibans(text: str) -> Iterator[Match]:
    """Yield the IBANs of a text whose check digits are right."""
    for match in _IBAN.finditer(text):
        from stdnum import iban

        if _is_one_case(match[0]) and iban.is_valid(match[0], check_country=False):
            yield Match(*match.span())


def payment_cards(text: str) -> Iterator[Match]:
    """Yield the payment card numbers of a text: of an issuer, of its length, and with a right check digit."""
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if _ISSUERS.fullmatch(digits) is not None:
            from stdnum import luhn

            if luhn.is_valid(digits):
                yield Match(*match.span())


def phone_numbers(text: str) -> Iterator[Match]:
    """Yield the phone numbers of a text: with their country's prefix, or such as nothing else is written."""
    for match in _INTERNATIONAL.finditer(text):
        number = match[0]
        plus = number if number[0] == "+" else f"+{number[2:]}"
        # a line that was added begins with a plus as well
        alone = match.start() == 0 or text[match.start() - 1] != "\n" or not number[1:].isdigit()
        if _is_phone(plus, None, grouped=number[0] == "+" and alone):
            yield Match(*match.span())
    for match in _AMERICAN.finditer(text):
        if _is_phone(match[0], "US", grouped=True):
            yield Match(*match.span())
    asked = 0
    for called in _CALLED.finditer(text):
        found = _NATIONAL.match(text, called.end())
        if found is None:
            continue
        asked += 1
        # a text that is full of such numbers is not worth the time to tell which of them are none
        if asked > _MOST_ASKED or any(_is_phone(found["number"], region, grouped=False) for region in _REGIONS):
            yield Match(*found.span("number"))


def _is_phone(number: str, region: str | None, *, grouped: bool) -> bool:
    """Tell whether a number is one that is given out; one that is grouped as such need only be possible."""
    import phonenumbers

    if len(set(filter(str.isdigit, number))) < 3:
        return False
    try:
        parsed = phonenumbers.parse(number.replace("(0)", ""), region)
    except phonenumbers.NumberParseException:
        return False
    possible: bool = phonenumbers.is_possible_number(parsed)
    valid: bool = phonenumbers.is_valid_number(parsed)
    return valid or (grouped and possible)


def _is_one_case(text: str) -> bool:
    return text == text.upper() or text == text.lower()


_NUMBER = (
    r"(?!0\d)(?:\d{1,3}(?:[,.'\u2019 ]\d{2,3}){0,6}[,.'\u2019 ]\d{3}(?:[.,]\d{1,2})?|\d{1,20}(?:[.,]\d{1,2})?)(?!\d)"
)
_SCALE = (
    r" ?(?:[kKmMbB]|[mM][mM]|[bB][nN]|[mM]n|[mM](?:io|rd)\.?|[tT]housand|[mM]illion|[bB]illion|lakh|crore)(?![A-Za-z])"
)
_PER = r" ?(?:/ ?|per |an? )(?:year|yr|annum|month|mo|quarter|week|day|hour|hr|h|seat|user|unit|license|licence|gate)\b"
_AMOUNT = f"{_NUMBER}(?:{_SCALE})?"
#: What an amount stands at, and what kind of mark that is.
_KINDS: dict[str, str] = {
    "$": "dollar",
    **dict.fromkeys(SIGNS, "sign"),
    **dict.fromkeys((*CLEAR, "usd", "eur", "gbp", "chf"), "code"),
    **dict.fromkeys(AMBIGUOUS, "ambiguous"),
    **dict.fromkeys(REVENUE, "revenue"),
    **dict.fromkeys(("dollar", "Dollar", "US dollar", "euro", "Euro", "pounds sterling", "pound sterling"), "word"),
}
#: How much of what stands before a sign or a code is looked at.
_BEFORE = 60
_LARGE = re.compile(rf"\d[,.'\u2019 ]\d{{3}}(?!\d)|\d{_SCALE}")
#: `$1`, `$1.2` and the like; a scale, cents or a period make money of it.
_PARAMETER = re.compile(r" ?\d{1,2}(?:[.,]\d)?")
#: Whose dollars they are, before the sign.
_OF_DOLLARS = r"(?<![A-Za-z0-9])(?:USD?|CAD?|AUD?|NZD?|HKD?|SGD|S|R|A|C)\Z"
#: A line in which a dollar sign and two digits may be a parameter as well.
_SHELL = re.compile(r"\$[\w{(@#?*$][^$\n]{0,200}\$[\w{(@#?*$]|\b(?:awk|sed|perl|echo|printf)\b|\$\{")


def money_amounts(text: str) -> Iterator[Match]:
    """Yield the amounts of money in a text, but for those that are nothing."""
    done = 0
    for mark in _marks().finditer(text):
        for start, stop in _amounts_at(text, mark):
            if start >= done and any(digit in text[start:stop] for digit in "123456789"):
                done = stop
                yield Match(start, stop)
                break


def _amounts_at(text: str, mark: re.Match[str]) -> Iterator[Match]:
    """Yield where an amount may stand at a sign, a code or a name of money: before it, or behind."""
    kind, (start, stop) = _kind_of(text, mark), mark.span()
    if not kind:
        return
    before = _behind_amount().search(text[max(0, start - _BEFORE) : start])
    if before is not None:
        large = kind in ("code", "sign", "word") or _LARGE.search(before[0]) is not None
        if large and (
            kind != "dollar" or (text[stop : stop + 1] not in ("{", "(") and not _goes_on(text[stop : stop + 1]))
        ):
            yield Match(start - len(before[0]), stop)
    behind = _before_amount().match(text, stop) if kind != "word" else None
    if behind is None or (kind == "dollar" and not _is_dollars(text, start, behind)):
        return
    if kind in ("ambiguous", "revenue") and _LARGE.search(behind[0]) is None:
        return
    if kind == "revenue" or behind["of"] == "":
        yield Match(start, behind.end())


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds what an amount stands at; alternatives that are plain words are found fastest."""
    return re.compile("|".join(map(re.escape, sorted(_KINDS, key=len, reverse=True))))


def _kind_of(text: str, mark: re.Match[str]) -> str:
    """Return what kind of mark of money it is, empty where it is part of something else."""
    start, stop = mark.span()
    kind = _KINDS[mark[0]]
    if kind in ("dollar", "sign"):
        return kind
    before, after = text[start - 1 : start], text[stop : stop + 1]
    if kind == "word":
        return "" if before.isalpha() or ((after + "s")[0] != "s" and after.isalnum()) else kind
    # `EUR/USD` is a rate, `USD_TOTAL` a name
    other = text[stop + 1 : stop + 2].isupper() if after == "/" else after in ("_", "-") or _is_letter(after)
    return "" if _is_letter(before) or before == "/" or (after and other) else kind


def _is_letter(char: str) -> bool:
    """Tell whether a character is a letter that a code may be part of a word with: of other scripts, none is."""
    return char.isascii() and char.isalpha()


def _goes_on(char: str) -> bool:
    return char.isdigit() or _is_letter(char)


@cache
def _behind_amount() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$.,/^\\-]){_AMOUNT} ?\Z", re.ASCII)


@cache
def _before_amount() -> re.Pattern[str]:
    return re.compile(rf"(?P<of>(?: of| is|:| =|=)?) ?{_AMOUNT}(?:{_PER})?(?![A-Za-z_])")


def _is_dollars(text: str, start: int, behind: re.Match[str]) -> bool:
    """Tell whether a dollar sign is one of money, and not of a shell, a pattern or a formula."""
    before, after = text[start - 1 : start], text[behind.end() : behind.end() + 1]
    if before in ("$", "\\", "{", "^") or after in ("$", "\\", "{", "^"):
        return False
    if _goes_on(before) and re.search(_OF_DOLLARS, text[max(0, start - 4) : start]) is None:
        return False
    if _PARAMETER.fullmatch(behind[0]) is None:
        return True
    if not behind[0].strip().isdigit() or len(behind[0].strip()) < 2 or before in ('"', "'", "`", "(", ","):
        return False
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    line = text[max(first, start - 500) : min(last, start + 500) if last >= 0 else start + 500]
    return _SHELL.search(line) is None
