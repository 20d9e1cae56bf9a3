"""The forms of words that name actors: every name, adjective, surname, title and role with its meaning.

Offices and roles are written with hyphen and space, and in the plural.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from communique.errors import KnowledgeError, unknown
from communique.knowledge.actor_rows import EntityRow, PersonRow
from communique.knowledge.actor_types import SECTORS, Entity, Form, Holder, Metonym, Nothing, Office, Role
from communique.knowledge.names import NameCase
from communique.knowledge.phrases import without_accents
from communique.knowledge.tables import Located

Named = tuple[str, NameCase, Form]
_ARTICLE = re.compile(r"^(?:[Aa][lnrstdz]|[Aa]sh|[Ee]l|[Uu]l)-(?=[A-Z])")
_SYLLABLES = re.compile(r"([A-Z][a-z]+) ([A-Z][a-z]{1,6})-([A-Za-z][a-z]{1,6})")


def name_forms(
    entities: Sequence[EntityRow],
    metonyms: Sequence[Located[Metonym]],
    offices: Sequence[Office],
    people: Sequence[PersonRow],
) -> list[Named]:
    """Return (phrase, case, meaning) for every name. Raises KnowledgeError for a metonym of no entity."""
    names = [form for row in entities for form in _entity_forms(row)]
    by_code = {row.entity.code: row.entity for row in reversed(entities)}
    for found in metonyms:
        names.extend(_metonym_forms(found, by_code))
    names.extend(_people_forms(people, {office.id for office in offices if office.known}))
    return names


def word_forms(offices: Sequence[Office], roles: Sequence[Role], nothing: Sequence[Nothing] = ()) -> Iterator[Named]:
    """Yield (phrase, case, meaning) for the common words that stand for actors, and for what only looks like one."""
    yield from _title_forms(offices, roles)
    inflection = Inflection(frozenset())
    for blocked in nothing:
        yield blocked.form, blocked.case, Form("nothing")
        if blocked.case == "lower":
            yield from ((plural, "lower", Form("nothing")) for plural in inflection.plurals(blocked.form))


def _title_forms(offices: Sequence[Office], roles: Sequence[Role]) -> Iterator[Named]:
    titles = {phrase.lower() for office in offices for phrase in office.forms}
    inflection = Inflection(titles | {role.form.lower() for role in roles})
    for office in offices:
        for phrase in office.forms:
            yield from inflection.forms(phrase, Form("office", office=office))
    for role in roles:
        if role.form.lower() not in titles:
            yield from inflection.forms(role.form, Form("role", role=role, plural=role.plural))


class Inflection:
    """Singular and plural of common words, with hyphen and with space; `inflect` is loaded when one is compiled."""

    def __init__(self, own: Set[str]) -> None:
        """`own` are phrases that have an entry of their own, so that no plural is made for them ("people")."""
        import inflect

        self._engine = inflect.engine()
        self._own = own

    def forms(self, phrase: str, form: Form) -> Iterator[Named]:
        """Yield the spellings of `phrase`, singular and plural; one in capitals ("CEO") must be written so."""
        for text in dict.fromkeys((phrase, phrase.replace("-", " "))):
            case: NameCase = "exact" if text.isupper() else "lower"
            yield text, case, form
            for plural in self.plurals(text):
                if form.office is not None or plural.lower() not in self._own:
                    yield plural, case, form

    def plurals(self, phrase: str) -> Iterator[str]:
        """Yield the plurals of a phrase: of its last word, or of the word before "of", "for", "to", "in", "at"."""
        if phrase.isupper():
            yield f"{phrase}s"
            return
        heads = re.split(r" (?=(?:of|for|to|in|at|on|with|from) )", phrase, maxsplit=1)
        plural = self._plural(heads[0])
        yield " ".join((plural, *heads[1:]))
        if heads[0].endswith(" general"):  # "attorneys general"
            first, _, last = heads[0].rpartition(" ")
            yield " ".join((self._plural(first), last, *heads[1:]))

    def _plural(self, words: str) -> str:
        first, _, last = words.rpartition(" ")
        plural = last if not last.isalpha() or self._engine.singular_noun(last) else self._engine.plural_noun(last)
        return f"{first} {plural}".strip()


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


def _people_forms(people: Sequence[PersonRow], known: Set[str]) -> Iterator[Named]:
    """Yield each person's names with all tenures, and the surname of those whom reports know by it.

    People are told apart by Wikidata id or name. `known` are the offices whose holders reports name by the surname
    alone; such a form is `common` if somebody else in the files has the surname too.
    """
    tenures: dict[str, list[Holder]] = {}
    names: dict[str, dict[str, None]] = {}
    surnames: dict[str, dict[str, None]] = {}
    listed: set[str] = set()  # in the list of the best-known, or in a user's
    ids = {row.holder.person: row.holder.wikidata for row in people if row.holder.wikidata}
    for row in people:
        key = row.holder.wikidata or ids.get(row.holder.person) or without_accents(row.holder.person).lower()
        tenures.setdefault(key, []).append(row.holder)
        names.setdefault(key, {}).update(dict.fromkeys(row.names))
        surnames.setdefault(key, {})[row.surname] = None
        if row.rank <= 1:
            listed.add(key)
    bearers = Counter(without_accents(name).lower() for held in surnames.values() for name in held)
    for key, held in tenures.items():
        person = Form("person", holders=tuple(held))
        famous = tuple(h for h in held if h.leader or h.office in known or key in listed)
        shorter = (_without_middle(n) for n in list(names[key])) if famous else ()
        full = _spellings(n for n in (*names[key], *shorter) if n not in surnames[key] or " " in n)
        for text in full:
            yield text, "exact", person
        for text in _spellings(n for n in surnames[key] if n not in names[key] or " " not in n) if famous else ():
            common = bearers[without_accents(text).lower()] > 1
            # "al-Jubeir", then "Jubeir"; "De Mistura" at the beginning of a sentence
            for short in dict.fromkeys((text, _ARTICLE.sub("", text), text[0].upper() + text[1:])):
                yield short, "exact", Form("surname", holders=famous, common=common)
        if not famous:  # a name of one word is all that these have
            for text in _spellings(n for n in names[key] if n in surnames[key] and n == held[0].person):
                yield text, "exact", person


def _without_middle(name: str) -> str:
    """Return the first and last of three or more names: "Recep Erdoğan"; "" where a particle stands before the last."""
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) > 2 and words[-2][0].isupper() else ""


def _spellings(texts: Iterable[str]) -> list[str]:
    """Return each text as it is, with "The" for a leading "the", and Korean names as they are cut; none twice."""
    found: dict[str, None] = {}
    for text in texts:
        if not text:
            continue
        found[text] = None
        if text.startswith("the "):
            found["The " + text[4:]] = None
        if (joined := _SYLLABLES.fullmatch(text)) is not None:  # "Kim Jong-un", "Kim Jong Un", "Kim Jong-Un"
            family, one, two = joined.groups()
            found[f"{family} {one} {two.title()}"] = None
            found[f"{family} {one}-{two.title()}"] = None
            found[f"{family} {one}-{two.lower()}"] = None
            found[f"{family} {one}{two.lower()}"] = None
    mixed = {text.upper() for text in found if not text.isupper()}
    return [text for text in found if not (len(text) > 3 and text in mixed)]  # capitals are matched anyway
