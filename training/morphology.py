"""Inflection of English verbs and nouns, as much as made-up sentences need."""

from __future__ import annotations

from dataclasses import dataclass

_VOWELS = "aeiou"
# lemma: past, past participle
_IRREGULAR = {
    row.split()[0]: (row.split()[1], row.split()[-1])
    for row in """
    arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become
    begin began begun|bid bid bid|bind bound bound|bite bit bitten|bleed bled bled|blow blew blown
    break broke broken|bring brought brought|broadcast broadcast|build built|burn burned|burst burst|buy bought
    cast cast|catch caught|choose chose chosen|cling clung|come came come|cost cost|creep crept|cut cut
    deal dealt|dig dug|do did done|draw drew drawn|drive drove driven|eat ate eaten|fall fell fallen|feed fed
    feel felt|fight fought|find found|flee fled|fling flung|fly flew flown|forbid forbade forbidden
    foresee foresaw foreseen|forget forgot forgotten|forgive forgave forgiven|forsake forsook forsaken
    freeze froze frozen|get got|give gave given|go went gone|grow grew grown|hang hung|have had|hear heard
    hide hid hidden|hit hit|hold held|hurt hurt|keep kept|know knew known|lay laid|lead led|leave left|lend lent
    let let|lie lay lain|lose lost|make made|mean meant|meet met|mislead misled|overcome overcame overcome
    oversee oversaw overseen|overthrow overthrew overthrown|overturn overturned|pay paid|put put|quit quit
    read read|rend rent|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said|see saw seen
    seek sought|sell sold|send sent|set set|shake shook shaken|shed shed|shoot shot|show showed shown|shut shut
    sing sang sung|sink sank sunk|sit sat|slay slew slain|sling slung|speak spoke spoken|speed sped|spend spent
    split split|spread spread|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung
    strike struck|strive strove striven|swear swore sworn|sweep swept|swing swung|take took taken|teach taught
    tear tore torn|tell told|think thought|throw threw thrown|thrust thrust|tread trod trodden
    undergo underwent undergone|understand understood|undertake undertook undertaken|undo undid undone
    uphold upheld|weep wept|win won|withdraw withdrew withdrawn|withhold withheld|withstand withstood
    wring wrung|write wrote written|rescind rescinded|rebuild rebuilt
    """.replace("\n", "|").split("|")
    if row.strip()
}
# Verbs of more than one syllable that are stressed on the last: "admit", "admitted".
_DOUBLING = frozenset("admit commit compel confer control defer deter dispel expel incur infer occur omit patrol "
                      "permit prefer propel rebut recur refer repel submit transfer transmit abet acquit extol equip "
                      "kidnap program outwit annul".split())  # fmt: skip
_PLURALS = {
    "man": "men", "woman": "women", "policeman": "policemen", "serviceman": "servicemen", "child": "children",
    "person": "people", "militiaman": "militiamen", "fisherman": "fishermen", "gunman": "gunmen", "life": "lives",
    "aircraft": "aircraft", "personnel": "personnel", "people": "people", "police": "police", "datum": "data",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verb:
    """The forms of a verb."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str


def verb(lemma: str) -> Verb:
    """Return the forms of the verb `lemma`."""
    past, participle = _IRREGULAR.get(lemma, (_with_ed(lemma),) * 2)
    return Verb(lemma, "is" if lemma == "be" else "has" if lemma == "have" else _with_s(lemma), past, participle,
                _with_ing(lemma))  # fmt: skip


def plural(noun: str) -> str:
    """Return the plural of `noun`."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    return noun if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else _with_s(noun)


def article(word: str) -> str:
    """Return "a" or "an", by the first letter."""
    return "an" if word[:1].lower() in _VOWELS and not word.startswith(("uni", "eu", "one")) else "a"


def _doubles(lemma: str) -> bool:
    if len(lemma) < 3 or lemma[-1] in "aeiouwxy" or lemma[-2] not in _VOWELS or lemma[-3] in _VOWELS:
        return False
    return lemma in _DOUBLING or sum(letter in _VOWELS for letter in lemma) == 1


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("go", "do", "veto", "echo", "undergo", "embargo"):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _with_ed(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if _doubles(lemma) else "") + "ed"


def _with_ing(lemma: str) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and lemma != "be":
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if _doubles(lemma) else "") + "ing"
