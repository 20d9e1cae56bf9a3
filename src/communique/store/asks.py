"""What the parts of a `Store` have in common: a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any


class Asks:
    """A part of a `Store`; `Store` itself answers."""

    if TYPE_CHECKING:

        def _ask(
            self,
            question: str,
            kind: str,
            values: Mapping[str, Any],
            holding: Sequence[str] | None = None,
            *,
            raw: bool = False,
            over: str = "",
            left_out: Any = None,
        ) -> Any: ...
