"""List the licences of everything that installing communique installs; fail if one of them is a GPL.

usage: python tools/licences.py

Follows the requirements of the installed distribution, with its extra `brief`; those for developers are left out. Weak
file-level copyleft (MPL) passes: it asks nothing of programs that use the library unchanged.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement

_REFUSED = re.compile(r"\b(A?L?GPL|GNU|General Public)", re.IGNORECASE)


EXTRAS = ("", "brief")


def installed(root: str) -> dict[str, str]:
    """Return the licence of `root` and of each distribution that it needs here, by name, with its `EXTRAS`.

    Raises PackageNotFoundError where one of them is not installed.
    """
    found: dict[str, str] = {}
    waiting = [root]
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        name = distribution.name.lower().replace("_", "-")
        if name in found:
            continue
        found[name] = licence(distribution)
        for line in distribution.requires or ():
            requirement = Requirement(line)
            extras = EXTRAS if distribution.name == root else ("",)
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(requirement.name)
    return found


def licence(distribution: metadata.Distribution) -> str:
    """Return what a distribution says of its licence: the SPDX expression, else classifiers, else the free text."""
    head = distribution.metadata
    if expression := head.get("License-Expression"):
        return str(expression)
    classifiers = [c.rpartition(" :: ")[2] for c in head.get_all("Classifier") or () if c.startswith("License")]
    return "; ".join(classifiers) or str(head.get("License") or "unknown").splitlines()[0]


def refused(text: str) -> bool:
    """Tell whether a licence may not be in the install. Of several offered by OR, one good one is enough."""
    return all(_REFUSED.search(part) or part.strip() == "unknown" for part in re.split(r"\bOR\b", text))


def main() -> int:
    found = installed("communique")
    for name in sorted(found):
        print(f"{'REFUSED ' if refused(found[name]) else ''}{name}: {found[name]}")
    bad = [name for name in found if refused(found[name])]
    print(f"{len(found)} distributions, {len(bad)} refused")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
