"""Parts that are written while the next rows are read: two threads, each at a part of its own."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from communique.store.intake.events import part_tables
from communique.store.parts import GrowingPart, Part
from communique.store.written import Written

_LANES = 2
_WAITING = 2  # pieces that wait for a lane
_ROWS = 2**19  # events of a part


@dataclass(slots=True)
class _Lane:
    pool: ThreadPoolExecutor
    waiting: deque[Future[None]] = field(default_factory=deque)
    part: GrowingPart | None = None
    ids: list[str] = field(default_factory=list)


class Lanes:
    """Writes tables of `events.columns` as parts below `folder`, and adds to `written` those that are on the disk."""

    def __init__(self, folder: Path, confidence: float, written: list[Written]) -> None:
        self._folder = folder
        self._confidence = confidence
        self._written = written
        self._lanes = [_Lane(ThreadPoolExecutor(1)) for _ in range(_LANES)]
        self._next = 0

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            lane.pool.shutdown(wait=True, cancel_futures=True)

    def add(self, table: Any) -> None:
        """Hand rows to the next lane; waits while it is behind. Raises what writing raised."""
        if not table.num_rows:
            return
        lane = self._lanes[self._next]
        self._next = (self._next + 1) % _LANES
        while len(lane.waiting) >= _WAITING:
            lane.waiting.popleft().result()
        lane.waiting.append(lane.pool.submit(self._write, lane, table))

    def finish(self) -> None:
        """Wait for all lanes, and write what they have begun."""
        ends = [lane.pool.submit(self._end, lane) for lane in self._lanes]
        for lane, end in zip(self._lanes, ends, strict=True):
            for each in lane.waiting:
                each.result()
            end.result()

    def _write(self, lane: _Lane, table: Any) -> None:
        tables = part_tables(table, self._confidence)
        lane.part = lane.part or GrowingPart(self._folder)
        lane.part.add(tables)
        lane.ids += tables["reports"].column("id").to_pylist()
        if lane.part.rows["events"] >= _ROWS:
            self._end(lane)

    def _end(self, lane: _Lane) -> None:
        if lane.part is not None:
            part: Part = lane.part.finish()
            self._written.append(Written(part, tuple(lane.ids)))
            lane.part, lane.ids = None, []
