"""What a pack changes: who took office, who left, what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from communique.knowledge.actors import ActorBook, Entity


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from what was known before, a line each, by kind."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations or self.places)

    def lines(self) -> Iterator[str]:
        """Yield all changes, people first."""
        yield from (*self.people, *self.organisations, *self.places)


def changed_people(before: ActorBook, after: ActorBook, offices: Iterable[tuple[str, str]], day: str) -> list[str]:
    """Return who holds another office than was known, for each (code, office) that a pack speaks of."""
    found = []
    for code, office in sorted(set(offices)):
        was, now = before.office_holder(code, office, day), after.office_holder(code, office, day)
        if now is None:
            if was is not None:
                found.append(f"{code} {office}: {was.person} left; nobody is known now")
        elif was is None:
            found.append(f"{code} {office}: {now.person} since {now.start or 'an unknown day'} (nobody was known)")
        elif was.person != now.person:
            found.append(f"{code} {office}: {now.person} since {now.start or 'an unknown day'}, after {was.person}")
    return found


def changed_bodies(before: ActorBook, after: Iterable[Entity], day: str) -> list[str]:
    """Return bodies that were not known, and organisations that states joined or left."""
    found = []
    for entity in after:
        was = before.entity(entity.id)
        if was is None:
            if not before.forms.named(entity.name):
                found.append(f"{entity.code} {entity.kind}: {entity.name} is new")
            continue
        old, new = set(was.members_on(day)), set(entity.members_on(day))
        if entity.members and old != new:
            joined, left = ", ".join(sorted(new - old)), ", ".join(sorted(old - new))
            parts = [f"joined by {joined}" if joined else "", f"left by {left}" if left else ""]
            found.append(f"{entity.name}: {'; '.join(filter(None, parts))}")
    return found
