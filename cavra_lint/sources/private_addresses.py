"""E-mail addresses, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterator

from cavra_lint.late import re
from cavra_lint.sources.as_read import Match

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.\[\]-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
#: `jane [at] acme [dot] com`: the `at` in brackets, since in a sentence it is a word.
_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[\[({] ?at ?[\])}] ?[\w-]{1,63}(?:(?:\.| ?[\[({] ?dot ?[\])}] ?)[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
#: `jane at acme dot com`: the dot in a word as well, and behind it what ends domains and is no word of a sentence.
_IN_WORDS = re.compile(
    r"(?<![\w.+-])[\w+-]{1,64}(?:(?:\.| dot )[\w+-]{1,63}){0,4} at (?!(?:an?|the) )[\w-]{1,63}"
    r"(?: dot [\w-]{1,63}){0,4} dot "
    r"(?:com|net|org|edu|gov|io|ai|co|dev|app|info|biz|eu|uk|de|fr|ch|nl|es|se|jp|cn|br|au|ca)(?![\w-])",
    re.IGNORECASE,
)
_SPELT_DOT = re.compile(r" ?[\[({] ?dot ?[\])}] ?", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+)*(?:\.[a-z]{1,3})?(?:[-+.][\w.-]*)?|\d+x\.\w+", re.IGNORECASE)
_BEFORE = 200
_IN_URL = re.compile(r"://[^\s/]*\Z")

#: RFC 2606 and 6761: domains that belong to no one.
_RESERVED = ("example.com", "example.net", "example.org", "example", "test", "invalid", "localhost")
_FORGES = r"github\.com|(?:gitlab|bitbucket|codeberg|gitea|forgejo)(?:\.[\w-]+){1,2}"
#: Whom a forge lets in to fetch: no one's name.
_FETCHING = ("git", "hg", "svn")
#: Under which GitHub's own actions commit.
_ACTIONS = ("action@github.com", "actions@github.com", "github-actions@github.com")
_NO_REPLY = ("noreply", "no-reply", "donotreply", "do-not-reply")
#: Names of files and units that have an `@` in them: `logo@2x.png`, `getty@tty1.service`.
_NO_DOMAINS = re.compile(
    "png|jpe?g|gif|svg|webp|ico|tgz|gz|zip|whl|m?js|tsx?|css|json|ya?ml|toml|lock|txt|html"
    "|service|socket|timer|target|mount|slice|scope|path|device"
)


def email_addresses(text: str) -> Iterator[Match]:
    """Yield the e-mail addresses of a text: those that could be someone's."""
    at = text.find("@")
    while at >= 0:
        match = _around(text, at)
        if match is not None:
            yield match
        at = text.find("@", match.stop if match else at + 1)


def spelt_addresses(text: str) -> Iterator[Match]:
    """Yield the e-mail addresses in which the `@` is spelt out, in brackets or with each dot."""
    for match in _SPELT.finditer(text):
        domain = _SPELT_DOT.sub(".", re.split(r"[\])}] ?", match[0], maxsplit=1)[1])
        if not _is_nobodys("", domain):
            yield Match(*match.span())
    for match in _IN_WORDS.finditer(text):
        if not _is_nobodys("", match[0].casefold().rpartition(" at ")[2].replace(" dot ", ".")):
            yield Match(*match.span())


def _around(text: str, at: int) -> Match | None:
    """Return the address that stands around an `@`, None where there is none."""
    local = _LOCAL.search(text[max(0, at - 64) : at])
    domain = _DOMAIN.match(text, at + 1)
    if local is None or domain is None:
        return None
    name = _name(local[0])
    host = _without_extension(domain[0].rstrip("-"))
    stop = at + 1 + len(host)
    start = at - len(name)
    before, after = text[start - 1 : start], text[stop : stop + 2]
    if name.casefold() in _FETCHING and after[:1] in ("/", ":"):
        return None
    if not name or before == "@" or after[:1] == "(" or _is_remote_path(after):
        return None
    if _IN_URL.search(text[max(0, start - _BEFORE) : start]):
        return None
    return None if _is_nobodys(name, host) else Match(start, stop)


def _name(local: str) -> str:
    """Return the part of what stands before an `@` that is the name of an address."""
    if "[bot]" in local[-5:]:
        return local
    # what an address may hold by the letter, but a reader takes for what stands around it
    for mark in "=/?&`'[]{}|#*$!~":
        head, found, tail = local.rpartition(mark)
        if found and not (mark == "'" and head[-1:].isalpha() and tail[:1].isalpha()):
            local = tail
    return local.lstrip(".+-%^")


def _is_remote_path(after: str) -> bool:
    r"""Tell whether an address goes on as `host:path` does: `git@host:org/repo`, `root@host:~#`."""
    return len(after) == 2 and after[0] == ":" and (after[1] in "/~" or after[1].isalnum())


def _is_nobodys(name: str, domain: str) -> bool:
    """Tell whether an address is no one's: of a domain for examples, of a forge's mail that no one reads, of a file."""
    host = domain.casefold().rstrip(".")
    labels = host.split(".")
    if any(host == reserved or host.endswith(f".{reserved}") for reserved in _RESERVED):
        return True
    if f"{name.casefold()}@{host}" in _ACTIONS:
        return True
    if name.casefold() in _NO_REPLY and re.fullmatch(_FORGES, host):
        return True
    if re.fullmatch(rf"(?:[\w-]+\.)?no-?reply\.(?:{_FORGES})", host):
        return True
    return _NO_DOMAINS.fullmatch(labels[-1]) is not None or _VERSION.fullmatch(host) is not None


def _without_extension(host: str) -> str:
    """Return a host without what makes it the name of a file, if a host is left: `jane@host.com.json`."""
    before, _, last = host.rpartition(".")
    is_file = "." in before and _NO_DOMAINS.fullmatch(last) is not None
    return before if is_file and _VERSION.fullmatch(host) is None else host
