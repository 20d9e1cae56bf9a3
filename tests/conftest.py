"""What holds for the whole suite."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import warm

warm.keep()

# A suite that is started in the background has SIGINT ignored, and so have the programs that it starts; those that are
# to be interrupted must hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = """docs watch update web_pages notebooks crash looking web_api engines_processes engines_cluster alignment
    behaviour cli store web_sources web_access story_runs stories knowledge_actors packaging cli_process paging bench
    tools knowledge_cache sources_command engines store_safety fuzz brief own_codebook furniture""".split()
"""The files that take longest, roughly in that order: begun last, one of them would keep one core waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {f"test_{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    warm.rest()


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    """Let go what a file of tests leaves in circles: a traceback holds all the tables that its frames had."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def _shorter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from communique.knowledge.tables import BUILTIN

    away = shutil.ignore_patterns("africa-*", "asia-*", "eurasia*", "*-america*", "more.csv", "*.xz")
    return Path(shutil.copytree(BUILTIN, tmp_path_factory.mktemp("shorter") / "data", ignore=away))


@pytest.fixture
def shorter(_shorter: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our own knowledge without most of its long lists of people, which take many seconds to compile."""
    monkeypatch.setattr("communique.knowledge.tables.BUILTIN", _shorter)
    return _shorter


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 100 columns without colour, and nothing of ours in the environment."""
    for name in [name for name in os.environ if name.startswith("COMMUNIQUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is imported from, with a language pipeline that kills whoever parses a marked text."""
    import engine_runs

    folder = engine_runs.install_deadly_pipeline(tmp_path_factory.mktemp("deadly"))
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
