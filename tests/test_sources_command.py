"""`communique code` and `communique read` on files of all kinds, as a user runs them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from archives import FIRST, PAGE, packed, response
from communique.cli.main import app

pytestmark = pytest.mark.usefixtures("settled")
ROWS = [
    {"nr": 1, "inhalt": FIRST, "tag": "2022-02-04"},
    {"nr": 2, "inhalt": "Iran condemned Israel.", "tag": "2022-02-05"},
]
FRENCH = "Le ministre des Affaires étrangères a rencontré lundi son homologue turc à Ankara. L’Iran a condamné Israël."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_map(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))
    found = lines(
        run("code", path, "--map", "text=inhalt,published=tag", "--map", "id=nr", "--format", "jsonl", "--no-model")
    )
    reports = [line for line in found if line["kind"] == "report"]
    assert [(r["text"], r["published"]) for r in reports] == [(row["inhalt"], row["tag"]) for row in ROWS]
    assert any(line["kind"] == "event" for line in found)
    for pairs, message in (
        (
            "txt=inhalt",
            "No field 'txt'. Fields: id, language, outlet, published, text, title, url. Did you mean 'text'?",
        ),
        ("text", "--map 'text' is no pair. Write FIELD=COLUMN, as in --map text=body."),
    ):
        result = run("code", path, "--map", pairs)
        assert result.exit_code == 1
        assert result.stderr == f"communique: {message}\n"
    table = tmp_path / "a.csv"
    table.write_text("nr;inhalt\n1;x\n", encoding="utf-8")
    result = run("code", table, "--map", "text=body")
    assert result.stderr == f"communique: {table} has no column 'body'. It has: nr, inhalt.\n"


def test_an_archive_of_many_kinds_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "2022").mkdir(parents=True)
    (folder / "2022/page.html").write_text(PAGE, encoding="utf-8")
    (folder / "2022/menu.html").write_text("<html><body><a href='/'>Home</a></body></html>", encoding="utf-8")
    (folder / "fr.txt").write_text(FRENCH, encoding="utf-8")
    pages = [
        response(f"http://a/{n}", PAGE.replace("fishing", f"{word} fishing").encode()) for n, word in enumerate("xy")
    ]
    whole = packed(pages)
    (folder / "crawl.warc.gz").write_bytes(whole[:-20])
    store = tmp_path / "store"
    for first in (True, False):
        result = run("read", folder, "--store", store, "--no-model")
        assert result.exit_code == 1
        there = "3 reports read (1 not coded: in another language), 0" if first else "0 reports read, 3"
        assert result.stdout == f"{there} already there, 2 failed.\n"
        menu, torn = sorted(result.stderr.splitlines())
        assert "no article text found on the page" in menu
        assert f"crawl.warc.gz:{len(packed(pages[:1]))}" in torn
        assert "cut off" in torn
    reports = lines(run("show", "reports", "--store", store, "--format", "jsonl"))
    assert sorted(str(r["language"]) for r in reports) == ["en", "en", "fr"]
    assert {r["url"] for r in reports if r["language"] == "en"} == {"", "http://a/0"}


def test_a_report_in_another_language_is_kept_and_not_coded(tmp_path: Path) -> None:
    path = tmp_path / "fr.txt"
    path.write_text(FRENCH, encoding="utf-8")
    (report,) = lines(run("code", path, "--format", "jsonl", "--no-model"))
    assert (report["kind"], report["language"]) == ("report", "fr")


@pytest.mark.parametrize("name", ["-", "page.html"])
def test_a_page_from_a_file_and_from_standard_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    path = name if name == "-" else tmp_path / name
    result = CliRunner().invoke(app, ["code", str(path), "--format", "jsonl", "--no-model"], input=PAGE)
    report = lines(result)[0]
    assert (report["title"], report["outlet"]) == ("Norway closes its embassy in Minsk", "Northern Star")


def test_files_of_other_kinds_in_a_folder_are_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.docx", "c/d.docx", "c/e.eml", ".hidden.docx"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(f"Norway thanked Sweden on Monday. {name}", encoding="utf-8")
    result = run("read", tmp_path / "in", "--store", tmp_path / "store")
    assert result.exit_code == 0
    assert "communique: 3 files were passed over, of no kind that is read: .docx (2), .eml (1).\n" in result.stderr
