"""Names for codes of actors and ids of issues, as the knowledge files have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from communique.showing import text as say

if TYPE_CHECKING:
    from communique.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Named:
    """Gives the name that goes with a code, or the code itself; `more` goes before the knowledge files."""

    known: Knowledge
    more: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, code: str) -> str:
        if code.upper() in self.more:
            return say.clean(self.more[code.upper()])
        found = self.known.actors.entity(code.upper()) if code else None
        return say.clean(found.name if found else code)

    def issue(self, identifier: str) -> str:
        """Return the name of an issue, or its id."""
        found = self.known.issues.get(identifier)
        return say.clean(found.name if found else identifier)


def named_by(known: Knowledge) -> Named:
    """Return what gives the names that the knowledge files have."""
    return Named(known)
