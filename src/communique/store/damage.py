"""Parts of which a file is torn or missing: finding them, and saying what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from communique.store.ledger import Damage
from communique.store.parts import Part, fault_of

# A machine that goes down tears what it wrote last. So much of that is compared byte by byte whenever a writer starts;
# it takes about a tenth of a second.
RECENT = 64 * 2**20
_NAMED = 3  # reports of a part that are named in a sentence


def find(folder: Path, parts: Sequence[Part], *, thorough: bool = True) -> list[tuple[Part, str]]:
    """Return the parts below `folder` of which a file is not what was written, each with what is wrong in a sentence.

    `parts` come oldest first. Unless it is `thorough`, of older ones only what is missing, cut off or blank is found.
    """
    found: list[tuple[Part, str]] = []
    read = 0
    for part in reversed(parts):
        read += part.size
        if cause := cause_of(folder, part, thorough=thorough or read <= RECENT):
            found.append((part, cause))
    return found[::-1]


def cause_of(folder: Path, part: Part, *, thorough: bool = True) -> str:
    """Return what is wrong with the files of a part, a sentence for each, or nothing."""
    faults = (fault_of(folder, part, file, thorough=thorough) for file in part.files)
    return " ".join(filter(None, faults))


def reports_only(part: Part) -> Part:
    """Return a part without its files but that of the reports."""
    return Part(part.name, tuple(file for file in part.files if file.kind == "reports"))


def reports_of(part: Part) -> int:
    """Return how many reports a part was written with."""
    return sum(file.rows for file in part.files if file.kind == "reports")


def sentence(damage: Damage) -> str:
    """Return what is wrong with a part and which reports are lost by it, for people."""
    number = len(damage.reports)
    names = ", ".join(damage.reports[:_NAMED]) + (f" and {number - _NAMED:,} more" if number > _NAMED else "")
    if number == 1:
        return f"{damage.cause} With it a report is lost: {names}."
    return f"{damage.cause} With it {number:,} reports are lost: {names}."


def left_out(store: Path, reports: int, causes: Iterable[str] = ()) -> str:
    """Return the warning that an answer lacks `reports` reports, and what to do."""
    what = "a report that stood" if reports == 1 else f"{reports:,} reports that stood"
    where = "there" if (said := " ".join(causes)) else f"in damaged files of the store {str(store)!r}"
    missing = f"The answer lacks {what} {where}."
    return f"{said} {missing} `communique retry --store {store}` reads them again.".lstrip()


def left_behind(store: Path, reports: int) -> str:
    """Return the warning that `reports` reports of a store are lost, and what to do."""
    what = "a report" if reports == 1 else f"{reports:,} reports"
    remedy = f"`communique retry --store {store}` reads them again."
    return f"The store {str(store)!r} has lost {what} in damaged files. {remedy}"
