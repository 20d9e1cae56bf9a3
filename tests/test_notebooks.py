"""The notebooks of the documentation run, give what they show, and are pages of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import docs_notebooks
import notebooks

ROOT = Path(__file__).parent.parent
ALL = notebooks.notebooks()


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_notebook_gives_what_it_shows(path: Path) -> None:
    there = notebooks.nbformat.read(path, as_version=4)
    notebooks.nbformat.validate(there)
    problems = list(notebooks.differences(there, notebooks.run(path)))
    assert not problems, "\n\n".join([*problems, "Run `make docs-write` if what it gives now is right."])


def test_there_are_four_and_each_tests_what_it_claims() -> None:
    assert len(ALL) == 4
    for path in ALL:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code")
        assert re.search(r"^ *assert ", code, re.MULTILINE), path.name
        assert max(map(len, code.splitlines())) <= 92, f"{path.name}: a line that does not fit the page"
        assert not any(output["output_type"] == "error" for cell in cells for output in cell.get("outputs", ()))
        assert not any(output.get("name") == "stderr" for cell in cells for output in cell.get("outputs", ()))


@pytest.mark.parametrize("path", ALL, ids=named)
def test_links_of_notebooks_lead_somewhere(path: Path) -> None:
    text = "\n".join(docs_notebooks.texts(json.loads(path.read_text(encoding="utf-8"))))
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    assert targets
    assert [t for t in targets if "://" not in t and not (path.parent / t).exists()] == []


def test_every_notebook_is_in_the_navigation() -> None:
    listed = re.findall(r"notebooks/([\w-]+)\.ipynb$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in ALL)


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_page_shows_everything_and_runs_nothing(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    page = docs_notebooks.filled(docs_notebooks.markdown(notebook), notebook)
    assert "data-output" not in page and "<script" not in page and "\x1b" not in page
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    pictures = [output for output in outputs if "image/svg+xml" in output.get("data", {})]
    assert page.count('<img alt="') == len(pictures)
    assert all("".join(output["data"]["text/plain"])[:20] in page for output in pictures)
    assert page.count("```python") == sum(cell["cell_type"] == "code" for cell in notebook["cells"])


def test_differences_tell_what_changed_but_not_in_pictures() -> None:
    shown = notebooks.nbformat.read(ALL[0], as_version=4)
    now = notebooks.settled(shown)
    assert list(notebooks.differences(shown, now)) == []
    cell = next(cell for cell in now.cells if cell.cell_type == "code" and cell.outputs)
    cell.outputs[0].data["image/svg+xml"] = "<svg/>"
    old = next(each for each in shown.cells if each.cell_type == "code" and each.outputs)
    old.outputs[0].data["image/svg+xml"] = "<svg></svg>"
    assert list(notebooks.differences(shown, now)) == []
    cell.outputs[0].data["text/plain"] = "something else"
    (told,) = notebooks.differences(shown, now)
    assert "something else" in told
