"""A cue of speech or thought: the words that say who says, thinks or wants what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ranges = tuple[tuple[int, int], ...]  # first and last word, both included
Manner = Literal["said", "held"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue; words are numbers within its sentence, `content` is ranges of words, both ends included.

    `manner` is "said" where the content is told as so (a clause, a quotation), "held" where it is only what the speech
    or thought is about ("criticised the plan"). `framed` tells a cue that a quotation may complete.
    """

    head: int
    tokens: tuple[int, ...]
    speakers: tuple[int, ...]
    addressees: tuple[int, ...]
    content: Ranges
    manner: Manner
    framed: bool
    speech: str = ""
    form: str = ""
    pattern: str = ""
    source: str = ""
    to_paragraph_end: bool = False
    pronoun: int = -1  # the relative pronoun that stands for the speaker at the verb: "Iran, which says ..."
