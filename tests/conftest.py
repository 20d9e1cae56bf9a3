"""What holds for the whole suite."""

from __future__ import annotations

import os
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


def pytest_collection_finish() -> None:
    warm.rest()


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
