"""A progress bar on standard error, for long work at a terminal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from communique.cli import render

_COUNTED = 1 << 30  # bytes; of larger inputs the number of reports is not counted beforehand


def bar() -> Progress:
    """Return a progress bar, which shows only if standard error is a terminal."""
    console = render.console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


_OF_MANY = (".csv", ".tsv", ".tab", ".parquet", ".pq", ".json", ".warc", ".gz", ".bz2", ".xz", ".zst", ".zip", ".tar",
            ".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".xml", ".rss", ".atom")  # fmt: skip


class Watching:
    """Shows on a bar how a run goes on (a watcher of communique.engines). `total` is None where nobody knows."""

    def __init__(self, bar: Progress, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=total)

    def say(self, doing: str) -> None:
        self._bar.update(self._task, description=doing)

    def advance(self, inputs: int) -> None:
        self._bar.advance(self._task, inputs)


def expected(paths: Iterable[str]) -> int | None:
    """Return how many reports `paths` seem to hold: a file one, a JSONL file one a line; None if that is not known."""
    from communique.sources.trees import is_pattern, scheme_of

    number = size = 0
    paths = list(paths)
    if any(scheme_of(path) or is_pattern(path) for path in paths):
        return None
    for path in (file for given in paths for file in _files(Path(given))):
        try:
            size += path.stat().st_size
            if not path.is_file() or size > _COUNTED or path.suffix.lower() in _OF_MANY:
                return None
            number += _lines(path) if path.suffix.lower() in (".jsonl", ".ndjson") else 1
        except OSError:  # what is wrong with it is said when it is read
            number += 1
    return number


def passed_over(paths: Iterable[str]) -> Counter[str]:
    """Return how many files in the folders among `paths` are of no kind that is read, by their suffixes."""
    from communique.sources.files import source_of

    folders = (Path(given) for given in paths if os.path.isdir(given))  # noqa: PTH112  # no name is too long for it
    names = (name for folder in folders for _, name in _walked(folder))
    return Counter(Path(name).suffix.lower() for name in names if source_of(Path(name)) is None)


def _files(path: Path) -> Iterator[Path]:
    from communique.sources.files import source_of

    if not path.is_dir():
        yield path
        return
    yield from (Path(folder, name) for folder, name in _walked(path) if source_of(Path(name)))


def _walked(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the folder and name of each file below `path` that is not hidden, as sources walk it."""
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((folder, name) for name in names if not name.startswith("."))


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or 1
