"""Where: the places that a report names, each with the sense that it has there, the reason, and what it might be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from communique.grounding.place_evidence import guard, holds
from communique.grounding.place_mentions import PlaceMention, read_mentions
from communique.grounding.place_names import Form
from communique.grounding.place_senses import Ask, Scored, settle
from communique.grounding.place_voices import homely, telephones, voices
from communique.knowledge.gazetteer import Gazetteer, Site, without_seated
from communique.knowledge.gazetteer_table import TOWNS
from communique.knowledge.place_names import fold
from communique.language.tree import Sentence
from communique.records import Place, Span

_SMALL = 5_000
_TOWN = 100_000
_NAMES = 20
"""Names in other languages that a great city has; a suburb that bears a president's name has fewer."""
_HALF = 0.5
_GREAT = 300_000
_VERY_GREAT = 1_000_000
_KNOWN = frozenset("country continent capital sea ocean area".split())
_OF_A_COUNTRY = 0.6
"""What a country that an actor of the report belongs to adds to its places: as much as a fourfold population."""
_VOICE = 2.0
_VOTES = ((0.6, 0.8, 1.0), (0.2, 0.5, 1.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0))
"""How much a name counts for others: by how much it wants to be said to be a place, and how much it is."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lost:
    """A place that a name could have meant, and why it was not taken."""

    site: Site
    reason: str


@dataclass(frozen=True, slots=True)
class Located:
    """A place named at words `first` to `last` of sentence number `sentence`: what it is, why, and what lost."""

    place: Place
    site: Site
    sentence: int
    first: int
    last: int
    form: Form
    reason: str
    lost: tuple[Lost, ...]


def find_places(
    sentences: Sequence[Sentence],
    gazetteer: Gazetteer,
    *,
    blocked: Mapping[int, Collection[int]] | None = None,
    countries: Collection[str] = (),
    senses: Mapping[str, str] | None = None,
    dateline: str = "",
) -> tuple[Located, ...]:
    """Return the places that the sentences of one report name, in text order.

    `blocked` are, by number of the sentence, words that belong to names of people and other actors; `countries` are
    the codes of the states that the report's actors belong to; `senses` has, by the name folded, the state that words
    of the report tell for a name with several bearers; `dateline` is the place that it was filed from. Words like
    "Georgian" are found too (`form` demonym): they name a place, but nothing is done there.
    """
    read = read_mentions(sentences, gazetteer, blocked or {})
    if not read.mentions:
        return ()
    asks = [
        _ask(sites, found, guard(found[0].named.key, gazetteer), senses or {})
        for (_, sites), found in read.groups.items()
    ]
    heard = voices(sentences, gazetteer)
    near_home = homely(m.named for m in read.mentions)
    local = max(heard.values(), default=0.0) * near_home
    priors = {c: _VOICE * heard[c] * near_home for c in heard}
    for c in countries:
        priors[c] = priors.get(c, 0.0) + _OF_A_COUNTRY
    unsaid = [*telephones(sentences, gazetteer)]
    if filed := dateline_sites(dateline, gazetteer):
        unsaid.append(("the dateline", filed))
    order = settle([*asks, *(Ask(sites) for _, sites in unsaid)], priors, local)
    names = [*(key for key, _ in read.groups), *(name for name, _ in unsaid)]
    setting = _Setting(gazetteer, local, any(o and o[0].site.kind == "country" for o in order))
    found = [
        _located(m, ranked, names)
        for group, ranked in zip(read.groups.values(), order, strict=False)
        for m in group
        if _is_place(m, group, ranked, setting)
    ]
    return tuple(sorted(found, key=lambda x: (x.sentence, x.first)))


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the report is: how local its news are, and whether it names countries, so that a town in none of them is
    one that the gazetteer does not have.
    """

    gazetteer: Gazetteer
    local: float
    abroad: bool


def _ask(sites: tuple[Site, ...], mentions: Sequence[PlaceMention], need: int, senses: Mapping[str, str]) -> Ask:
    # "Jordan elementary", "a Lebanon resident": what only a town has is no country's
    if any(m.said.civic for m in mentions) and any(s.kind in TOWNS or s.kind == "district" for s in sites):
        sites = tuple(s for s in sites if s.kind != "country")
    said = max((m.said.located for m in mentions if not m.personal), default=-1)
    if mentions[0].named.form != "name":
        return Ask(sites)
    key = mentions[0].named.key
    return Ask(sites, 0.0 if said < 0 else _VOTES[need][said], key, senses.get(key, ""))


def _is_place(m: PlaceMention, group: Sequence[PlaceMention], order: Sequence[Scored], setting: _Setting) -> bool:
    """Tell whether a name means its place here: a name that is a word or a person's too wants more to be said."""
    if m.personal or not order:
        return False
    best, support = order[0].site, order[0].support
    if m.named.form != "name" or m.said.inside:
        return True
    said = max((x.said.located for x in group if not x.personal), default=0)
    own = fold(best.name) == m.named.key
    need = guard(m.named.key, setting.gazetteer)
    if need == 3:
        return bool(m.said.region) and best.kind in m.said.region
    if setting.local < _HALF and _unlikely(m, order[0], said, setting):
        return False
    if need == 2:
        if best.kind in _KNOWN or (best.population >= _VERY_GREAT and own):
            return True
        return m.said.located == 2 or (said == 2 and m.named.first > 0)
    if m.said.located == 2:
        return True
    if need == 1:
        great = best.population >= _GREAT and best.kind in TOWNS and own and best.names >= _NAMES
        known = best.kind in _KNOWN or best.kind == "region"
        return said == 2 or great or known or support > (0.8 if said else 1.6)
    if " " in m.named.key or best.kind not in ("city", "district") or best.population >= _SMALL:
        return True
    return said >= 1 or support > 1.0


def _unlikely(m: PlaceMention, best: Scored, said: int, setting: _Setting) -> bool:
    """Tell whether, in news of the world, a name is rather another's than this place's.

    "Hoda Muthana" is a person, whatever lies in Gujarat; and where a report names countries, a town or region in none
    of them is one that the gazetteer does not have.
    """
    site = best.site
    if m.said.compound and said < 2 and site.kind in TOWNS:
        small = site.kind == "city" and (site.population < _GREAT or m.said.followed)
        if small or (site.given and fold(site.name) != m.named.key):  # "Riyad Hijab"
            return True
    if not setting.abroad or best.support >= 0.1 or not site.given:
        return False
    return (site.kind in ("city", "district") and site.population < _TOWN) or (
        site.kind in ("region", "district") and site.population < _VERY_GREAT
    )


def _located(m: PlaceMention, order: Sequence[Scored], names: Sequence[str]) -> Located:
    best, n = order[0], m.named
    site = best.site
    place = place_of(site, n.text, n.span)
    lost = tuple(Lost(o.site, _why_not(o, best)) for o in order[1 : 1 + _SHOWN])
    return Located(place, site, n.sentence, n.first, n.last, n.form, _why(m, order, names), lost)


def _why(m: PlaceMention, order: Sequence[Scored], names: Sequence[str]) -> str:
    best = order[0]
    if m.said.inside:
        return f"the text says that it lies in {m.said.around[0].label}"
    if len(order) == 1:
        return "the only place of that name"
    if best.support > 0.5 and best.helpers:
        return "it goes with " + ", ".join(names[h] for h in best.helpers)
    if best.site.kind in _KNOWN:
        return f"it is the best known place of that name: {best.site.kind}"
    return f"it is the largest place of that name ({best.site.population:,} inhabitants)"


def _why_not(other: Scored, best: Scored) -> str:
    if other.weight < best.weight and other.support <= best.support + 0.2:
        return f"less known ({other.site.kind}, {other.site.population:,} inhabitants)"
    if other.support < best.support:
        return "the other places of the report are not near it"
    return f"weighs {other.score:.1f} against {best.score:.1f}"


def dateline_sites(text: str, gazetteer: Gazetteer) -> tuple[Site, ...]:
    """Return the places that a dateline ("BEIJING", "GENEVA, Switzerland") may mean."""
    name, _, around = text.partition(",")
    found = gazetteer.sites(name.strip()) if name.strip() else ()
    outer = gazetteer.sites(around.strip()) if around.strip() else ()
    return tuple(s for s in found if any(holds(s, o) for o in outer)) or found


def dateline_place(text: str, gazetteer: Gazetteer) -> Place | None:
    """Return the place of a dateline, None if the gazetteer does not know it."""
    found = dateline_sites(text, gazetteer)
    if not found:
        return None
    site = max(without_seated(found), key=lambda s: (s.weight, s.population), default=found[0])
    return place_of(site, text.partition(",")[0].strip())


def place_of(site: Site, text: str, span: Span = (0, 0)) -> Place:
    """Return the record of a place that stands as `text` at `span`."""
    return Place(site.name, site.kind, site.country, site.admin1, site.geonameid, site.lat, site.lon, text, span)
