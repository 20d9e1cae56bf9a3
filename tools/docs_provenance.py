"""Where the data in the package are from: a table of all files with version, size, source and licence, and their
hashes, for docs/reference/provenance.md.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docs_types import cell

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/communique"
KNOWLEDGE = PACKAGE / "knowledge/data"
# Data outside the knowledge files, which say for themselves or beside them what they are.
ELSEWHERE = (
    *(f"exchange/data/{name}.csv" for name in (
        "acled_regions", "acled_types", "cameo_groups", "gdelt_codes", "icews_names", "sectors",
    )), "reading/languages.csv", "showing/data/world-110m.json",
)  # fmt: skip
_LINES = re.compile(r"^# (\w+): *(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of data: its name below the folder, what it says of itself, its size in bytes, and its SHA-256."""

    name: str
    version: str
    source: str
    licence: str
    size: int
    sha256: str


def origins(folder: Path = KNOWLEDGE) -> list[Origin]:
    """Return the origin of every knowledge file, by name. Raises ValueError for one that does not say its own."""
    return [origin(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*")) if path.is_file()]


def origin(path: Path, name: str) -> Origin:
    """Return the origin of a file by what stands at its head. Raises ValueError where something is missing."""
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8")
    head = _head(path.suffix, text)
    missing = [each for each in ("source", "licence") if not head.get(each)]
    if missing:
        raise ValueError(f"{name} does not say its {' and '.join(missing)}")
    return Origin(
        name, head.get("version", ""), head["source"], head["licence"], len(raw), hashlib.sha256(raw).hexdigest()
    )


def provenance() -> str:
    """Return the table of the knowledge files, that of data elsewhere, and the hashes of all."""
    known = origins()
    others = [origin(PACKAGE / name, name) for name in ELSEWHERE]
    return "\n\n".join(
        [_table(known), "### Elsewhere in the package", _table(others), "### Hashes", "\n".join(_hashes(known))]
    )


def _head(suffix: str, text: str) -> Mapping[str, str]:
    """Return what a file says of itself."""
    if suffix == ".toml":
        return tomllib.loads(text).get("file", {})
    found: Mapping[str, str] = json.loads(text) if suffix == ".json" else dict(_LINES.findall(text))
    return found


def _table(some: list[Origin]) -> str:
    rows = ["| file | version | bytes | source | licence |", "| --- | --- | ---: | --- | --- |"]
    for each in some:
        rows.append(f"| `{each.name}` | {each.version} | {each.size:,} | {cell(each.source)} | {cell(each.licence)} |")
    return "\n".join(rows)


def _hashes(some: list[Origin]) -> Iterator[str]:
    """Yield a block of lines as `sha256sum` writes them."""
    yield "```text"
    yield from (f"{each.sha256}  {each.name}" for each in some)
    yield "```"
