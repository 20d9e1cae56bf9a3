"""List the licences of everything that installing communique installs; fail if one of them is a GPL.

usage: python tools/licences.py [--write]

Follows the requirements of the installed distribution, with its extras for users; those for developers are left out.
Weak file-level copyleft (MPL) passes: it asks nothing of programs that use the library unchanged. The list must be
that of docs/reference/licences.md, which `--write` writes; what stands there and is not installed here passes, since
other systems need other distributions.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

PAGE = Path(__file__).parent.parent / "docs/reference/licences.md"
_MARKED = re.compile(r"(<!-- licences -->\n).*?(<!-- /licences -->)", re.DOTALL)
_ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| (.*?) \|$", re.MULTILINE)
_REFUSED = re.compile(r"\b(A?L?GPL|GNU|General Public)", re.IGNORECASE)


EXTRAS = ("", "brief", "cluster", "notebook", "serve")


@cache
def _distribution(name: str) -> metadata.Distribution:
    return metadata.distribution(name)


def installed(root: str, extras: Sequence[str] = EXTRAS) -> dict[str, str]:
    """Return the licence of `root` and of each distribution that it needs here, by name, with these extras of its own.

    Raises PackageNotFoundError where one of them is not installed.
    """
    found: dict[str, str] = {}
    waiting = [root]
    while waiting:
        distribution = _distribution(waiting.pop())
        name = distribution.name.lower().replace("_", "-")
        if name in found:
            continue
        found[name] = licence(distribution)
        for line in distribution.requires or ():
            requirement = Requirement(line)
            own = extras if distribution.name == root else ("",)
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in own):
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


def needed_by(root: str) -> dict[str, tuple[str, ...]]:
    """Return for each distribution the extras without which it is not installed; none for what always is."""
    base = installed(root, ("",))
    every: dict[str, tuple[str, ...]] = dict.fromkeys(base, ())
    for extra in EXTRAS[1:]:
        for name in installed(root, ("", extra)):
            if name not in base:
                every[name] = (*every.get(name, ()), extra)
    return every


def family(text: str) -> frozenset[str]:
    """Return the licences that a text names, whatever their spelling: versions of a library change that often.

    >>> family("Apache Software License") == family("Apache-2.0")
    True
    """
    text = text.replace("Mozilla Public License", "MPL").replace("Python Software Foundation", "PSF")
    found = re.findall(r"[AL]?GPL|MIT|BSD|Apache|MPL|PSF|ISC|Zlib|CC0|CNRI|Unlicense", text)
    return frozenset(found) or frozenset({text})


def table(found: Mapping[str, str], extras: Mapping[str, Sequence[str]]) -> str:
    """Return the list as a table."""
    rows = ["| distribution | licence | only with |", "| --- | --- | --- |"]
    rows += [f"| `{n}` | {found[n].replace('|', '/')} | {', '.join(extras[n])} |" for n in sorted(found)]
    return "\n".join(rows)


def differences(page: str, found: Mapping[str, str], extras: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield what the page does not say as it is here."""
    there = {name: (licence, only) for name, licence, only in _ROW.findall(page)}
    for name, licence, only in _ROW.findall(table(found, extras)):
        if name not in there:
            yield f"{name} ({licence}) is installed and not listed"
        elif (family(there[name][0]), there[name][1]) != (family(licence), only):
            yield f"{name} is listed as {' / '.join(there[name])}, and is {licence} / {only}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="List the licences of what is installed.")
    options.add_argument("--write", action="store_true", help="write the page of the documentation")
    chosen = options.parse_args(arguments)
    found, extras = installed("communique"), needed_by("communique")
    bad = [name for name in sorted(found) if refused(found[name])]
    for name in bad:
        print(f"REFUSED {name}: {found[name]}")
    page = PAGE.read_text(encoding="utf-8")
    if chosen.write:
        page = _MARKED.sub(lambda m: f"{m[1]}\n{table(found, extras)}\n\n{m[2]}", page)
        PAGE.write_text(page, encoding="utf-8")
    wrong = list(differences(page, found, extras))
    for line in wrong:
        print(f"{PAGE.name}: {line}. `make docs-write` writes it.")
    print(f"{len(found)} distributions, {len(bad)} refused, {len(wrong)} not as the documentation says")
    return 1 if bad or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
