"""`re`, imported where it is first asked for something, as Python 3.15 does for who writes `lazy import re`.

It takes longer to import than all that is read of a tree for one changed page, and a tree that is in order gives most
patterns nothing to look at. A module of ours takes `re` from here; to a type checker it is `re` itself.
"""

from __future__ import annotations

from cavra_lint.frozen import TYPE_CHECKING

if TYPE_CHECKING:
    import re as re
    from typing import Any
else:

    class _Late:
        """Stands for a module; what it is asked for once, it has from then on."""

        def __getattr__(self, name: str) -> Any:
            import re

            value = getattr(re, name)
            setattr(self, name, value)
            return value

    re = _Late()
