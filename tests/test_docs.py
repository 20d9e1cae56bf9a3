"""The documentation is true: its examples print what it shows, its tables are the code's, its links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer

import docs_examples
import docs_tables
from communique.cli.main import app

ROOT = Path(__file__).parent.parent
PAGES = docs_examples.pages()
TEXTS = [*PAGES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_example_prints_what_is_shown(page: Path, tmp_path: Path) -> None:
    problems = [f"{r.block.where}\n{r.problem}" for r in docs_examples.run_page(page, tmp_path) if r.problem]
    assert not problems, "\n\n".join([*problems, "Run `make docs-write` if what is printed now is right."])


@pytest.mark.slow
def test_what_contributors_are_told_has_the_effect_that_is_shown(tmp_path: Path) -> None:
    """All pages that change the program are followed in one copy of the repository: it is compiled anew only once."""
    pages = [page for page in PAGES if docs_examples.in_clone(page)]
    assert {page.stem for page in pages} == {"verb", "actor", "issue", "source"}
    problems = [f"{r.block.where}\n{r.problem}" for r in docs_examples.run_in_clone(pages, tmp_path) if r.problem]
    assert not problems, "\n\n".join(problems)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert docs_tables.fill(text) == text, "Run `make docs-write`."


@pytest.mark.parametrize("page", TEXTS, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("page", TEXTS, ids=name)
def test_no_placeholder_is_left(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, 1) if line.strip() in {"?", "TODO", "FIXME"}] == []


def test_readme_opens_with_the_two_commands() -> None:
    first = next(docs_examples.blocks(ROOT / "README.md"))
    assert [shown.command.split("#")[0].strip() for shown in docs_examples.commands(first)] == [
        "make demo",
        "make test",
    ]


def test_make_targets_that_are_named_exist() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = [page for page in TEXTS if page.parent.name != "codebook"]  # patterns: `make phone call to`
    named = {t for page in texts for t in re.findall(r"(?:`|\$ )make ([a-z-]+)", page.read_text(encoding="utf-8"))}
    assert named - made == set()
    assert {"demo", "test", "bench", "floors"} <= named


def commands(command: Any, path: str = "communique") -> Iterator[tuple[str, Any]]:
    """Yield each command that a user may give, with its path."""
    if hasattr(command, "list_commands"):
        for each in command.list_commands(None):
            yield from commands(command.get_command(None, each), f"{path} {each}")
    elif not command.hidden:
        yield path, command


def test_every_command_and_every_option_is_documented() -> None:
    """In the reference with its meaning, and each command in a page that shows what it is for."""
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    shown = "\n".join(p.read_text(encoding="utf-8") for p in PAGES if p.name != "commands.md")
    found = list(commands(typer.main.get_command(app)))
    assert len(found) > 20
    for path, command in found:
        section = reference.split(f"## `{path}`\n", 1)[1].split("\n## ", 1)[0]
        assert command.help and re.search(rf"{path.removeprefix('communique ')}\b", shown), path
        for parameter in command.params:
            if parameter.name == "help" or getattr(parameter, "hidden", False):
                continue
            argument = parameter.param_type_name == "argument"
            label = (parameter.metavar or parameter.name.upper()) if argument else parameter.opts[0]
            assert f"| `{label}".replace("|", "\\|").replace("\\|", "|", 1) in section, (path, label)
            assert getattr(parameter, "help", ""), (path, label)
            spellings = [] if argument else [*parameter.opts, *parameter.secondary_opts]
            assert argument or any(re.search(rf"{each}\b", shown) for each in spellings), (path, label)


@pytest.mark.parametrize("page", TEXTS, ids=name)
def test_addresses_are_well_formed(page: Path) -> None:
    """Nothing is asked of the network: an address has a host with a dot, and is not told in the clear."""
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for address in re.findall(r"\]\((\w+://[^)\s]+)\)", text):
        parts = urlsplit(address)
        assert parts.scheme == "https" and re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", parts.hostname or ""), address


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"- ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert listed == pages


def test_comparison_knows_ellipsis_and_refresh_keeps_its_cut() -> None:
    assert docs_examples._same("first\n...\nlast", "first\nand\nmore\nlast")
    assert not docs_examples._same("first\n...\nlast", "first\nand\nmore")
    assert docs_examples._shortened(["?", "...", "?"], ["a", "b", "c", "d"]) == ["a", "...", "d"]
    assert docs_examples._shortened(["?"], ["a", "b"]) == ["a", "b"]
    printed = ["a", "b", "Words  7", "c", "d", "Positions  2", "e", "f"]
    cut = ["a", "...", "Words  9", "x", "...", "f"]
    assert docs_examples._shortened(cut, printed) == ["a", "...", "Words  7", "c", "...", "f"]
    assert docs_examples._shortened(["a", "...", "Gone", "...", "f"], printed) == ["a", "...", "f"]


def test_a_cut_falls_between_records() -> None:
    printed = ["Deeds", "", "a", "  sentence", "", "b", "  sentence", "  goes on", "", "c", "  sentence"]
    assert docs_examples._shortened(["?"] * 3 + ["..."], printed) == [*printed[:4], "..."]
    assert docs_examples._shortened(["?"] * 6 + ["..."], printed) == [*printed[:4], "..."]
    assert docs_examples._shortened(["?"] * 7 + ["..."], printed) == [*printed[:8], "..."]
    assert docs_examples._shortened(["?", "..."], ["no", "records"]) == ["no", "..."]
