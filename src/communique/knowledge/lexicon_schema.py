"""Schemas of the lexicon's entries: classes, words, compositions, modals."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from communique.knowledge.tables import Entry

SLOT = re.compile(r"^(subject|object|indirect|chain|clause|owner|possessor|adjective|light|prep:[a-z]+(\|[a-z]+)*)$")
SLOTS_HELP = (
    "a slot is subject, object, indirect, chain, clause, owner, possessor, adjective, light, "
    "or prep:WORD with alternatives as in prep:on|against"
)
Stance = Literal["", "support", "oppose", "reverse", "neutral"]
Speech = Literal["", "say", "tell", "ask", "claim", "warn", "promise", "demand", "believe", "expect", "hope", "intend"]
Status = Literal["", "actual", "planned", "hypothetical", "denied", "historical"]
Party = Literal["actor", "recipient"]


class ClassEntry(Entry):
    """`[[class]]`: words that say the same thing, with who fills which role.

    `verbs`, `nouns` and `adjectives` hold patterns (see `communique.knowledge.lexicon`). A class with `type` codes an
    event; `stance` a position; `speech` a statement; `operator` acts on the event in what it governs. `intransitive`
    verbs fit only where they have no object of their own ("returned to Lagos", but not "returned the mask to Lagos");
    with `to_person` the recipient must be a person ("called the minister").
    `subjunctive` ones ask for a clause without a finite verb ("insisted that they leave", not "that they left").
    `doers`: sectors or kinds of actor one of which the doers must have ("MIL", "igo"). `not_near`: lemmas that rule the
    class out where its clause has them, such as words of sport. `also`: further types that the same words code.
    """

    id: str
    type: str = ""
    mode: str = ""
    cameo: str = ""
    contexts: tuple[str, ...] = ()
    stance: Stance = ""
    speech: Speech = ""
    form: str = ""
    operator: str = ""
    reciprocal: bool = False
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    actor: tuple[str, ...] | None = None
    recipient: tuple[str, ...] | None = None
    noun_actor: tuple[str, ...] | None = None
    noun_recipient: tuple[str, ...] | None = None
    content: tuple[str, ...] | None = None
    needs: tuple[Party, ...] = ()
    only_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    intransitive: bool = False
    to_person: bool = False
    subjunctive: bool = False
    doers: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    note: str = ""

    @field_validator("actor", "recipient", "noun_actor", "noun_recipient", "content")
    @classmethod
    def _slots(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for slot in value or ():
            if not SLOT.match(slot):
                raise ValueError(f"no slot {slot!r}: {SLOTS_HELP}")
        return value


class WordEntry(Entry):
    """`[[word]]`: a named set of lemmas, used in patterns as `@id`. A lemma `@other` takes in another set."""

    id: str
    lemmas: tuple[str, ...]
    note: str = ""


class CompositionEntry(Entry):
    """`[[composition]]`: what an operator makes of the event that it governs.

    `inner`: types ("AID"), types with a mode ("COERCE/arrest"), "cooperation" (quads 1, 2), "conflict" (quads 3, 4),
    "cameo:163" (codes that begin so), or "*". `when`: "own" holds where the inner actor is the operator's own
    ("threaten to attack"), "other" where it is someone else ("warn that Iran will attack").
    An empty `type` keeps the inner type and mode, an empty `status` the status that grammar gives.
    `parties`: "outer", the operator's own actor and recipient (where it has no recipient, the inner event's actor if
    that is another, else the inner recipient), or "inner". `keep`: the inner event is a record of its own as well.
    `any_codebook`: of ours, it holds only under a codebook of the user's own, after that codebook's rules.
    `cameo_of`: from the beginning of the inner event's CAMEO code to the code of the result; the longest wins.
    """

    id: str
    operator: str
    inner: tuple[str, ...]
    type: str = ""
    mode: str = ""
    cameo: str = ""
    cameo_of: dict[str, str] = Field(default_factory=dict)
    status: Status = ""
    when: Literal["", "own", "other"] = ""
    keep: bool = False
    parties: Literal["outer", "inner"] = "outer"
    any_codebook: bool = False
    note: str = ""


class ModalEntry(Entry):
    """`[[modal]]`: words that change whether what is said is so."""

    id: str
    kind: Literal["future", "possible", "necessary", "negation", "conditional", "hedge"]
    lemmas: tuple[str, ...]
    note: str = ""
