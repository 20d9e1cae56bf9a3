"""The learned judge: a small network that is asked where patterns are silent or disagree.

Given a sentence and two parties in it, it says how likely each type of event is from the one to the other, whether
there is one at all, with which status, and how the one stands to the other. `docs/explanation/judge-model-card.md`
says what it learned from and how far it can be trusted.
"""

from __future__ import annotations

from communique.judge.answers import RelationAnswer, StanceAnswer
from communique.judge.encoding import Question, question
from communique.judge.judge import Judge

__all__ = ["Judge", "Question", "RelationAnswer", "StanceAnswer", "question"]
