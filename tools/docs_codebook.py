"""The pages of the codebook, drawn from the knowledge files and from the tables of behaviour that the tests hold.

Every sentence shown stands in `tests/behaviour` with what the codebook demands of it, and `tests/test_docs_codebook.py`
codes the sentences of the pages themselves.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from communique.knowledge import Knowledge, load_knowledge
from communique.knowledge.codebook import EventType
from docs_types import cell

ROOT = Path(__file__).parent.parent
BEHAVIOUR = ROOT / "tests/behaviour"
QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
_MOST = 14  # examples of a type
_WORDS = 24  # patterns shown of a type
_COUNTS = {"size": "people who take part", "arrested": "people arrested"}
# What a type is often mixed up with: the first plain sentence of each of these is shown beside it.
_NEAR = {
    "ACCUSE": ("PROTEST/demo", "SANCTION/convict", "THREATEN/arrest", "REJECT/assist"),
    "AID": ("COOPERATE",), "ASSAULT": ("THREATEN/violence", "MOBILIZE/weapons", "COERCE/arrest"),
    "COERCE": ("SANCTION/expel", "RETREAT/release"), "COOPERATE": ("AID",), "MOBILIZE": ("ASSAULT/aerial",),
    "REJECT": ("CONCEDE", "ACCUSE/disapprove"), "REQUEST": ("REJECT/assist",),
    "SANCTION": ("THREATEN/restrict", "COERCE/deport"), "SUPPORT": ("AGREE", "AID"),
}  # fmt: skip
_REGIONS = {
    "security": "Security and world order", "europe": "Europe", "asia": "Asia and the Pacific",
    "middle-east-africa": "Middle East and Africa", "economy": "Economy, energy, technology",
    "rights": "Rights, climate, health and the Americas",
}  # fmt: skip


@cache
def knowledge() -> Knowledge:
    """Return what the program itself knows, loaded once."""
    return load_knowledge()


def rows(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield sentence, events and note of a file of the behaviour suite."""
    with (BEHAVIOUR / name).open(encoding="utf-8", newline="") as f:
        lines = [line for line in f if not line.startswith("#")]
    for sentence, events, *note in csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE):
        yield sentence, events, note[0] if note else ""


def types() -> str:
    """Return the overview: all types by quad, with their pages."""
    book = knowledge().codebook
    lines = ["| type | what it is | quad | score | CAMEO | modes |", "| --- | --- | --- | --- | --- | --- |"]
    for each in sorted(book.types.values(), key=lambda t: t.quad):
        page = f"[{each.id}]({each.id.lower()}.md)"
        lines.append(
            f"| {page} | {cell(each.meaning)} | {each.quad} {QUADS[each.quad]} | {each.score:g} | "
            f"{each.cameo} | {len(each.modes) or ''} |"
        )
    return "\n".join(lines)


def type_facts(name: str) -> str:
    """Return what the codebook says of one type: meaning, scores, codes, modes."""
    each = knowledge().codebook.types[name]
    counts = ", ".join(_COUNTS.get(count, count) for count in each.counts) or "none"
    lines = [
        f"**{each.name}.** {each.meaning}", "",
        f"Quad {each.quad}, {QUADS[each.quad]} · score {each.score:g} · CAMEO {each.cameo} and "
        f"{_related(each)} · magnitudes: {counts}"
        + (" · no event without a recipient" if each.requires_recipient else ""),
    ]  # fmt: skip
    if each.modes:
        lines += ["", "| mode | meaning | example | score | CAMEO |", "| --- | --- | --- | --- | --- |"]
        for mode in each.modes.values():
            shown = next((s for s, e, _ in rows(f"{name.lower()}.tsv") if e.startswith(f"{name}/{mode.id} ")), "")
            lines.append(f"| `{mode.id}` | {cell(mode.meaning)} | {cell(shown)} | {mode.score:g} | {mode.cameo} |")
    return "\n".join(lines)


def _related(each: EventType) -> str:
    """Return how many other CAMEO codes come closest to the type, with their roots."""
    codes = [c for c in knowledge().codebook.cameo.values() if c.type == each.id and len(c.code) > 2]
    roots = sorted({c.code[:2] for c in codes})
    return f"{len(codes)} codes under {', '.join(roots)}"


def type_examples(name: str) -> str:
    """Return the table of examples of a type: each mode, and each way in which a deed may be told."""
    own = [row for row in rows(f"{name.lower()}.tsv") if {_type(e) for e in row[1].split("; ")} == {name}]
    return _table(sorted(_chosen(own, _MOST), key=own.index))


def type_others(name: str) -> str:
    """Return the table of what looks like the type and is another: from its own file, and where a note says so."""
    own = [row for row in rows(f"{name.lower()}.tsv") if name not in {_type(e) for e in row[1].split("; ")}]
    files = sorted(f"{each.lower()}.tsv" for each in knowledge().codebook.types if each != name)
    noted = [row for file in files for row in rows(file) if name in row[2] and name not in row[1]]
    near = [next(row for row in rows(f"{_type(x).lower()}.tsv") if row[1].startswith(x)) for x in _NEAR.get(name, ())]
    return _table(list(dict.fromkeys(sorted([*own, *noted, *near], key=lambda row: not row[2])))[:_MOST])


def type_patterns(name: str) -> str:
    """Return some of the patterns that express a type, and where all of them stand."""
    patterns = [p for p in knowledge().lexicon if p.cls.type == name]
    kinds = Counter(p.kind for p in patterns)
    files = Counter(p.where.split(":")[0] for p in patterns)
    shown = ", ".join(f"`{text}`" for text in _spread([p.text for p in patterns if p.kind == "verb"], _WORDS))
    number = " and ".join(f"{count:,} for {kind}s" for kind, count in kinds.most_common())
    where = ", ".join(f"`{file}`" for file, _ in files.most_common(2))
    return f"{number}; they stand in {where}. Among them: {shown}."


def contexts() -> str:
    """Return the table of contexts with the number of phrases that show each."""
    book = knowledge().codebook
    lines = ["| context | what it is about |", "| --- | --- |"]
    lines += [f"| `{each.id}` | {cell(each.meaning)} |" for each in book.contexts.values()]
    return "\n".join(lines)


def roots() -> str:
    """Return the root codes of CAMEO, with the types that the codes under each come closest to."""
    book = knowledge().codebook
    lines = ["| CAMEO | | types here |", "| --- | --- | --- |"]
    for root in sorted({code[:2] for code in book.cameo}):
        under = [c for c in book.cameo.values() if c.code[:2] == root]
        counted = Counter(c.type for c in under if c.type)
        named = ", ".join(f"[{name}](../codebook/{name.lower()}.md) {n}" for name, n in counted.most_common())
        bare = sum(not c.type for c in under)
        left = f"; {bare} none" if bare and counted else "none" if bare else ""
        lines.append(f"| {root} | {cell(book.cameo[root].name)} | {named}{left} |")
    return "\n".join(lines)


def composed(name: str) -> str:
    """Return a whole file of the behaviour suite as a table."""
    return _table(list(rows(f"{name}.tsv")))


def issues() -> str:
    """Return the catalogue of issues, a table for each of its files."""
    with (BEHAVIOUR / "stances/issues.tsv").open(encoding="utf-8") as f:
        told = {line.split("\t")[0]: line.rstrip("\n").split("\t")[1:] for line in f if not line.startswith("#")}
    parts = []
    for stem, title in _REGIONS.items():
        lines = [f"## {title}", "", "| issue | who supports it wants | example | stance |", "| --- | --- | --- | --- |"]
        for each in knowledge().issues:
            if each.where.startswith(f"issues/{stem}.toml:"):
                sentence, stance = told[each.id]
                under = f", under `{each.parent}`" if each.parent else ""
                lines.append(f"| `{each.id}` {each.name}{under} | {cell(each.support)} | {cell(sentence)} | {stance} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _type(event: str) -> str:
    return event.split()[0].split("/")[0]


def _table(found: Iterable[tuple[str, str, str]]) -> str:
    found = list(found)
    noted = any(note for *_, note in found)
    lines = ["| sentence | is coded |" + (" note |" if noted else ""), "| --- | --- |" + (" --- |" if noted else "")]
    for sentence, events, note in found:
        coded = "; ".join(f"`{event}`" for event in events.split("; ")) if events != "none" else "nothing"
        lines.append(f"| {cell(sentence)} | {coded} |" + (f" {cell(note)} |" if noted else ""))
    return "\n".join(lines)


def _chosen(found: list[tuple[str, str, str]], most: int) -> list[tuple[str, str, str]]:
    """Return rows that between them have every mode, status and claim, then those with a note, then any."""
    seen: set[str] = set()
    first, noted, rest = [], [], []
    for row in found:
        marks = {_mark(event) for event in row[1].split("; ")}
        if not marks <= seen:
            seen |= marks
            first.append(row)
        elif row[2]:
            noted.append(row)
        else:
            rest.append(row)
    return [*first, *noted, *rest][: max(most, len(first))]


def _mark(event: str) -> str:
    """Return mode, status and claim of an event in its short form, without its parties; both kinds of party differ."""
    head, *parts = event.split(" ")
    said = [part for part in parts if part.islower() or part.startswith("@")]
    if said:
        return "@" if said[-1].startswith("@") else said[-1]
    return head + (" >" if ">" in event else "")


def _spread(texts: list[str], most: int) -> list[str]:
    """Return at most so many of `texts`, from everywhere in the list."""
    unique = list(dict.fromkeys(text for text in texts if "$" not in text and len(text) < 40))
    step = max(1, len(unique) // most)
    return unique[::step][:most]
