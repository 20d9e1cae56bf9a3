"""The forms of words that name actors: every name, adjective, surname, title and role with its meaning.

Names are written with and without their accents, offices with hyphen and space, and in the plural.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from communique.errors import KnowledgeError, unknown
from communique.knowledge.actor_rows import EntityRow, PersonRow
from communique.knowledge.actor_types import SECTORS, Entity, Form, Holder, Metonym, Office, Role
from communique.knowledge.phrases import Case
from communique.knowledge.tables import Located

Named = tuple[str, Case, Form]
_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae",
                          "Æ": "Ae", "ð": "d", "þ": "th", "ə": "a", "ʻ": "'", "œ": "oe"})  # fmt: skip


def all_forms(
    entities: Sequence[EntityRow],
    metonyms: Sequence[Located[Metonym]],
    offices: Sequence[Office],
    people: Sequence[PersonRow],
    roles: Sequence[Role],
) -> Iterator[Named]:
    """Yield (phrase, case, meaning) for everything that the knowledge names; equal pairs only once."""
    names = [form for row in entities for form in _entity_forms(row)]
    by_code = {row.entity.code: row.entity for row in reversed(entities)}
    for found in metonyms:
        names.extend(_metonym_forms(found, by_code))
    names.extend(_people_forms(people))
    yield from names
    starts = {name.split(" ", 1)[0].lower() for name, _, _ in names}
    yield from _with_blocked_plurals(list(_title_forms(offices, roles)), starts)


def _title_forms(offices: Sequence[Office], roles: Sequence[Role]) -> Iterator[Named]:
    titles: set[str] = set()
    for office in offices:
        form = Form("office", office=office)
        titles.update(phrase.lower() for phrase in office.forms)
        for phrase in office.forms:
            for text, case in _inflected(phrase):
                yield text, case, form
    for role in roles:
        if role.form.lower() in titles:
            continue
        form = Form("role", role=role, plural=role.plural)
        for text, case in _inflected(role.form):
            yield text, case, form


def _with_blocked_plurals(forms: Sequence[Named], names: Set[str]) -> Iterator[Named]:
    """Yield the forms, and the plural of those whose plural also starts a longer form or one of `names`.

    The table follows a word as it stands before it tries its lemma: "ministers of health" would hide "minister".
    """
    starts = set(names)
    for phrase, _, _ in forms:
        words = phrase.replace("'", " ").split(" ")
        starts.update(" ".join(words[:i]) for i in range(1, len(words)))
    for phrase, case, form in forms:
        yield phrase, case, form
        plural = _plural(phrase)
        if case == "lemma" and plural in starts:
            yield plural, "lower", form


def form_text(phrase: str) -> str:
    """Return a phrase as people read it."""
    return phrase.strip()


def _entity_forms(row: EntityRow) -> Iterator[Named]:
    entity = row.entity
    name, adjective = Form("name", entity), Form("adjective", entity)
    for text in _spellings(row.names):
        yield text, "exact", name
    for text in _spellings(row.adjectives):
        yield text, "exact", adjective
    for singular, plural in row.inhabitants:
        for text in _spellings((singular,)):
            yield text, "exact", Form("inhabitant", entity)
        for text in _spellings((plural,)):
            yield text, "exact", Form("inhabitant", entity, plural=True)
    capital = Form("capital", entity)
    for text in _spellings(row.capitals):
        yield text, "exact", capital


def _metonym_forms(found: Located[Metonym], by_code: dict[str, Entity]) -> Iterator[Named]:
    entry = found.entry
    entity = by_code.get(entry.code)
    if entity is None:
        raise KnowledgeError(f"{found.where}: metonym: {unknown('code', entry.code, by_code)}")
    if entry.sector and entry.sector not in SECTORS:
        raise KnowledgeError(f"{found.where}: metonym: {unknown('sector', entry.sector, SECTORS, most=30)}")
    form = Form("seat", replace(entity, sector=entry.sector, name=entry.name or entity.name, where=found.where))
    for text in _spellings(entry.names):
        yield text, "exact", form


def _people_forms(people: Sequence[PersonRow]) -> Iterator[Named]:
    """Yield each person's names and surname once, with all tenures; people are told apart by Wikidata id or name."""
    tenures: dict[str, list[Holder]] = {}
    names: dict[str, dict[str, None]] = {}
    surnames: dict[str, dict[str, None]] = {}
    ids = {row.holder.person: row.holder.wikidata for row in people if row.holder.wikidata}
    for row in people:
        key = row.holder.wikidata or ids.get(row.holder.person) or row.holder.person
        tenures.setdefault(key, []).append(row.holder)
        names.setdefault(key, {}).update(dict.fromkeys(row.names))
        surnames.setdefault(key, {})[row.surname] = None
    for key, held in tenures.items():
        holders = tuple(held)
        person, surname = Form("person", holders=holders), Form("surname", holders=holders)
        full = _spellings(n for n in names[key] if n not in surnames[key])
        for text in full:
            yield text, "exact", person
        for text in _spellings(surnames[key]):
            yield text, "exact", surname


def _spellings(texts: Iterable[str]) -> list[str]:
    """Return each text as it is, without accents, and with "The" for a leading "the"; no text twice."""
    found: dict[str, None] = {}
    for text in texts:
        if not text:
            continue
        found[text] = None
        if not text.isascii():
            found[without_accents(text)] = None
        if text.startswith("the "):
            found["The " + text[4:]] = None
    mixed = {text.upper() for text in found if not text.isupper()}
    return [text for text in found if not (len(text) > 3 and text in mixed)]  # capitals are matched anyway


def without_accents(text: str) -> str:
    """Return `text` in plain letters: "Orbán" -> "Orban"."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _inflected(phrase: str) -> Iterator[tuple[str, Case]]:
    """Yield a phrase of common words with its spellings and the plural that no lemma of the last word gives."""
    for text in dict.fromkeys((phrase, phrase.replace("-", " "))):
        yield text, "lemma"
        for preposition in (" of ", " for ", " to ", " in "):
            head, found, rest = text.partition(preposition)
            if found and not head.endswith("s"):
                yield f"{_plural(head)}{preposition}{rest}", "lower"
                break


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun[:-3] + "men" if noun.endswith("man") else noun + "s"
