"""The reference of the knowledge files: one section for each table, drawn from the schemas that loading uses.

Most tables have a pydantic schema. States, organisations, groups, people and roles are checked by hand for speed
(`communique.knowledge.actor_rows`); what their fields mean is written down here, and a field that is missing here or
there is an error.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import communique.knowledge
from communique.knowledge import actor_rows
from communique.knowledge.tables import CSV_TABLES, Entry
from docs_types import cell, name_of_type

_GROUPS = {
    "What is coded": ("class", "composition", "word", "modal", "type", "context", "cues", "cameo", "label"),
    "Who": (
        "state",
        "membership",
        "organisation",
        "group",
        "person",
        "office",
        "role",
        "metonym",
        "homonym",
        "nothing",
        "given",
    ),
    "What about, where": ("issue", "place"),
    "How a report and a language look": ("furniture", "repeated", "language", "quantities"),
}
_NAME = {
    "name": "the name that records give; required",
    "names": "other names, list",
    "adjectives": "“French”; a noun after one stands for the body, list",
    "inhabitants": "`French/French`, singular and plural, list",
    "start": "first day, or year, or year and month; empty is open",
    "end": "last day, likewise",
    "sectors": "PLOVER sectors, list",
    "wikidata": "Wikidata id",
    "id": "what distinguishes entries of one code; empty for a code's main entry",
}
_STATE = {
    **_NAME,
    "code": "ISO 3166-1 alpha-3; of a territory, the state that it is counted to; required",
    "iso2": "ISO 3166-1 alpha-2",
    "isonum": "ISO 3166-1 numeric",
    "fips": "FIPS 10-4",
    "cameo": "code of CAMEO's dictionaries",
    "cow": "Correlates of War number, today's or the last; by day in `membership.csv`",
    "gw": "Gleditsch and Ward number, where it differs",
    "kind": "`state` or `territory`",
    "capitals": "names of the seat of government, which stand for it, list",
    "rule": "office that governs in fact; `president;prime-minister@2017-05-01` where it changed",
}
_BODY = {
    **_NAME,
    "sector": "PLOVER sector; `sectors` has further ones",
    "code": "the organisation's own, or that of the state to which the body belongs; required but for peoples",
    "kind": "`igo`, `bloc`, `group`, `party`, `armed`, `company`, `media`, `ngo`, `body` or `ethnic`",
    "members": "codes; `GBR:1973-01-01/2020-01-31` for a term, list",
}
_PERSON = {
    "person": "full name; required",
    "aliases": "other names, list",
    "surname": "what a report uses alone, where it is not the last word (first for CHN, PRK, KOR, TWN)",
    "code": "of the state or organisation; required",
    "sector": "PLOVER sector; empty takes the office's",
    "office": "id of an `[[office]]`",
    "start": "first day of the tenure; empty is open",
    "end": "last day, likewise",
    "wikidata": "Wikidata id",
    "leader": "`y` for who governed in fact",
}
_ROLE = {
    "form": "the words, in the singular; required",
    "sector": "PLOVER sector",
    "sectors": "further sectors, list",
    "code": "where the words alone say whose: “UN inspector”",
    "head": "`n`: an actor only together with a country (“officials”)",
    "plural": "`y`: means several",
}
_ROWS: dict[str, tuple[str, dict[str, str], frozenset[str]]] = {
    "state": ("A state, or a territory under the state that it is counted to.", _STATE, actor_rows._STATE),
    "organisation": ("An organisation or one of its bodies.", _BODY, actor_rows._BODY),
    "group": ("A region, bloc or people, with its members by name.", _BODY, actor_rows._BODY),
    "person": (
        "One tenure of an office by a person: another row for another office. Who is nobody's officer has no office.",
        _PERSON,
        actor_rows._PERSON,
    ),
    "role": ("A word for people by what they do, with its sector.", _ROLE, actor_rows._ROLE),
}
# What the docstring of a schema does not say of its fields.
_MEANING = {
    "class": {
        "id": "`type.what`, by habit; the key",
        "type": "PLOVER type of the event that it codes",
        "mode": "a mode of that type",
        "cameo": "CAMEO code; empty takes that of type and mode",
        "contexts": "PLOVER contexts that it always has",
        "stance": "of the actor, on what stands in the slots of `recipient` and `content`; `reverse` turns the stance",
        "speech": "makes the clause or quotation that it governs a statement",
        "form": "form of the statement, where it is not that of `speech`",
        "operator": "acts on the deed that it governs, by the rules of `[[composition]]`",
        "reciprocal": "done together: all sides are actors (meet, agree, clash)",
        "verbs": "patterns, see below",
        "nouns": "patterns, see below",
        "adjectives": "patterns, see below",
        "actor": "slots in which the actor is looked for; default `subject`",
        "recipient": "... and the recipient; default `chain`, `object`, `indirect`",
        "noun_actor": "the same for nouns",
        "noun_recipient": "the same for nouns",
        "content": "slots of what it is about; default `clause`, `object`, `chain`",
        "needs": "no event where these are not known",
        "only_with": "lemmas of which one has to stand in the object, or `@word`",
        "not_with": "lemmas with which it does not hold: “attack the problem”",
    },
    "issue": {
        "support": "what one who supports it wants",
        "aliases": "names for `communique knowledge issues`",
        "cues": "words in a row that name it: `security guarantee`",
        "cues_all": 'sets of words that all stand in the phrase, in any order: `["nato", "enlargement\\|expansion"]`',
        "cues_near": "cues that hold only where one of `about` is spoken of: `independence`",
        "about": "codes of whom it is about",
        "actors": "codes of whom it concerns",
        "parent": "the wider issue; of several issues named the more specific counts",
        "since": "ISO date or year",
        "until": "ISO date or year",
    },
    "place": {"kind": "`country`, `capital`, `city`, `region`, `area`, `sea`, `strait`, `island`, ...; see below"},
    "type": {
        "modes": "tables `{id, score, meaning, cameo}`",
        "cameo": "the type's most general code",
        "counts": "of `dead`, `injured`, `size`, `arrested`, `money`; default all",
    },
    "cues": {
        "id": "the key",
        "context": "the context that is shown; none: the words show nothing",
        "words": "lemma phrases: `voter turnout`",
        "events": "types, or types with a mode",
        "actors": "PLOVER sectors",
        "recipients": "PLOVER sectors",
        "unless": "contexts beside which it does not hold",
    },
    "office": {"forms": "lemma phrases: `foreign minister`", "several": "many hold it at once: ambassador"},
    "metonym": {"code": "of the body that is meant", "names": "`Kremlin`, `Downing Street`"},
    "membership": {"code": "of the state", "start": "ISO date", "end": "ISO date; open if empty"},
    "given": {"name": "as it is written, accents or not", "gender": "`f` or `m`"},
    "nothing": {"form": "`Korean War`", "case": "`exact` or `lower`; the latter in the plural too"},
    "homonym": {
        "names": "`Georgia`",
        "readings": "tables `{name, code, sector, cues}`; without a code the name means no actor",
        "where": "set by the program",
    },
    "composition": {"id": "the key", "operator": "an operator that some class has"},
}
# Closed classes by the dozen, each explained by a comment in the file itself.
_ELSEWHERE = {"language": "data/language/en.toml", "quantities": "data/language/en-quantities.toml"}


def knowledge() -> str:
    """Return one section for each table of the knowledge files; raises KeyError for a table that no group has."""
    known = {**schemas(), **_ROWS}
    if left := known.keys() - {table for tables in _GROUPS.values() for table in tables}:
        raise KeyError(f"tables without a place in the reference: {sorted(left)}")
    parts = []
    for title, tables in _GROUPS.items():
        parts.append(f"## {title}")
        parts += [_rows(t) if t in _ROWS else _schema(t, schemas()[t]) for t in tables]
    return "\n\n".join(parts)


def schemas() -> dict[str, type[Entry]]:
    """Return the schema of each table: the class that the code gives to `validated` together with the table's name."""
    return dict(_schemas())


def _schemas() -> Iterator[tuple[str, type[Entry]]]:
    for info in pkgutil.iter_modules(communique.knowledge.__path__, "communique.knowledge."):
        module = importlib.import_module(info.name)
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "validated":
                table, schema = node.args[1], node.args[2]
                # The issues read `[[word]]` too, with fewer fields: the lexicon's schema is the table's.
                if isinstance(table, ast.Constant) and isinstance(schema, ast.Name) and schema.id != "Words":
                    yield str(table.value), getattr(module, schema.id)


def _heading(table: str) -> str:
    files = [f"`{stem}.csv`" for stem, of in CSV_TABLES.items() if of == table]
    return f"### `[[{table}]]`" + (f" or {files[0]}" if files else "")


def _schema(table: str, schema: type[Entry]) -> str:
    about = (
        " ".join(inspect.cleandoc(schema.__doc__ or "").split())
        .removeprefix(f"`[[{table}]]`: ")
        .removeprefix("`cameo.csv`: ")
    )
    about = about.replace(" (see `communique.knowledge.lexicon`)", "").replace("; see the module for the cues", "")
    about = about.replace(" - `", "\n- `").replace("overrule. `opens`", "overrule.\n\n`opens`")
    rows = [_heading(table), "", about[:1].upper() + about[1:], ""]
    if table in _ELSEWHERE:
        return "\n".join([*rows, f"All fields are required; `{_ELSEWHERE[table]}` has them with a comment for each."])
    meanings = _MEANING.get(table, {})
    if unknown := meanings.keys() - schema.model_fields.keys():
        raise KeyError(f"[[{table}]] has no fields {sorted(unknown)}")
    rows += ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name, info in schema.model_fields.items():
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
        kind = name_of_type(info.annotation).removesuffix(" or null")
        rows.append(f"| `{name}` | {cell(kind)} | {default} | {meanings.get(name, '')} |")
    return "\n".join(rows)


def _rows(table: str) -> str:
    about, meanings, known = _ROWS[table]
    if meanings.keys() != known:
        raise KeyError(f"the fields of [[{table}]] and what docs_knowledge says differ: {meanings.keys() ^ known}")
    rows = [_heading(table), "", about, "", "| field | meaning |", "| --- | --- |"]
    rows += [f"| `{name}` | {cell(meaning)} |" for name, meaning in meanings.items()]
    return "\n".join(rows)


def _default(value: Any) -> str:
    return "" if value in ("", None, (), {}, []) else f"`{value!r}`"
