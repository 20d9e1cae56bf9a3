"""Files of every kind: what comes out, under which name, and what is said of those that are torn or hostile."""

from __future__ import annotations

import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from archives import FIRST, PAGE, SECOND, causes, items, packed, read, response
from communique.errors import InputError
from communique.records import Failure
from communique.settings import Settings
from communique.sources.columns import parse_map
from communique.sources.files import read_path, source_of
from communique.sources.item import HTML, PDF, RawItem

ROWS = [
    {"id": "a", "text": f"{FIRST}\n“No,” he said.", "date": "2022-02-04", "title": "T", "url": "u", "source": "Star"},
    {"id": "b", "text": f'{SECOND} "Quoted", with commas; and tabs\there.', "date": "2022-02-05"},
]


def as_csv(rows: list[dict[str, str]], sign: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=sign, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def noise(number: int) -> str:
    """Return text that does not pack well."""
    return " ".join(hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(2))


def as_jsonl(rows: list[dict[str, str]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def zstd(content: bytes, path: Path) -> bytes:
    from fastwarc.stream_io import ZstdWriter

    writer = ZstdWriter(str(path))
    writer.write(content)
    writer.close()
    return path.read_bytes()


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table(tmp_path: Path, sign: str, encoding: str) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(as_csv(ROWS, sign).encode(encoding))
    assert items(path) == [
        RawItem(ROWS[0]["text"], f"{path}:2", "a", "2022-02-04", "T", "u", "Star"),
        RawItem(ROWS[1]["text"], f"{path}:4", "b", "2022-02-05"),
    ]


def test_columns_by_their_usual_names(tmp_path: Path) -> None:
    path = tmp_path / "export.tsv"
    header = "Doc ID\tHeadline\tFull_Text\tPublication Date\tPublisher\tLink\tLang\tClicks"
    path.write_text(f"{header}\n7\tH\t{FIRST}\t4 Feb 2022\tStar\tu\ten-GB\t3\n", encoding="utf-8")
    assert items(path) == [RawItem(FIRST, f"{path}:2", "7", "4 Feb 2022", "H", "u", "Star", "en-GB")]


def test_the_users_columns_go_first(tmp_path: Path) -> None:
    settings = Settings(columns=parse_map(["text=Body of it,published=when", "id=nr"]))
    for name, content in (
        ("a.csv", f"nr,text,Body of it,when\n1,teaser,{SECOND!r},2022-02-04\n".replace("'", '"')),
        ("a.jsonl", json.dumps({"nr": 1, "text": "teaser", "Body of it": SECOND, "when": "2022-02-04"})),
    ):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        (item,) = items(path, settings)
        assert (item.content, item.source_id, item.published) == (SECOND, "1", "2022-02-04")


def test_keys_within_keys_and_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"story": {"body": FIRST}, "source": {"id": "n", "name": "Star"}, "published_at": 1643932800},
        {"story": {"body": SECOND}, "source": "Star", "published_at": "1643932800000"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = items(path, Settings(columns={"text": "story.body"}))
    assert [(i.content, i.outlet, i.published) for i in found] == [
        (FIRST, "Star", "2022-02-04"),
        (SECOND, "Star", "2022-02-04"),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("txt=body", "No field 'txt'. Fields: id, language, outlet, published, text, title, url. Did you mean 'text'?"),
        ("text", "--map 'text' is no pair. Write FIELD=COLUMN"),
        ("text=", "is no pair"),
    ],
)
def test_a_map_that_cannot_be_meant(given: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_map([given])
    assert message in str(caught.value)


def test_a_map_with_commas_in_names() -> None:
    assert parse_map(["text=Body, full,id=nr"]) == {"text": "Body, full", "id": "nr"}


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_column_that_is_not_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"news.{suffix}"
    if suffix == "csv":
        path.write_text("nr,inhalt\n1,x\n", encoding="utf-8")
    else:
        pq.write_table(pa.table({"nr": [1], "inhalt": ["x"]}), path)
    for settings, message in (
        (Settings(), "has no column for the text. It has: nr, inhalt. Say --map text=COLUMN."),
        (Settings(columns={"text": "body"}), "has no column 'body'. It has: nr, inhalt."),
        (Settings(columns={"text": "inhalt", "title": "kopf"}), "has no column 'kopf'. It has: nr, inhalt."),
        (Settings(columns={"body": "inhalt"}), "No field 'body'"),
    ):
        with pytest.raises(InputError) as caught:
            read_path(path, settings)
        assert message in str(caught.value)


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"nr": 1, "inhalt": "x"}\n{"nr": 2, "body": "y"}\n', encoding="utf-8")
    failure, item = read(path)
    assert isinstance(failure, Failure)
    assert "There is no 'text', only nr, inhalt. Give" in failure.cause
    assert isinstance(item, RawItem)
    assert item.content == "y"


def test_broken_rows_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(
        b"sep=;\r\nid;text\r\n"  # 1, 2
        b"1;nul\0s\r\n"  # 3
        b"\r\n;\r\n"  # 4, 5: nothing
        b"2\r\n"  # 6: no text
        b'3;caf\xe9 "quoted" here\r\n'  # 7: Latin-1
        b'4;"a ""word"", and\nmore"\r\n'  # 8, 9
        b"5;x;too;many\r\n"  # 10
        b'6;"never closed\r\n7;y\r\n'  # 11
    )
    found = read(path)
    assert [(i.origin.rpartition(":")[2], i.source_id, i.content) for i in found if isinstance(i, RawItem)] == [
        ("3", "1", "nuls"), ("7", "3", 'café "quoted" here'), ("8", "4", 'a "word", and\nmore'), ("10", "5", "x"),
        ("11", "6", "never closed\n7;y\n"),
    ]  # fmt: skip
    assert [(s.rpartition(":")[2], "no 'text'" in c) for s, c in causes(found)] == [("6", True)]


def test_a_field_too_large_and_a_quote_that_is_not_closed(tmp_path: Path) -> None:
    settings = Settings(max_report_chars=1000)
    path = tmp_path / "news.csv"
    with path.open("wb") as file:
        file.write(b'id,text\n1,"')
        for _ in range(150_000):
            file.write(b'a line, and ""more""\n')
        file.write(b'end"\n2,after\n3,"open\n')
        for _ in range(150_000):
            file.write(b"a line, and more\n")
    tracemalloc.start()
    found = read(path, settings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(i.origin, i.content) for i in found if isinstance(i, RawItem)] == [(f"{path}:150003", "after")]
    assert [s.rpartition(":")[2] for s, _ in causes(found)] == ["2", "150004"]
    assert [words in c for words, (_, c) in zip(("longer than", "is not closed"), causes(found), strict=True)] == [
        True
    ] * 2
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("long", "next_line"), [(b"x" * 99_999, 3), (b'"%s"' % (b"x" * 99_999), 3), (b'"%s\nmore"' % (b"x" * 99_999), 4)]
)
def test_a_row_too_long_takes_no_other_with_it(tmp_path: Path, long: bytes, next_line: int) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(b"text,title\n" + long + b',t\nafter,t\n"and, again",t\n')
    failure, *found = read(path, Settings(max_report_chars=1000))
    assert isinstance(failure, Failure)
    assert failure.source == f"{path}:2"
    assert "longer than" in failure.cause
    assert [(i.origin, i.content) for i in found if isinstance(i, RawItem)] == [
        (f"{path}:{next_line}", "after"), (f"{path}:{next_line + 1}", "and, again"),
    ]  # fmt: skip


def test_a_field_beyond_the_limit_of_the_csv_module(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    text = "word " * 100_000
    path.write_text(f'id,text\n1,"{text}"\n', encoding="utf-8")
    assert [len(item.content) for item in items(path)] == [len(text)]


def test_a_table_of_old_macs(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(b"id,text\r1,one\r2,two\r")
    assert [(i.source_id, i.content) for i in items(path)] == [("1", "one"), ("2", "two")]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), min_size=1)


@given(st.lists(st.tuples(TEXTS, st.text('abc\n",;')), min_size=1, max_size=8))
@hypothesis_settings(max_examples=60, deadline=None)
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    table = [{"id": "n", "text": text, "title": title} for text, title in rows]
    path.write_text(as_csv(table), encoding="utf-8", newline="")
    found = items(path)
    assert [item.content for item in found] == [text for text, _ in rows]
    assert [item.title for item in found] == [title.strip() for _, title in rows]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    table = pa.table(
        {
            "ID": pa.array([1, 2, 3]),
            "body": pa.array([FIRST, SECOND, None], pa.large_string()),
            "published": pa.array([datetime(2022, 2, 4, 9, tzinfo=UTC), None, None], pa.timestamp("us", "UTC")),
            "outlet": pa.array(["Star", "Star", "Post"]).dictionary_encode(),
            "embedding": pa.array([[0.1], [0.2], [0.3]]),
        }
    )
    pq.write_table(table, path, row_group_size=2)
    found = read(path)
    assert found[:2] == [
        RawItem(FIRST, f"{path}:1", "1", "2022-02-04T09:00:00+00:00", outlet="Star"),
        RawItem(SECOND, f"{path}:2", "2", outlet="Star"),
    ]
    assert [(s, "nothing under 'body'" in c) for s, c in causes(found)] == [(f"{path}:3", True)]
    pq.write_table(pa.table({"text": [FIRST.encode()], "date": [date(2022, 2, 4)]}), path)
    assert [(i.content, i.published) for i in items(path)] == [(FIRST, "2022-02-04")]


def test_a_day_that_no_calendar_has_fails_its_row_alone(tmp_path: Path) -> None:
    far = pa.array([datetime(2022, 2, 4), None], pa.timestamp("us")).fill_null(pa.scalar(2**62, pa.timestamp("us")))
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": [FIRST, SECOND] * 20, "date": pa.concat_arrays([far] * 20)}), path)
    found = read(path)
    assert [i.content for i in found if isinstance(i, RawItem)] == [FIRST] * 20
    assert [s for s, c in causes(found) if c.startswith("The row cannot be read")] == [
        f"{path}:{row}" for row in range(2, 41, 2)
    ]


def test_parquet_with_times_to_the_nanosecond(tmp_path: Path) -> None:
    times = pa.array([1643932800123456789], pa.timestamp("ns", "UTC"))
    pq.write_table(pa.table({"text": [FIRST], "date": times}), tmp_path / "news.parquet")
    assert [i.published[:10] for i in items(tmp_path / "news.parquet")] == ["2022-02-04"]


def test_parquet_that_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(
        pa.table({"text": [f"{FIRST} {n}" for n in range(2000)]}), path, compression="none", use_dictionary=False
    )
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"PAR1", b"no parquet", b""):
        path.write_bytes(content)
        with pytest.raises(InputError, match="is no Parquet file that can be read"):
            read_path(path, Settings())


def test_parquet_with_a_name_that_is_no_text(tmp_path: Path) -> None:  # found by changing bytes at random
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": [FIRST], "title": ["T"]}), path)
    path.write_bytes(path.read_bytes().replace(b"title", b"\xbe\xbe\xbe\xbe\xbe"))
    with pytest.raises(InputError, match="is no Parquet file that can be read"):
        read_path(path, Settings())


# ---------------------------------------------------------------- JSON


def test_json_documents(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    for content in (
        json.dumps(ROWS), json.dumps(ROWS, indent=2), "\ufeff" + json.dumps(ROWS),
        "\n".join(json.dumps(row, indent=1) for row in ROWS), "\n".join(map(json.dumps, ROWS)),
    ):  # fmt: skip
        path.write_text(content, encoding="utf-8")
        assert [(i.origin, i.content) for i in items(path)] == [
            (f"{path}:1", ROWS[0]["text"]),
            (f"{path}:2", ROWS[1]["text"]),
        ]


def test_a_json_array_longer_than_what_is_held(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    path.write_text(json.dumps([{"text": f"{n} " + "x" * 3000} for n in range(2000)]), encoding="utf-8")
    tracemalloc.start()
    contents = [item.content[:9].split()[0] for item in read_path(path, Settings()) if isinstance(item, RawItem)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert contents == [str(n) for n in range(2000)]
    assert peak < 12_000_000


@pytest.mark.parametrize(
    ("content", "kinds", "cause"),
    [
        (b'[{"text": "one"}, {"text": "tw', [RawItem, Failure], "no JSON that can be read"),
        (b'[{"text": "one"}, 3, "x", {"text": "two"}]', [RawItem, Failure, Failure, RawItem], "no JSON object"),
        (b'[{"text": "one"}, }{', [RawItem, Failure], "no JSON that can be read"),
        (b"[" + b"[" * 100_000, [Failure], "too deep"),
        (b'{"articles": [{"text": "one"}]}', [Failure], "no 'text', only articles"),
    ],
)
def test_json_that_is_broken(tmp_path: Path, content: bytes, kinds: list[type], cause: str) -> None:
    path = tmp_path / "news.json"
    path.write_bytes(content)
    found = read(path)
    assert [type(item) for item in found] == kinds
    assert cause in next(causes(found))[1]


def test_empty_tables_and_documents(tmp_path: Path) -> None:
    for name in ("a.csv", "a.json", "a.tsv", "a.warc", "a.pdf", "a.html"):
        path = tmp_path / name
        path.write_bytes(b"")
        with pytest.raises(InputError, match=r"is empty\. Give a"):
            read_path(path, Settings())


# ---------------------------------------------------------------- pages and documents


def test_pages_and_documents_are_given_as_they_are(tmp_path: Path) -> None:
    for name, media in (("a.html", HTML), ("b.HTM", HTML), ("c.xhtml", HTML), ("d.pdf", PDF)):
        (tmp_path / name).write_bytes(b"<p>x</p>")
        assert items(tmp_path / name) == [RawItem(b"<p>x</p>", str(tmp_path / name), media=media)]
    path = tmp_path / "big.html"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(InputError, match="is larger than 17,000,000 bytes"):
        read_path(path, Settings())


# ---------------------------------------------------------------- packed files and archives


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
def test_packed_files(tmp_path: Path, packing: str) -> None:
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": lambda c: zstd(c, tmp_path / "z"),
    }  # fmt: skip
    for name, content, origins in (
        ("a.jsonl", as_jsonl(ROWS), [":1", ":2"]), ("a.csv", as_csv(ROWS).encode(), [":2", ":4"]),
        ("a.txt", FIRST.encode(), [""]), ("a", FIRST.encode(), [""]), ("a.html", PAGE.encode(), [""]),
        ("a.warc", response("http://a/1", PAGE.encode()), [":0"]),
    ):  # fmt: skip
        path = tmp_path / f"{name}.{packing}"
        path.write_bytes(pack[packing](content))
        assert [item.origin.removeprefix(str(path)) for item in items(path)] == origins
    lines = pack[packing](
        "\n".join(json.dumps({"text": noise(n)}) for n in range(16_000 if packing == "bz2" else 5_000)).encode()
    )
    path = tmp_path / f"torn.jsonl.{packing}"
    path.write_bytes(lines[: len(lines) // 2])
    found = read(path)
    assert isinstance(found[-1], Failure)
    assert "cut off" in found[-1].cause
    assert found[-1].source == str(path)
    assert len(found) > 500
    assert [type(item) for item in found].count(Failure) == 1


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "json"])
def test_what_comes_before_damage_is_given_even_if_it_is_little(tmp_path: Path, packing: str, kind: str) -> None:
    pack: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    rows = [{"id": str(n), "text": f"{FIRST} {noise(n)}"} for n in range(40)]
    content = {"jsonl": as_jsonl(rows) + b"\n", "csv": as_csv(rows).encode(), "json": json.dumps(rows).encode()}[kind]
    path = tmp_path / f"behind.{kind}.{packing}"
    path.write_bytes(pack[packing](content) + b"no packed data " * 4)
    found = read(path)
    assert [item.source_id for item in found if isinstance(item, RawItem)] == [str(n) for n in range(40)]
    if packing != "gz":
        return  # what stands behind is left by the other unpackers; their blocks are larger than what is torn below
    if kind != "json":  # an array is read to its end, not to that of the file
        assert isinstance(found[-1], Failure)
        assert "is damaged" in found[-1].cause
    whole = pack[packing](content)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    found = read(path)
    assert 20 <= len([item for item in found if isinstance(item, RawItem)]) < 40
    assert isinstance(found[-1], Failure)
    assert "cut off" in found[-1].cause


def test_small_members_before_damage_are_given(tmp_path: Path) -> None:
    path = archive_tar(tmp_path / "a.tar.gz", {f"{n}.txt": f"{FIRST} {noise(n)}".encode() for n in range(9)})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = read(path)
    assert len([item for item in found if isinstance(item, RawItem)]) >= 5
    assert isinstance(found[-1], Failure)
    assert "cut off" in found[-1].cause


def test_packed_data_that_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    for content in (b"no gzip at all", gzip.compress(b"x")[:-8] + b"\0" * 8):
        path.write_bytes(content)
        with pytest.raises(InputError, match="is damaged"):
            read_path(path, Settings())
    assert source_of(tmp_path / "a.png.gz") is None


def archive_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def archive_tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(
        path, "w:gz" if path.name.endswith("gz") else "w:xz" if path.suffix == ".txz" else "w"
    ) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def parquet_bytes() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.txz"])
def test_archives(tmp_path: Path, name: str) -> None:
    inner = archive_zip(tmp_path / "inner.zip", {"c.txt": b"c"}).read_bytes()
    members = {
        "2022/b.html": PAGE.encode(), "a.jsonl.gz": gzip.compress(as_jsonl(ROWS)), "t.parquet": parquet_bytes(),
        ".hidden.txt": b"x", "__MACOSX/b.html": b"x", ".git/x.txt": b"x", "picture.png": b"\x89PNG", "empty.txt": b"",
        "../../out.txt": b"out", "inner.zip": inner, "w.warc.gz": packed([response("http://a/1", PAGE.encode())]),
    }  # fmt: skip
    path = (archive_zip if name == "a.zip" else archive_tar)(tmp_path / name, members)
    found = read(path)
    assert [item.origin.removeprefix(f"{path}!") for item in found if isinstance(item, RawItem)] == [
        "2022/b.html", "a.jsonl.gz:1", "a.jsonl.gz:2", "t.parquet:1", "t.parquet:2", "../../out.txt",
        "inner.zip!c.txt", "w.warc.gz:0",
    ]  # fmt: skip
    assert list(causes(found)) == [
        (f"{path}!empty.txt", f"{path}!empty.txt is empty. Give a file with the text of a report.")
    ]
    assert not (tmp_path.parent / "out.txt").exists()


def test_members_of_one_name_have_two(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", "one")
        archive.writestr("a.txt", "two")
    assert [(i.origin, i.content) for i in items(path)] == [(f"{path}!a.txt", b"one"), (f"{path}!a.txt#2", b"two")]


def test_archives_in_archives_in_archives(tmp_path: Path) -> None:
    content = b"x"
    for depth in range(4):
        content = archive_zip(tmp_path / "x.zip", {f"{depth}.zip" if depth else "a.txt": content}).read_bytes()
    (failure,) = read(tmp_path / "x.zip")
    assert isinstance(failure, Failure)
    assert "lies in an archive that lies in an archive" in failure.cause


def test_links_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, kind in (("s.txt", tarfile.SYMTYPE), ("h.txt", tarfile.LNKTYPE), ("d.txt", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, str(tmp_path / "secret.txt")
            archive.addfile(info)
    with pytest.raises(InputError, match="holds no file that can be read"):
        read(tmp_path / "a.tar")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        link = zipfile.ZipInfo("s.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, str(tmp_path / "secret.txt"))
    with pytest.raises(InputError, match="holds no file that can be read"):
        read(tmp_path / "a.zip")


def test_archives_that_are_torn(tmp_path: Path) -> None:
    members = {f"{n}.txt": f"{FIRST} {noise(n)}".encode() * 50 for n in range(300)}
    for name in ("a.tar", "a.tar.gz"):
        path = archive_tar(tmp_path / name, members)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2 + 100])
        found = read(path)
        good = [item for item in found if isinstance(item, RawItem)]
        assert 100 < len(good) < 200
        assert all(item.content == members[item.origin.rpartition("!")[2]] for item in good)
        assert isinstance(found[-1], Failure)
    path = archive_zip(tmp_path / "a.zip", members)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="is no zip archive that can be read"):
        read(path)


def test_a_locked_or_damaged_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = archive_zip(tmp_path / "a.zip", {"a.txt": FIRST.encode() * 20, "b.txt": SECOND.encode() * 20, "c.txt": b"c"})
    whole = bytearray(path.read_bytes())
    at = whole.index(b"a.txt") + 10
    whole[at : at + 20] = b"\xff" * 20  # the packed bytes
    central = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 4)
    whole[central + 8] |= 1  # b.txt is said to be encrypted
    path.write_bytes(bytes(whole))
    found = read(path)
    assert [(s.rpartition("!")[2], "damaged" in c or "password" in c) for s, c in causes(found)] == [
        ("a.txt", True),
        ("b.txt", True),
    ]
    assert isinstance(found[-1], RawItem)


@pytest.mark.parametrize("name", ["bomb.jsonl.gz", "bomb.zip", "bomb.tar.gz", "bomb.csv.xz", "bomb.warc.gz"])
def test_bombs_are_left(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.sources import archives, unpack

    for module in (archives, unpack):
        monkeypatch.setattr(module, "FREELY", 2_000_000)
    path = tmp_path / name
    zeros = b" " * 60_000_000
    if name == "bomb.zip":
        archive_zip(path, {"a.jsonl": zeros, "b.txt": b"b"})
    elif name == "bomb.tar.gz":
        archive_tar(path, {"a.jsonl": zeros, "b.txt": b"b"})
    elif name == "bomb.warc.gz":
        path.write_bytes(gzip.compress(response("http://a/1", zeros)))
    else:
        path.write_bytes((lzma.compress if name.endswith("xz") else gzip.compress)(b'{"text": "' + zeros))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    try:
        found = read(path)
    except InputError as error:
        found = [Failure(str(path), "source", str(error))]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found
    assert all(isinstance(item, Failure) for item in found if getattr(item, "content", b"b") != b"b")
    assert any("times its size" in c or "larger than" in c for _, c in causes(found))
    assert peak < 60_000_000


# ---------------------------------------------------------------- web archives


def records() -> list[bytes]:
    return [
        response("http://a/info", b"", kind="warcinfo"),
        response("http://a/1", PAGE.encode()),
        response("http://a/2", PAGE.encode("latin-1"), media="text/html; charset=ISO-8859-1"),
        response("http://a/3", b"gone", status="404 Not Found"),
        response("http://a/4", b"\x89PNG", media="image/png"),
        response("http://a/5", FIRST.encode(), media="text/plain"),
        response("http://a/6", gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n"),
        response("http://a/7", b"GET", kind="request"),
    ]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "whole.warc.gz", "a.warc.xz"])
def test_a_web_archive(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    plain = b"".join(records())
    content = {
        "a.warc": plain, "a.warc.gz": packed(records()), "whole.warc.gz": gzip.compress(plain),
        "a.warc.xz": lzma.compress(plain),
    }[name]  # fmt: skip
    path.write_bytes(content)
    found = items(path)
    assert [(i.url[-1], i.media, i.charset, i.fetched) for i in found] == [
        ("1", HTML, "utf-8", "2022-02-05"), ("2", HTML, found[1].charset, "2022-02-05"), ("5", "", "", "2022-02-05"),
        ("6", HTML, "utf-8", "2022-02-05"),
    ]  # fmt: skip
    assert found[3].content == PAGE.encode()
    starts = [int(item.origin.removeprefix(f"{path}:")) for item in found]
    if name == "a.warc.gz":
        assert all(gzip.decompress(content[start:]).startswith(b"WARC/1.0") for start in starts)
    else:
        assert all(plain[start:].startswith(b"WARC/1.0") for start in starts)


def many() -> list[bytes]:
    return [response(f"http://a/{n}", f"<p>{noise(n)} {FIRST}</p>".encode()) for n in range(20)]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_web_archive_cut_anywhere_gives_what_is_whole_and_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    pieces = [packed([record]) if name.endswith("gz") else record for record in many()]
    whole = b"".join(pieces)
    ends = [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]
    for cut in (ends[7] + 1, ends[7] + 15, ends[7] + 60, ends[8] - 5, ends[8] - 40, len(whole) // 2):
        path.write_bytes(whole[:cut])
        found = read(path)
        number = sum(end <= cut for end in ends)
        good = [item.url for item in found if isinstance(item, RawItem)]
        # The two line ends after a record are no part of its content.
        assert good in ([f"http://a/{n}" for n in range(number)], [f"http://a/{n}" for n in range(number + 1)])
        assert len(good) == number or whole[cut:].startswith(b"\r\n") or not name.endswith("gz")
        failures = list(causes(found))
        if len(good) == number:
            assert [(s, "is cut off" in c) for s, c in failures] == [(f"{path}:{ends[number - 1]}", True)]
            assert ("middle of its packed data" if name.endswith(".gz") else "middle of a record") in failures[0][1]
    path.write_bytes(whole[: ends[7]])
    assert len(items(path)) == 8


def test_a_damaged_record_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    pieces = [packed([record]) for record in many()]
    middle = bytearray(pieces[4])
    middle[len(middle) // 2 : len(middle) // 2 + 30] = b"\0" * 30
    path.write_bytes(b"".join([*pieces[:4], bytes(middle), *pieces[5:]]))
    found = read(path)
    assert [item.url[9:] for item in found if isinstance(item, RawItem)] == [str(n) for n in range(20) if n != 4]
    assert [s for s, _ in causes(found)] == [f"{path}:{sum(map(len, pieces[:4]))}"]
    plain = tmp_path / "b.warc"
    plain.write_bytes(b"".join([*many()[:4], b"garbage\r\n\r\nmore", *many()[4:]]))
    found = read(plain)
    assert len([item for item in found if isinstance(item, RawItem)]) == 20
    assert [s for s, _ in causes(found)] == [f"{plain}:{sum(map(len, many()[:4]))}"]


@pytest.mark.parametrize(
    "content",
    [
        b"hello world" * 100,
        gzip.compress(b"hello" * 100, mtime=0),  # a test's name must be the same for every worker
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
        b"\x1f\x8b\x08",
    ],
)
def test_what_is_no_web_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    try:
        found = read(path)
    except InputError as error:
        assert "no web archive" in str(error)
    else:
        assert found
        assert all(isinstance(item, Failure) for item in found)


def test_starts_of_records_without_an_end_are_passed_over_in_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.0\r\n" * 300_000 + b"".join(many()[:2]))
    found = read(path)
    assert len([item for item in found if isinstance(item, RawItem)]) >= 1
    assert len(list(causes(found))) < 60


def test_a_web_archive_whose_last_byte_is_wrong_gives_its_last_record_once(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    content = bytearray(packed(many()[:4]))
    content[-1] ^= 0xFF
    path.write_bytes(bytes(content))
    names = [item.origin if isinstance(item, RawItem) else item.source for item in read(path)]
    assert len(names) == len(set(names)) == 4
    assert isinstance(read(path)[-1], Failure)


def test_a_record_that_is_left_is_not_given_too(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    content = bytearray(b"".join(many()[:4]))
    content[206] = 0
    path.write_bytes(bytes(content))
    names = [item.origin if isinstance(item, RawItem) else item.source for item in read(path)]
    assert len(set(names)) == len(names) > 2


@given(st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_web_archive_with_any_bytes_changed_is_read_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("warc") / data.draw(st.sampled_from(["a.warc", "a.warc.gz"]))
    content = bytearray(packed(many()[:4]) if path.suffix == ".gz" else b"".join(many()[:4]))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        found = read(path)
    except InputError:
        return
    names = [item.origin if isinstance(item, RawItem) else item.source for item in found]
    assert len(set(names)) == len(names)


# ---------------------------------------------------------------- folders, patterns, object stores


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def test_an_object_store(memory: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    memory.pipe("/news/2022/b.html", PAGE.encode())
    memory.pipe("/news/2022/a.jsonl.gz", gzip.compress(as_jsonl(ROWS)))
    memory.pipe("/news/2022/.hidden.txt", b"x")
    memory.pipe("/news/t.parquet", parquet_bytes())
    memory.pipe("/news/w.warc.gz", packed(records()[:2]))
    memory.pipe("/news/z.zip", archive_zip(tmp_path / "z.zip", {"m.txt": b"m"}).read_bytes())
    everything = [
        "memory://news/2022/a.jsonl.gz:1", "memory://news/2022/a.jsonl.gz:2", "memory://news/2022/b.html",
        "memory://news/t.parquet:1", "memory://news/t.parquet:2",
        f"memory://news/w.warc.gz:{len(packed(records()[:1]))}", "memory://news/z.zip!m.txt",
    ]  # fmt: skip
    assert [item.origin for item in items("memory://news")] == everything
    assert [item.origin for item in items("memory://news/")] == everything
    assert [item.origin for item in items("memory://news/**/*.html")] == ["memory://news/2022/b.html"]
    assert [item.origin for item in items("memory://news/t.parquet")] == everything[3:5]
    for address, message in (
        ("memory://nothing", "There is no file 'memory://nothing'"),
        ("memory://news/*.pdf", "There is no file that fits"),
        ("s3://bucket/news", "the package for s3:// is not installed (Install s3fs to access S3)"),
        ("nosuch://x", "No protocol 'nosuch'. Known: "),
    ):
        with pytest.raises(InputError) as caught:
            read(address)
        assert message in str(caught.value)


def test_addresses_of_files_and_of_members(tmp_path: Path) -> None:
    archive_zip(tmp_path / "z.zip", {"in/m.txt": b"m"})
    (tmp_path / "a.txt").write_bytes(b"a")
    assert [(i.origin, i.content) for i in items(f"file://{tmp_path}/a.txt")] == [(f"{tmp_path}/a.txt", b"a")]
    address = f"zip://in/m.txt::file://{tmp_path}/z.zip"
    assert [(i.origin, i.content) for i in items(address)] == [(address, b"m")]


def test_patterns(tmp_path: Path) -> None:
    for name in ("2021/a.txt", "2021/deep/b.txt", "2022/c.txt", "2022/d.md", ".old/e.txt", "f[1].txt", "g.zzz"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    def found(pattern: str) -> list[str]:
        return [item.origin.removeprefix(f"{tmp_path}/") for item in items(f"{tmp_path}/{pattern}")]

    assert found("**/*.txt") == ["f[1].txt", "2021/a.txt", "2021/deep/b.txt", "2022/c.txt"]
    assert found("202?/*.txt") == ["2021/a.txt", "2022/c.txt"]
    assert found("202[12]") == ["2021/a.txt", "2021/deep/b.txt", "2022/c.txt", "2022/d.md"]
    assert found("2021/**") == ["2021/a.txt", "2021/deep/b.txt"]
    assert found("**/deep/**/*.txt") == ["2021/deep/b.txt"]
    assert found("f[1].txt") == ["f[1].txt"]  # there is such a file: it is no pattern
    assert found("*.zzz") == ["g.zzz"]
    (tmp_path / "2022/bad.txt").write_bytes(b"")
    kinds = [type(item) for item in read(f"{tmp_path}/2022/*")]
    assert kinds == [Failure, RawItem, RawItem]


def test_a_source_of_another_package_reads_packed_and_remote_files(
    memory: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "extra-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[communique.sources]\nwhisper = whispers:read\n", encoding="utf-8")
    (tmp_path / "site" / "whispers.py").write_text(
        "from communique.sources.item import RawItem\n"
        "def read(place, settings):\n    yield RawItem(place.read_text().lower(), str(place))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    memory.pipe("/a.whisper.gz", gzip.compress(b"OSLO"))
    path = archive_zip(tmp_path / "a.zip", {"b.whisper": b"BERGEN"})
    assert items("memory://a.whisper.gz") == [RawItem("oslo", "memory://a.whisper.gz")]
    assert items(path) == [RawItem("bergen", f"{path}!b.whisper")]


# ---------------------------------------------------------------- whatever a file holds

SUFFIXES = (
    "txt", "html", "pdf", "csv", "tsv", "json", "jsonl", "parquet", "warc", "warc.gz", "zip", "tar", "tar.gz", "tgz",
    "jsonl.gz", "csv.bz2", "txt.xz", "json.zst", "warc.zst", "warc.xz", "zip.gz", "parquet.gz",
)  # fmt: skip


def beginnings() -> dict[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", as_csv(ROWS))
        archive.writestr("b.jsonl", as_jsonl(ROWS))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        info = tarfile.TarInfo("a.jsonl")
        info.size = len(as_jsonl(ROWS))
        archive.addfile(info, io.BytesIO(as_jsonl(ROWS)))
    return {
        "zip": out.getvalue(), "tar": tar.getvalue(), "csv": as_csv(ROWS).encode(), "jsonl": as_jsonl(ROWS),
        "json": json.dumps(ROWS).encode(), "parquet": parquet_bytes(), "html": PAGE.encode(),
        "warc": b"".join(many()[:3]), "gz": gzip.compress(as_jsonl(ROWS)), "warc.gz": packed(many()[:3]),
        "tgz": gzip.compress(tar.getvalue()), "bz2": bz2.compress(as_csv(ROWS).encode()), "xz": lzma.compress(b"x"),
        "": b"",
    }  # fmt: skip


BEGINNINGS = beginnings()


@given(st.sampled_from(SUFFIXES), st.sampled_from(sorted(BEGINNINGS)), st.data())
@hypothesis_settings(max_examples=400, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_refused_clearly(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, kind: str, data: st.DataObject
) -> None:
    content = bytearray(BEGINNINGS[kind])
    if content:
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
            content[at] = data.draw(st.integers(0, 255))
        content = content[: data.draw(st.integers(len(content) // 2, len(content)))]
    content += data.draw(st.binary(max_size=30))
    path = tmp_path_factory.mktemp("any") / f"a.{suffix}"
    path.write_bytes(bytes(content))
    try:
        found = read(path)
    except InputError as error:
        assert str(error).startswith(str(path))
        return
    assert found
    names = [item.origin if isinstance(item, RawItem) else item.source for item in found]
    good = [item.origin for item in found if isinstance(item, RawItem)]
    assert len(set(good)) == len(good)
    assert all(name.startswith(str(path)) for name in names)
    assert read(path) == found
