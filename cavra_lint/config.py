"""`[tool.cavra-lint]` of pyproject.toml."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from cavra_lint.contract import is_plain_path
from cavra_lint.frozen import TYPE_CHECKING, NamedTuple
from cavra_lint.libraries import is_alone, with_late_patterns
from cavra_lint.sources.repository import MAX_BYTES, read_regular_file

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from cavra_lint.sources.repository import FileState

FILE_NAME = "pyproject.toml"
TABLE = "tool.cavra-lint"


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names file, line and key, in one line, and nothing private.

    Attributes:
        file: the name of the file.
        line: the line, from 1; 0 where it is not known.
        below: the keys that lead from the one that is read to what is wrong.
    """

    file = FILE_NAME
    line = 0
    below: tuple[str, ...] = ()

    def __init__(self, message: str) -> None:
        """Take a message, in which there may be words of the file."""
        from cavra_lint.sources.private_values import redacted

        super().__init__(redacted(message))

    def at(self, file: str, line: int) -> ConfigError:
        """Return the error with its line, behind the name of the file that its message begins with."""
        placed = ConfigError(f"{file}:{line}{str(self).removeprefix(file)}")
        placed.file, placed.line = file, line
        return placed


class Config(NamedTuple):
    """What `[tool.cavra-lint]` says, with the defaults for what it does not.

    `select`, `extend_select`, `ignore` and `extend_ignore` hold codes or their beginnings;
    `per_file_ignores` maps a path pattern to such codes, and `exclude` holds such patterns: these shape what the
    linter prints, and no verdict asks them. `require_live` is whether the linter wants the index to be live.
    `contract` and `index_path` are paths below the root, empty for the built-in R7 and for the contract's own index
    packet. The last three hold for every gate as well: keys that no packet may hold, the size in bytes above which no
    file is read, and patterns of values that are public after all.
    """

    select: tuple[str, ...] = ("CAVRA",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    require_live: bool = True
    contract: str = ""
    index_path: str = ""
    exclude: tuple[str, ...] = ()
    forbidden_keys: tuple[str, ...] = ()
    max_file_size: int = MAX_BYTES
    allowed_values: tuple[str, ...] = ()


def load_config(path: str) -> Config:
    """Read the configuration of a pyproject.toml.

    Args:
        path: the file. One that does not exist, or has no `[tool.cavra-lint]`, configures nothing. A link is
            followed as long as it stays in the file's own folder.

    Raises:
        ConfigError: the file cannot be read, or holds an unknown key or a value of a wrong type.
    """
    state, data = _read(path)
    name = os.path.basename(path)
    if state == "missing":
        return Config()
    if state == "outside":
        raise ConfigError(f"{name}: leads out of the repository")
    if state != "read":
        raise ConfigError(f"{name}: cannot be read")

    tomli = _tomli()
    try:
        document = _document(data)
    except tomli.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not TOML: {error.msg}").at(name, error.lineno) from None
    except UnicodeDecodeError:
        from cavra_lint.sources.text import undecodable_line

        raise ConfigError(f"{name}: is not UTF-8").at(name, undecodable_line(data)) from None
    except RecursionError:
        raise ConfigError(f"{name}: is nested too deep to be a configuration") from None
    except ValueError:
        raise ConfigError(f"{name}: is not TOML: a number is too long") from None
    tool = document.get("tool", {})
    table = tool.get("cavra-lint", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{name}: [{TABLE}] has the wrong type; expected a table").at(name, _line_of(data))
    return Config(**dict(_read_key(name, key, value, data) for key, value in table.items()))


def _read_key(name: str, key: str, value: Any, data: bytes) -> tuple[str, Any]:
    try:
        return _known(name, key), _READERS[key](name, key, value)
    except ConfigError as error:
        raise error.at(name, _line_of(data, key, *error.below)) from None


def _line_of(data: bytes, *keys: str) -> int:
    from cavra_lint.sources.toml_places import place_in_toml

    return place_in_toml(_text(data), ("tool", "cavra-lint", *keys))[0]


def unfiltered(config: Config) -> Config:
    """Return a configuration without what keeps findings from being printed."""
    every = Config()
    return config._replace(
        select=every.select,
        extend_select=every.extend_select,
        ignore=every.ignore,
        extend_ignore=every.extend_ignore,
        per_file_ignores=every.per_file_ignores,
        exclude=every.exclude,
    )


def holds_config(path: str) -> bool:
    """Tell whether a file is a pyproject.toml with a `[tool.cavra-lint]` table, right or wrong."""
    state, data = _read(path)
    return state == "read" and b"cavra-lint" in data and _has_table(data)


def names_us(path: str) -> bool:
    """Tell whether a file is a pyproject.toml that may hold a `[tool.cavra-lint]` table, without reading its TOML."""
    state, data = _read(path)
    return state == "read" and b"cavra-lint" in data


def may_name_contract(path: str) -> bool:
    """Tell whether a pyproject.toml may name a contract, without reading its TOML."""
    state, data = _read(path)
    return state == "read" and any(line.lstrip(b" \t\"'").startswith(b"contract") for line in data.splitlines())


def file_size_limit(root: str) -> int:
    """Return the size above which a file of a tree is not read, whatever else its configuration says."""
    path = os.path.join(root, FILE_NAME)
    state, data = _read(path)
    if state != "read" or b"max-file-size" not in data:
        return MAX_BYTES
    try:
        return load_config(path).max_file_size
    except ConfigError:
        return MAX_BYTES


def _read(path: str) -> tuple[FileState, bytes]:
    real = os.path.realpath(path)
    folder = os.path.realpath(os.path.dirname(path)).rstrip(os.sep)
    return read_regular_file(real) if real.startswith(folder + os.sep) else ("outside", b"")


@functools.lru_cache(maxsize=1)
def _document(data: bytes) -> dict[str, Any]:
    """Return what a TOML file holds: a run is configured by the same file that its root was found by."""
    document: dict[str, Any] = _tomli().loads(_text(data))
    return document


def _tomli() -> ModuleType:
    return with_late_patterns(_import_tomli)


def _import_tomli() -> ModuleType:
    if is_alone():
        # before Python 3.12 `datetime`, which tomli wants, made its classes in Python before it took those in C
        try:
            classes = __import__("_datetime")
        except ImportError:
            classes = __import__("datetime")
        sys.modules.setdefault("datetime", classes)

    import tomli

    return tomli


def _text(data: bytes) -> str:
    # the codec that takes a byte order mark away would have to be imported
    return data.removeprefix(b"\xef\xbb\xbf").decode()


def _has_table(data: bytes) -> bool:
    try:
        tool = _document(data).get("tool", {})
    except (ValueError, RecursionError):
        return True
    return isinstance(tool, dict) and "cavra-lint" in tool


def _known(name: str, key: str) -> str:
    if key not in _READERS:
        from difflib import get_close_matches

        close = get_close_matches(key, _READERS, n=1, cutoff=0)
        hint = f"; did you mean `{close[0]}`?" if close else ""
        raise ConfigError(f"{name}: [{TABLE}] has an unknown key `{_cut(key, 60)}`{hint}")
    return "index_path" if key == "index" else key.replace("-", "_")


def _cut(text: str, length: int) -> str:
    from cavra_lint.sources.private_values import redacted

    # what is cut in two is not seen to be private any more
    return redacted(text)[:length]


def _wrong(name: str, key: str, expected: str) -> ConfigError:
    return ConfigError(f"{name}: [{TABLE}] `{key}` has the wrong type; expected {expected}")


def _texts(name: str, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(name, key, "a list of strings")
    # what is named twice says nothing new, and is not asked about once for each finding
    return tuple(dict.fromkeys(value))


def _values(name: str, key: str, value: Any) -> tuple[str, ...]:
    patterns = _texts(name, key, value)
    if not all(any(char.isalnum() for char in pattern) for pattern in patterns):
        raise ConfigError(f"{name}: [{TABLE}] `{key}` has a pattern that fits any value; expected a part of a value")
    return patterns


def _codes(name: str, key: str, value: Any) -> tuple[str, ...]:
    codes = tuple(map(written_code, _texts(name, key, value)))
    refuse_unknown_codes(f"{name}: [{TABLE}] `{key}`", codes)
    return codes


def _codes_by_pattern(name: str, key: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _wrong(name, key, "a table of path patterns")
    return {pattern: _codes_of(name, key, pattern, codes) for pattern, codes in value.items()}


def _codes_of(name: str, key: str, pattern: str, value: Any) -> tuple[str, ...]:
    try:
        return _codes(name, f"{key}.{pattern}", value)
    except ConfigError as error:
        error.below = (pattern,)
        raise


def _flag(name: str, key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, key, "true or false")
    return value


def _size(name: str, key: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        raise _wrong(name, key, "a whole number of bytes, 1 or more")
    return value


def _string(name: str, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(name, key, "a string")
    return value


def _path(name: str, key: str, value: Any) -> str:
    path = _string(name, key, value)
    if not is_plain_path(path):
        raise ConfigError(f"{name}: [{TABLE}] `{key}` is no path below the root, with `/`")
    return path


_READERS: Mapping[str, Callable[[str, str, Any], Any]] = {
    "select": _codes,
    "extend-select": _codes,
    "ignore": _codes,
    "extend-ignore": _codes,
    "per-file-ignores": _codes_by_pattern,
    "require-live": _flag,
    "contract": _path,
    "index": _path,
    "exclude": _texts,
    "forbidden-keys": _texts,
    "max-file-size": _size,
    "allowed-values": _values,
}


def written_code(code: str) -> str:
    """Return a code as the rules have it, whoever wrote it by hand."""
    return code.strip().upper()


def refuse_unknown_codes(where: str, codes: Sequence[str]) -> None:
    """Raise ConfigError for a code, or beginning of one, that no rule has: it would silence nothing."""
    from cavra_lint.rules.registry import is_prefix

    for code in codes:
        if not code or not is_prefix(code):
            raise ConfigError(f"{where}: no rule has a code that begins with `{_cut(code, 40)}`")
