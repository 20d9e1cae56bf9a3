"""Sources: what a path gives, and what is said of a path that gives nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources import files
from communique.sources.files import read_path, source_of
from communique.sources.item import RawItem
from communique.sources.jsonl import item_of

SETTINGS = Settings(max_report_chars=1000)
SENTENCE = "Norway recalled its envoy from Minsk on Monday."


def read(path: str | Path, settings: Settings = SETTINGS) -> list[RawItem | Failure]:
    return list(read_path(path, settings))


def test_a_text_file_is_one_item(tmp_path: Path) -> None:
    for name in ("a.txt", "b.text", "c.md", "d", "e.2022-02-04", "F.TXT"):
        path = tmp_path / name
        path.write_bytes(SENTENCE.encode())
        assert read(path) == [RawItem(SENTENCE.encode(), str(path))]
        assert read(str(path)) == read(path)


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b.md", "c.jsonl", ".hidden.txt", ".git/x.txt", "picture.png", "notes"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"text": "x"}' if path.suffix == ".jsonl" else name, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    origins = [item.origin.removeprefix(f"{tmp_path}/") for item in read(tmp_path) if isinstance(item, RawItem)]
    assert origins == ["a/b.md", "a/z.txt", "b.txt", "c.jsonl:1", "notes"]


@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_not_the_folder_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="The path is empty"):
        read(path)


def test_a_link_to_nothing_is_a_file_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone" / "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "c.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "d.txt").write_text(SENTENCE, encoding="utf-8")
    gone, loop, item = read(tmp_path)
    assert isinstance(gone, Failure) and gone.cause == f"There is no file '{tmp_path}/a.txt'. Check the path."
    assert isinstance(loop, Failure) and "Too many levels of symbolic links" in loop.cause
    assert isinstance(item, RawItem)


def test_a_bad_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c").write_bytes(b"\x7fELF\x02\x01")
    (tmp_path / "d.txt").write_text("x" * 5000, encoding="utf-8")
    (tmp_path / "e.jsonl").write_text('[{"text": "x"}]', encoding="utf-8")
    (tmp_path / "f.txt").write_text(SENTENCE, encoding="utf-8")
    found = read(tmp_path)
    assert [type(item) for item in found] == [RawItem, Failure, Failure, Failure, Failure, RawItem]
    causes = [item.cause for item in found if isinstance(item, Failure)]
    wanted = ("is empty", "is a program", "is longer than 1,000", "not JSON lines")
    assert [words in cause for words, cause in zip(wanted, causes, strict=True)] == [True] * 4


def test_jsonl_fields(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    rows = [
        {"id": 7, "text": SENTENCE, "date": "2022-02-04", "title": "T", "source": "Post", "url": "u", "language": "en"},
        {"id": "b", "text": SENTENCE, "published": "4 Feb 2022", "outlet": "Star", "score": [1], "title": None},
    ]
    path.write_text("\ufeff" + "\r\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert read(path) == [
        RawItem(SENTENCE, f"{path}:1", "7", "2022-02-04", "T", "u", "Post", "en"),
        RawItem(SENTENCE, f"{path}:3", "b", "4 Feb 2022", "", "", "Star", ""),
    ]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"no json", "no JSON object"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b'{"id": "x"}', "no 'text'"),
        (b'{"id": "x", "text": 4}', "not a string"),
        (b"[" * 50_000, "too deep"),
        (b'{"text": ' + b"9" * 5000 + b"}", "no JSON object"),
        (b'{"text": "' + b"x" * 100_000 + b'"}', "longer than 71,536 bytes"),
    ],
)
def test_a_bad_line_is_a_failure_and_the_rest_goes_on(tmp_path: Path, line: bytes, cause: str) -> None:
    path = tmp_path / "news.jsonl"
    good = json.dumps({"text": SENTENCE}).encode()
    path.write_bytes(b"\n".join([good, line, good]))
    first, failure, last = read(path, Settings(max_report_chars=1000))
    assert isinstance(failure, Failure)
    assert failure.source == f"{path}:2"
    assert failure.stage == "source"
    assert cause in failure.cause
    assert [item.origin for item in (first, last) if isinstance(item, RawItem)] == [f"{path}:1", f"{path}:3"]


def test_json_in_utf16(tmp_path: Path) -> None:  # as `> news.jsonl` writes it in PowerShell
    rows = [{"text": SENTENCE, "title": "café"}, {"text": "b"}]
    for encoding in ("utf-16-le", "utf-16-be"):
        mark = "\ufeff".encode(encoding)
        (tmp_path / "a.jsonl").write_bytes(mark + "\r\n".join(map(json.dumps, rows)).encode(encoding))
        (tmp_path / "a.json").write_bytes(mark + json.dumps(rows, indent=1).encode(encoding))
        (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
        for name in ("a.jsonl", "a.json", "b.jsonl.gz"):
            found = read(tmp_path / name)
            assert [(i.content, i.title) for i in found if isinstance(i, RawItem)] == [(SENTENCE, "café"), ("b", "")]


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("null", "nothing under 'text' (null)"),
        ("NaN", "nothing under 'text' (null)"),
        ("[]", "'text' is a list, not"),
        ("{}", "'text' is an object, not"),
        ("7", "'text' is a number, not"),
    ],
)
def test_what_is_said_of_a_text_that_is_none(tmp_path: Path, value: str, cause: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"id": 1, "text": {value}}}', encoding="utf-8")
    (failure,) = read(tmp_path / "a.jsonl")
    assert isinstance(failure, Failure)
    assert cause in failure.cause


@pytest.mark.parametrize("date", ["NaN", "null", '"NaN"', '"NaT"', '"N/A"', '"-"', '"0000-00-00 00:00:00"', '" "'])
def test_where_an_export_has_no_date_there_is_none(tmp_path: Path, date: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{SENTENCE}", "date": {date}, "title": NaN}}', encoding="utf-8")
    assert read(tmp_path / "a.jsonl") == [RawItem(SENTENCE, f"{tmp_path}/a.jsonl:1")]


def test_a_failure_keeps_the_id(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"id": "n-1"}\n', encoding="utf-8")
    assert [item.source_id for item in read(path)] == ["n-1"]


def test_jsonl_that_is_no_utf8_and_lone_surrogates(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"text": "Erdo\x9fan caf\xe9", "title": "a\\ud800b"}\n')
    (item,) = read(path)
    assert isinstance(item, RawItem)
    assert item.content == "ErdoŸan café"
    assert item.title == "a\ufffdb"


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"text": "one"}\nbroken\n{"text": "three"}\n')
    stream = read_path(path, SETTINGS)
    first = next(stream)
    assert isinstance(first, RawItem)
    assert first.content == "one"
    assert isinstance(next(stream), Failure)
    assert isinstance(next(stream), RawItem)


def test_a_huge_line_is_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text": "after"}\n')
    tracemalloc.start()
    found = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(item) for item in found] == [Failure, RawItem]
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "is empty. Give"),
        ("blank.txt", b" \n\t\n", "is empty. Give"),
        ("empty.jsonl", b"\n\n", "is empty. Give"),
        ("doc.txt", b"%PDF-1.7 ...", "is a PDF document, not plain text. Save"),
        ("page.txt", b"<!DOCTYPE html><html>", "is a page of markup, not plain text. Save"),
        ("archive.jsonl", b"PK\x03\x04rest", "is a zip archive"),
        ("long.txt", b"x" * 5000, "is longer than 1,000 characters, the most a report may have. Cut"),
        ("array.jsonl", b'[{"text": "x"}]', "is one JSON document, not JSON lines. Name it .json"),
        ("pretty.jsonl", b'{\n "text": "x"\n}', "is one JSON document, not JSON lines. Name it .json"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_path(path, SETTINGS)  # at once, not on the first item
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_fifty_megabytes_on_one_line_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match=r"longer than 1,000,000 characters.*COMMUNIQUE_MAX_REPORT_CHARS"):
        read_path(path, Settings())


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "picture.png").write_bytes(b"\x89PNG\r\n")
    for path, message in (
        (tmp_path / "missing.txt", "There is no file"),
        (loop, "loop cannot be read: Too many levels of symbolic links."),
        (tmp_path / ("x" * 300), "File name too long."),
        ("a\0b", "Check the path."),
        (tmp_path / "folder", "holds no file that can be read. Give a folder of"),
    ):
        with pytest.raises(InputError) as caught:
            read(path)
        assert message in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(InputError, match=r"secret\.txt may not be read\. Change its permissions"):
        read_path(path, SETTINGS)


class Input:
    """Standard input that holds given bytes, as `sys.stdin` does."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", Input(content))

    yield give


def test_standard_input(given) -> None:  # type: ignore[no-untyped-def]
    given(SENTENCE.encode())
    assert read("-") == [RawItem(SENTENCE.encode(), "-")]
    given(b'{"id": "a", "text": "one"}\n{"id": "b", "text": "two"}\n')
    assert [(i.origin, i.content) for i in read("-") if isinstance(i, RawItem)] == [("-:1", "one"), ("-:2", "two")]
    for content, message in ((b"", "is empty"), (b"x" * 5000, "is longer"), (b"%PDF-1.4", "is a PDF document")):
        given(content)
        with pytest.raises(InputError, match=f"Standard input {message}"):
            read("-")


def test_packages_are_asked_once_and_not_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(files, "entry_points", lambda **wanted: asked.append(wanted["group"]) or ())
    files._points.cache_clear()
    assert [source_of(Path(f"news.{number}.jpg")) for number in range(50)] == [None] * 50
    assert asked == ["communique.sources"]
    files._points.cache_clear()


def test_a_suffix_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "site" / "extra-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[communique.sources]\nshout = extra_source:read\nbroken = extra_source:missing\n", encoding="utf-8"
    )
    (tmp_path / "site" / "extra_source.py").write_text(
        "from communique.sources.item import RawItem\n"
        "def read(path, settings):\n    yield RawItem(path.read_text().upper(), str(path))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    path = tmp_path / "a.shout"
    path.write_text("oslo", encoding="utf-8")
    assert read(path) == [RawItem("OSLO", str(path))]
    with pytest.raises(InputError, match="source 'broken' of extra does not load"):
        source_of(tmp_path / "a.broken")
    assert source_of(tmp_path / "a.unknown") is None


def test_a_mapping_from_the_api() -> None:
    item = item_of({"id": 1, "text": "x", "outlet": "Post"}, "call")
    assert item == RawItem("x", "call", source_id="1", outlet="Post")
    with pytest.raises(InputError, match="There is no 'text'"):
        item_of({"words": "x"}, "call")
