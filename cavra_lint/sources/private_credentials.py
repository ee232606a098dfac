"""Private keys, the tokens of the big providers, and passwords in URLs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cavra_lint.late import re
from cavra_lint.sources.as_read import Match

_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,60}-----")
#: What stands between the first line of a key and its material: white space, marks of a quote, lines as `Version: 1`.
_BODY = re.compile(
    r"(?:[\s>|#*]|\\[nr])*(?:[A-Za-z0-9-]{2,30}: ?[^\n\\]{0,120}(?:\n|\\n)(?:[\s>|#*]|\\[nr])*){0,5}"
    r"(?P<material>[A-Za-z0-9+/=]{6,})"
)
_MORE = re.compile(r"(?:(?:[\s>|#*]|\\[nr]){1,40}[A-Za-z0-9+/=]{16,100})*")
_NEAR, _KEY_LENGTH = 1000, 20_000
_OTHER_KEYS = re.compile(r"PuTTY-User-Key-File-\d: \S+|AGE-SECRET-KEY-1[0-9A-Z]{40,}")

#: Beginnings that no other word has, and what follows them.
_TOKENS = (
    # AWS, GitHub, GitLab
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    r"gh[pousr]_[A-Za-z0-9]{20,255}",
    r"github_pat_\w{22,255}",
    r"gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|rtr|soat|wt)-[\w-]{20,255}",
    # Slack, Discord, Stripe, Shopify, Square
    r"xox[abcdeoprs]-[A-Za-z0-9-]{10,255}",
    r"xapp-\d-[A-Za-z0-9-]{10,255}",
    r"hooks\.slack\.com/(?:services|workflows)/T\w{5,20}/[AB]\w{5,20}/(?:\d{5,20}/)?[A-Za-z0-9]{16,64}",
    r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,80}",
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}",
    r"whsec_[A-Za-z0-9+/=]{24,255}",
    r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
    r"sq0(?:atp|csp)-[\w-]{22,60}",
    # Google, Azure
    r"AIza[\w-]{35}",
    r"GOCSPX-[\w-]{20,40}",
    r"ya29\.[\w-]{20,255}",
    r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,100}={0,2}",
    r"\w{3}8Q~[\w.~-]{31,34}",
    # registries
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-[\w-]{50,255}",
    r"dckr_[op]at_[\w-]{20,60}",
    r"rubygems_[a-f0-9]{48}",
    r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])",
    r"oy2[a-z0-9]{43}(?![A-Za-z0-9])",
    r"AKCp[A-Za-z0-9]{60,80}",
    # models
    r"sk-ant-[\w-]{20,255}",
    r"sk-(?:proj|svcacct|admin|or)-[\w-]{20,255}",
    r"sk-[A-Za-z0-9]{20,255}",
    r"hf_[A-Za-z0-9]{30,60}",
    r"gsk_[A-Za-z0-9]{40,60}",
    r"xai-[A-Za-z0-9]{60,90}",
    r"pplx-[A-Za-z0-9]{40,60}",
    r"r8_[A-Za-z0-9]{30,40}",
    # others
    r"(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])",
    r"SG\.[\w-]{16,64}\.[\w-]{16,128}",
    r"do[opr]_v1_[a-f0-9]{64}",
    r"dapi[0-9a-f]{32}",
    r"hv[brs]\.[\w-]{20,255}",
    r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}",
    r"pul-[a-f0-9]{40}",
    r"dp\.(?:audit|ct|pt|scim|st)\.[\w.-]{40,60}",
    r"ops_eyJ[A-Za-z0-9+/=_-]{100,2000}",
    r"glc_[A-Za-z0-9+/=]{32,255}",
    r"glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}",
    r"sntry[su]_[A-Za-z0-9+/=_-]{40,255}",
    r"NRAK-[A-Z0-9]{27}",
    r"sq[apu]_[a-f0-9]{40}",
    r"AT(?:ATT|CTT)3[\w=-]{50,255}",
    r"ATBB[A-Za-z0-9]{32}",
    r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}",
    r"ntn_[A-Za-z0-9]{40,50}",
    r"figd_[\w-]{30,60}",
    r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}",
    r"HRKU-[\w-]{50,70}",
    r"nfp_[A-Za-z0-9]{36,60}",
    r"sbp_[a-f0-9]{40}",
    r"pscale_(?:oauth|pw|tkn)_[\w.-]{30,64}",
    r"[a-f0-9]{32}-us\d{1,2}(?![\w-])",
    r"\d{8,10}:AA[\w-]{33}",
    # JSON Web Token, and what is sent as one
    r"eyJ[\w-]{8,300}\.eyJ[\w-]{8,4000}(?:\.[\w-]{0,2000})?",
)
#: Tokens without a beginning of their own: the name before them says what they are.
_NAMED = (
    r"(?i:aws_?secret_?(?:access_?)?key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?P<aws>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
    r"(?i:authorization)[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?i:bearer|token|basic)\s{1,3}(?P<header>[A-Za-z0-9_.~+/-]{20,2000})",
)
#: What is written where a token would stand.
_STAND_INS = frozenset("xX*._-0")

_URL = re.compile(r"://(?P<user>[^\s/:@?#\[]{0,255}):(?P<password>[^\s/?#\[]{1,255})@(?=[\w\[$])")
_NO_PASSWORD = re.compile(r"\$[A-Za-z_{(]|[<{%(]|([*xX.-])\1*\Z|[A-Z]+(?:_[A-Z]+)+\Z|(?i:your|redacted)")


def private_keys(text: str) -> Iterator[Match]:
    """Yield the private keys of a text, from their first line to their last."""
    for begin in _BEGIN.finditer(text):
        start, behind = begin.span()
        near = text[behind : behind + _NEAR]
        body = _BODY.match(near)
        if body is not None and _is_material(body["material"]):
            end = _END.search(text, behind, behind + _KEY_LENGTH)
            more = _MORE.match(text, behind + body.end())
            yield Match(start, end.end() if end else more.end() if more else behind + body.end())
        elif not near.strip("\n\r\t \"'"):
            yield Match(start, behind)
    for match in _OTHER_KEYS.finditer(text):
        yield Match(*match.span())


def provider_tokens(text: str) -> Iterator[Match]:
    """Yield the tokens of a text, but for those of which only `x` and its like is shown: they stand for one."""
    for match in _tokens().finditer(text):
        name = match.lastgroup
        start, stop = match.span(name) if name else match.span()
        if not _STAND_INS.issuperset(text[start:stop][-16:]):
            yield Match(start, stop)


def url_passwords(text: str) -> Iterator[Match]:
    """Yield the passwords that stand in URLs, but for those that say where one would stand."""
    for match in _URL.finditer(text):
        if _NO_PASSWORD.match(match["password"]) is None:
            yield Match(*match.span("password"))


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(f"(?<![A-Za-z0-9])(?:{'|'.join((*_TOKENS, *_NAMED))})")


def _is_material(text: str) -> bool:
    """Tell whether letters are those of a key, and no word of a sentence that speaks of one."""
    return not text.isalpha() or not (text.islower() or text.istitle())
