"""Frozen data without importing `typing`, which takes longer than all that a hook does with a file of no concern.

To a type checker, NamedTuple is that of `typing`, and TYPE_CHECKING is true. When the program runs, a class below
NamedTuple becomes the same named tuple, made from the names of its annotations; what these say is not looked at.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:
    from collections import namedtuple

    class _NamedTupleMeta(type):
        def __new__(cls, name: str, _: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = namespace.pop("__annotations__", {})
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace.pop("__module__"))
            for key, value in namespace.items():
                setattr(made, key, value)
            made.__annotations__ = fields
            return made

    NamedTuple = type.__new__(_NamedTupleMeta, "NamedTuple", (), {})
