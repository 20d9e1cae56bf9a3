"""The page for users of R is true: its blocks run where there is R, and what they ask for is there in any case."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyarrow.dataset as ds
import pytest

import docs_examples
from served import Site, make_store, serving

PAGE = docs_examples.ROOT / "docs/howto/r.md"
BLOCKS = [block for block in docs_examples.blocks(PAGE) if block.language == "r"]
ADDRESS = "http://127.0.0.1:8000"
_REQUEST = re.compile(
    rf'request\("{ADDRESS}(?P<base>[^"]*)"\)(?:.*?req_url_path_append\("(?P<more>\w+)"\))?.*?req_url_query\((?P<query>[^)]*)\)',
    re.DOTALL,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(make_store(tmp_path_factory.mktemp("r") / "store")) as running:
        yield running


def code(block: docs_examples.Block) -> str:
    return "\n".join(block.lines)


def requests() -> list[tuple[str, dict[str, str]]]:
    """Return path and query of each request that the page makes."""
    found = [match for block in BLOCKS for match in _REQUEST.finditer(code(block))]
    return [
        (
            f"{m['base']}/{m['more']}" if m["more"] else m["base"],
            dict(re.findall(r'(\w+) = "?([^",]+(?:,\w+)?)"?', m["query"])),
        )
        for m in found
    ]


def test_the_page_makes_the_requests_that_are_checked() -> None:
    assert [path for path, _ in requests()] == ["/api/v1/events", "/api/v1/events", "/api/v1/alignment/dyads"]
    assert requests()[0][1] == {"dyad": "SAU,QAT", "limit": "50"}


@pytest.mark.parametrize(("path", "query"), requests(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_requested_is_there(site: Site, path: str, query: dict[str, str]) -> None:
    answer = httpx.get(site.url + path, params=query, timeout=60)
    assert answer.status_code == 200, answer.text
    if query.get("format") == "csv":
        assert answer.headers["content-type"].startswith("text/csv") and "\n" in answer.text
    else:
        assert {"items", "next"} <= answer.json().keys()


def test_the_catalogue_names_the_files_and_they_have_the_columns(site: Site) -> None:
    block = next(code(block) for block in BLOCKS if "open_dataset" in code(block))
    store = site.settings.store
    query = re.search(r'dbGetQuery\(catalogue, "([^"]+)"\)', block)
    columns = re.search(r"select\(([^)]+)\)", block)
    files = re.search(r'file\.path\(store, "(\w+)", live, "([\w.]+)"\)', block)
    assert query and columns and files
    with sqlite3.connect(store / "catalogue.sqlite") as catalogue:
        live = [name for (name,) in catalogue.execute(query[1])]
    paths = [store / files[1] / name / files[2] for name in live]
    assert paths and all(path.exists() for path in paths)
    table = ds.dataset(paths).to_table(columns=columns[1].split(", "))
    assert table.num_rows > 0
    assert {"code", "sector", "person"} <= {field.name for field in table.schema.field("actors").type.value_type}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_the_block_runs_in_r(site: Site, tmp_path: Path, block: docs_examples.Block) -> None:
    needed = re.findall(r"library\((\w+)\)", code(block))
    if not shutil.which("Rscript") or any(
        subprocess.run(["Rscript", "-e", f"library({name})"], capture_output=True, check=False).returncode
        for name in needed
    ):
        pytest.skip("R, or a package that the block needs, is not installed")
    answer = httpx.get(f"{site.url}/api/v1/events", params={"format": "csv", "limit": 1000}, timeout=60)
    (tmp_path / "events.csv").write_text(answer.text, encoding="utf-8")
    before = (
        "events <- read.csv('events.csv', colClasses = c(cameo = 'character'))\n" if "pairs <-" in code(block) else ""
    )
    script = before + code(block).replace(ADDRESS, site.url)
    (tmp_path / "block.R").write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "block.R"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
