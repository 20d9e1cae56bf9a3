"""The furniture book: its own examples, its safety, and lines that nobody wrote a pattern for by heart."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from coders import coder
from communique.errors import KnowledgeError
from communique.knowledge.furniture import (
    FurnitureBook,
    FurnitureEntry,
    book_of,
    load_furniture,
    nested_quantifier,
    plain,
)
from communique.knowledge.tables import Raw

BOOK = coder().knowledge.furniture
ENTRIES = BOOK.entries
SPEECH = tuple(entry for entry in ENTRIES if entry.kind == "speech")


def reached(book: FurnitureBook, entry: FurnitureEntry, text: str) -> tuple[int, int] | None:
    """Return what the patterns of `entry` take of `text`."""
    text = plain(text)
    if entry.kind == "line":
        match = book.line(text, last=entry.last)
    elif entry.kind == "prefix":
        match = book.prefix(text, first=True)
    elif entry.kind == "suffix":
        match = book.suffix(text)
    else:
        match = book.search(entry.kind, text)
    return (match.start, match.end) if match else None


@pytest.mark.parametrize(("entry", "text"), [(e, x) for e in ENTRIES for x in e.examples], ids=str)
def test_example_is_found(entry: FurnitureEntry, text: str) -> None:
    whole = (0, len(text))
    span = reached(book_of([entry, *SPEECH]), entry, text)
    assert span == whole if entry.kind in ("line", "prefix", "suffix") else span is not None


@pytest.mark.parametrize(("entry", "text"), [(e, x) for e in ENTRIES for x in e.counterexamples], ids=str)
def test_counterexample_is_not(entry: FurnitureEntry, text: str) -> None:
    assert reached(book_of([entry, *SPEECH]), entry, text) is None
    if entry.kind in ("line", "block"):
        assert BOOK.line(plain(text)) is None, "another entry takes it"
        assert BOOK.search("block", plain(text)) is None, "another entry takes it"


def test_every_entry_is_complete() -> None:
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    for entry in ENTRIES:
        assert entry.examples, entry.id
        assert entry.counterexamples, entry.id
        assert bool(entry.reason) == (entry.kind not in ("keep", "speech", "voice")), entry.id
        assert not entry.last or entry.kind == "line", entry.id


@pytest.mark.parametrize(
    ("pattern", "unsafe"),
    [
        (r"(a+)+", True),
        (r"(?:a*b)*", True),
        (r"((x+)y){2,}", True),
        (r"(?:(?:a+)?)*", True),
        (r"(?:ab)+", False),
        (r"(?:a+ ){0,5}", False),
        (r"[+*]+(?:x)", False),
        (r"[]+(]+x*", False),
        (r"\(a+\)+", False),
        (r"a+b+", False),
    ],
)
def test_nested_quantifiers_are_seen(pattern: str, unsafe: bool) -> None:
    re.compile(pattern)
    assert nested_quantifier(pattern) is unsafe


_QUICK = """
import sys, time
from communique.knowledge.furniture import load_furniture, plain
from communique.knowledge.tables import read_folders

book = load_furniture(read_folders(()))
found = [plain(text) for entry in book.entries for text in (*entry.examples, *entry.counterexamples)]
repeated = ["a", "A ", "By A", "1 ", "' ", "| ", "A, ", "a.", "12:12 ", "A/B ", "and ", "(A ", "#a ", "1.1."]
texts = [(x + gap) * 420 for x in (*found, *repeated) for gap in ("", " ")]
texts += [(word + " ") * 420 for word in {word for text in found for word in text.split()[:4]}]
worst = (0.0, "")
for text in texts:
    text = text[:420]
    start = time.process_time()
    for last in (False, True):
        book.line(text, last=last)
    book.prefix(text, first=True)
    book.suffix(text)
    for kind in ("block", "context", "keep"):
        book.search(kind, text)
    worst = max(worst, (time.process_time() - start, text[:40]))
print(*worst)
"""


def test_no_line_takes_long() -> None:
    """Each pattern on its own examples and on single words, repeated: an exponential pattern would never come back.

    The slowest takes some 30 ms, an ordinary sentence 0.3 ms; a text has at most as many such lines as megabytes allow.
    """
    code = [sys.executable, "-c", _QUICK]
    printed = subprocess.run(code, stdout=subprocess.PIPE, check=True, timeout=120, text=True).stdout
    seconds, _, text = printed.partition(" ")
    assert float(seconds) < 0.5, text


def test_a_user_adds_an_entry(tmp_path: Path) -> None:
    raw = Raw(
        {"id": "motto", "reason": "motto", "kind": "line", "patterns": ["light in the north"]},
        tmp_path / "mine.toml", 1, False,
    )  # fmt: skip
    match = load_furniture({"furniture": [raw]}).line("Light in the North")
    assert match is not None
    assert match.entry.reason == "motto"


@pytest.mark.parametrize(
    ("pattern", "message"), [("(a+)+", "repeats a group that repeats"), ("(a", "no regular expression")]
)
def test_an_unsafe_pattern_is_refused(tmp_path: Path, pattern: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[[furniture]]\n", encoding="utf-8")
    raw = Raw({"id": "x", "reason": "x", "kind": "line", "patterns": [pattern]}, path, 1, False)
    with pytest.raises(KnowledgeError, match=message) as caught:
        load_furniture({"furniture": [raw]})
    assert "mine.toml:1" in str(caught.value)
