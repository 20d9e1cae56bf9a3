"""What can go wrong, as a tree; each message is one sentence or two that say what to do next.

CommuniqueError
├── InputError        an input that cannot be read: missing, empty, binary, too large, a date that is none
│   └── FetchError    an address that gives nothing: not there, forbidden, too slow, too large, leading elsewhere
├── KnowledgeError    a knowledge file that does not follow its schema: file, line, remedy
├── LanguageError     a language pipeline that is not installed
├── JudgeError        the learned judge: weights that are missing or broken, parties that lie outside the text
├── UpdateError       a service that the knowledge is updated from and that does not answer as it should
├── StoreError        a folder that is no store, a store of a newer version, a disk that is full
├── EngineError       an engine that is not there, workers that do not start or are not what they should be
├── QueryError        a question that cannot be asked: unknown type, issue, status, record
└── OutputError       a result that cannot be written: a file, a library that is not installed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CommuniqueError(Exception):
    """Base of all errors that a user can do something about. The message is written for them."""


class InputError(CommuniqueError):
    """An input cannot be read."""


class FetchError(InputError):
    """An address gives nothing that can be read.

    `passing` tells whether a later try may do better; `wait` is how many seconds from now the host asks to be left
    alone, 0 if it does not say; `gone` is true where the host says that the address will never come back (410).
    """

    def __init__(self, message: str, *, passing: bool = False, wait: float = 0.0, gone: bool = False) -> None:
        super().__init__(message)
        self.passing, self.wait, self.gone = passing, wait, gone


class KnowledgeError(CommuniqueError):
    """A knowledge file does not follow its schema."""


class LanguageError(CommuniqueError):
    """A language pipeline is not installed or cannot be used."""


class JudgeError(CommuniqueError):
    """The learned judge cannot be used, or is asked about parties that are not in the text."""


class UpdateError(CommuniqueError):
    """The knowledge cannot be updated: a service does not answer, or not as it should."""


class StoreError(CommuniqueError):
    """A store cannot be opened, read or written."""


class StoreWarning(UserWarning):
    """An answer of a store is not whole: it lacks what stood in a file that is torn or missing."""


class EngineError(CommuniqueError):
    """Reports cannot be coded by the engine that was asked for."""


class EngineWarning(UserWarning):
    """Reports are not coded yet, for a reason that the user may not know of."""


class QueryError(CommuniqueError):
    """A question names something that does not exist."""


class OutputError(CommuniqueError):
    """A result cannot be written."""


def unknown(what: str, name: str, known: Iterable[str], *, most: int = 12, label: str = "Known") -> str:
    """Return "No WHAT 'NAME'. Known: ... Did you mean '...'?" for an error's message; `label` stands for "Known".

    The list of the known is cut after `most` names, so that the message stays readable.
    """
    names = sorted(set(known))
    shown = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
    close = difflib.get_close_matches(name.lower(), [n.lower() for n in names], n=1, cutoff=0.6)
    original = next((n for n in names if close and n.lower() == close[0]), "")
    hint = f" Did you mean {original!r}?" if original else ""
    return f"No {what} {name!r}. {label}: {shown}.{hint}"
