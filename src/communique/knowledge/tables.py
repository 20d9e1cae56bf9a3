"""Knowledge files: reading them, and saying exactly where one is wrong.

A knowledge folder holds TOML and CSV files. A TOML file is a sequence of entries `[[table]]`; what an entry is
follows from the name of its table, never from the name of the file, so that one file of a user's may hold an actor,
a verb and an issue. A CSV file holds entries of one table, whose name is the file's (`people.csv`: `person`, see
`CSV_TABLES`); lists within a cell are separated by `;`. A TOML file may start with a table `[file]`, a CSV file with
lines `# key: value`, giving `version`, `source` and `licence`. A table may be spread over several files in a folder
that has the table's name (`people/europe.csv`).

Folders are read in order: an entry of a later folder replaces the earlier one with the same key.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from communique.errors import KnowledgeError, unknown

BUILTIN = Path(__file__).parent / "data"
CSV_TABLES = {
    "states": "state", "people": "person", "roles": "role", "places": "place", "cameo": "cameo", "groups": "group",
    "organisations": "organisation", "membership": "membership",
    "nothing": "nothing", "given": "given",
}  # fmt: skip
ACTOR_TABLES = frozenset({
    "state", "membership", "organisation", "group", "person", "office", "role", "metonym", "homonym", "nothing",
    "given",
})  # fmt: skip
TABLES = ACTOR_TABLES | frozenset({
    "word", "type", "context", "cues", "cameo", "class", "composition", "modal",
    "language", "quantities", "issue", "furniture", "repeated", "place", "season", "occasion",
    "label",
})  # fmt: skip
_HEADER = re.compile(r"^\s*\[\[\s*([A-Za-z_]+)\s*\]\]")


class Entry(BaseModel):
    """Base of all schemas of knowledge entries: unknown fields are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as it stands in a file, not yet validated."""

    values: Mapping[str, Any]
    path: Path
    line: int
    builtin: bool

    @property
    def where(self) -> str:
        """File and line as people write them: `lexicon/accuse.toml:12` for our own files, the path for theirs."""
        path = self.path.relative_to(BUILTIN) if self.builtin else self.path
        return f"{path.as_posix()}:{self.line}"


@dataclass(frozen=True, slots=True)
class Located(Generic[E]):
    """A validated entry and where it stands, for `explain`."""

    entry: E
    where: str


Tables = dict[str, list[Raw]]


def read_folders(folders: Iterable[Path]) -> Tables:
    """Read our own knowledge and then every file of `folders`; return the raw entries by table.

    Raises KnowledgeError for a folder that is missing and for a file that is not TOML, CSV or names unknown tables.
    """
    tables: Tables = {}
    for path, builtin in _files(folders):
        if path.suffix == ".toml":
            _read_toml(path, builtin, tables)
        else:
            _read_csv(path, builtin, tables)
    return tables


def read_file(path: Path) -> Tables:
    """Return the raw entries of one TOML file of a user's; raises KnowledgeError for a file that is none."""
    tables: Tables = {}
    _read_toml(path, False, tables, heads=("file", "codebook"))
    return tables


def tables_in(folder: Path) -> Iterator[str]:
    """Yield the names of the tables that the files of a folder have; raises KnowledgeError for a file that is none."""
    for path in folder.rglob("*"):
        if path.suffix == ".csv":
            yield _table_of(path)
        elif path.suffix == ".toml":
            yield from read_file(path)


def read_head(path: Path, name: str) -> tuple[Mapping[str, Any] | None, int]:
    """Return the table `[name]` of a TOML file, None if it has none, and its line.

    Raises KnowledgeError for a file that cannot be read or is no TOML.
    """
    text = read_text(path)
    try:
        values = tomllib.loads(text).get(name)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{path}: {error}. Correct the TOML there.") from None
    line = next((n for n, t in enumerate(text.splitlines(), 1) if t.strip().startswith(f"[{name}")), 1)
    return (values if isinstance(values, dict) else None), line


def knowledge_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield our own files and those of `folders`, in the order in which they are read.

    Raises KnowledgeError for a folder that is missing.
    """
    return (path for path, _ in _files(folders))


def _files(folders: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    for folder in (BUILTIN, *folders):
        if not folder.is_dir():
            raise KnowledgeError(f"No knowledge folder {str(folder)!r}. Give a folder of .toml or .csv files.")
        # A file before the folder of its name: what is spread over a folder adds to it.
        for path in sorted(folder.rglob("*"), key=lambda p: (p.with_suffix("").parts, p.suffix)):
            if path.suffix in (".toml", ".csv"):
                yield path, folder == BUILTIN


def validated(tables: Tables, table: str, schema: type[E], key: Callable[[E], str] | None = None) -> list[Located[E]]:
    """Validate the entries of `table`; an entry with the key of an earlier one replaces it, in its place.

    Raises KnowledgeError with file, line, field and remedy for the first entry that does not follow `schema`.
    """
    found: dict[str, Located[E]] = {}
    for number, raw in enumerate(tables.get(table, ())):
        try:
            entry = schema.model_validate(raw.values)
        except ValidationError as error:
            raise KnowledgeError(_explain(raw, table, schema, error)) from None
        found[key(entry) if key else str(number)] = Located(entry, raw.where)
    return list(found.values())


def split_list(cell: str) -> tuple[str, ...]:
    """Return the items of a CSV cell that holds a list (`a;b;c`)."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def read_text(path: Path) -> str:
    """Return the text of a file; raises KnowledgeError for one that cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KnowledgeError(f"{path}: {error.strerror}. Check the name, and that the file can be read.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise KnowledgeError(f"{path}:{line}: not UTF-8. Save the file as UTF-8.") from None


def _read_toml(path: Path, builtin: bool, tables: Tables, heads: tuple[str, ...] = ("file",)) -> None:
    text = read_text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{path}: {error}. Correct the TOML there.") from None
    lines: dict[str, list[int]] = {}
    for number, content_line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(content_line):
            lines.setdefault(match[1], []).append(number)
    for table, entries in content.items():
        if table in heads:
            continue
        if table == "codebook":
            raise KnowledgeError(f"{path}:1: a codebook among knowledge files. Give it by --codebook {path.name}.")
        if table not in TABLES or not isinstance(entries, list):
            line = next((n for n, t in enumerate(text.splitlines(), 1) if table in t), 1)
            raise KnowledgeError(f"{path}:{line}: {unknown('table', table, TABLES, most=40)} Write [[table]].")
        for values, line in zip(entries, lines.get(table, [1] * len(entries)), strict=False):
            if not isinstance(values, dict):
                raise KnowledgeError(f"{path}:{line}: {values!r} is no {table}. Write [[{table}]], its fields below.")
            tables.setdefault(table, []).append(Raw(values, path, line, builtin))


def _table_of(path: Path) -> str:
    table = CSV_TABLES.get(path.stem) or CSV_TABLES.get(path.parent.name)
    if table is None:
        raise KnowledgeError(f"{path}: {unknown('CSV table', path.stem, CSV_TABLES)} Rename the file.")
    return table


def _read_csv(path: Path, builtin: bool, tables: Tables) -> None:
    table = _table_of(path)
    lines = read_text(path).splitlines()
    skipped = 0
    while skipped < len(lines) and (not lines[skipped].strip() or lines[skipped].startswith("#")):
        skipped += 1
    rows = csv.DictReader(lines[skipped:], strict=True)
    entries = tables.setdefault(table, [])
    try:
        for row in rows:
            line = skipped + rows.line_num
            if None in row or None in row.values():
                wanted = len(rows.fieldnames or ())
                raise KnowledgeError(f"{path}:{line}: the row has not {wanted} cells. Quote cells that hold a comma.")
            entries.append(Raw({k: v for k, v in row.items() if v}, path, line, builtin))
    except csv.Error as error:
        raise KnowledgeError(
            f"{path}:{skipped + rows.reader.line_num}: {error}. Write a quote in a cell twice."
        ) from None


def _explain(raw: Raw, table: str, schema: type[Entry], error: ValidationError) -> str:
    """Say in one line what is wrong with the entry, where, and what would be right."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    line = _field_line(raw, field)
    path = raw.where.rpartition(":")[0]
    name = raw.values.get("id") or raw.values.get("code") or raw.values.get("name") or ""
    label = f"{table} {name!r}" if name else table
    if first["type"] == "extra_forbidden":
        problem = unknown("field", field, schema.model_fields, most=30)
    elif first["type"] == "missing":
        problem = f"the field {field!r} is missing. Add it."
    else:
        problem = f"field {field!r}: {first['msg'].removeprefix('Value error, ')} (it is {first['input']!r})."
    return f"{path}:{line}: {label}: {problem}"


def _field_line(raw: Raw, field: str) -> int:
    if raw.path.suffix != ".toml":
        return raw.line
    lines = raw.path.read_text(encoding="utf-8").splitlines()
    for number in range(raw.line, len(lines)):
        if _HEADER.match(lines[number]):
            break
        if re.match(rf"^\s*{re.escape(field)}\s*=", lines[number]):
            return number + 1
    return raw.line
