"""Frozen data without importing `typing`, which takes longer than all that a hook does with a file of no concern.

To a type checker, NamedTuple is that of `typing`, and TYPE_CHECKING is true. When the program runs, a class below
NamedTuple is made from the names of its annotations, whatever these say. It has what a named tuple has; but no code is
written and compiled for each, which takes longer than all that a run does with most of them.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter

    class _Tuple(tuple):
        """What all named tuples have in common."""

        __slots__ = ()
        _fields = ()
        _defaults = ()
        _field_defaults = {}  # noqa: RUF012 - as that of a named tuple

        def __new__(cls, *values: Any, **named: Any) -> Any:
            if named or len(values) != len(cls._fields):
                values = _filled(cls, values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _make(cls, values: Any) -> Any:
            return cls(*values)

        def _replace(self, **changes: Any) -> Any:
            values = tuple(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {list(changes)!r}")
            return tuple.__new__(type(self), values)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

    def _filled(cls: Any, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return the values of all fields, in their order: those given by position, by name, and those not given."""
        rest = cls._fields[len(values) :]
        if not named and 0 < len(rest) <= len(cls._defaults):
            return values + cls._defaults[-len(rest) :]
        is_whole = len(named) == len(rest)
        if len(values) <= len(cls._fields) and (is_whole or all(name in rest for name in named)):
            known = named if is_whole else {**cls._field_defaults, **named}
            try:
                return (*values, *map(known.__getitem__, rest))
            except KeyError:
                pass
        raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)}")

    class _NamedTupleMeta(type):
        def __new__(cls, name: str, _: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace[field] for field in fields if field in namespace}
            getters = {field: _tuplegetter(number, "") for number, field in enumerate(fields)}
            own = {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "_defaults": (*defaults.values(),)}
            return type(name, (_Tuple,), {**namespace, **getters, **own, "__match_args__": fields})

    NamedTuple = type.__new__(_NamedTupleMeta, "NamedTuple", (), {})
