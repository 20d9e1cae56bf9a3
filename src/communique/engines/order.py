"""Batches in flight: so many that the workers have enough to do, taken back in the order in which they went."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from communique.engines.batches import Batch, Done


class Promise(Protocol):
    """What will come of a batch; futures of concurrent.futures and of dask are such."""

    def done(self) -> bool:
        """Whether it is there."""

    def result(self) -> Done:
        """Wait for it and return it, or raise what went wrong."""


class Kept:
    """A promise that is kept already."""

    def __init__(self, done: Done) -> None:
        self._done = done

    def done(self) -> bool:
        return True

    def result(self) -> Done:
        return self._done


Flying = deque[tuple[Batch, Promise]]


def _first(flying: Flying) -> Done:
    return flying.popleft()[1].result()


def in_order(
    batches: Iterator[Batch],
    submit: Callable[[Batch], Promise],
    window: Callable[[], int],
    take: Callable[[Flying], Done] = _first,
) -> Iterator[Done]:
    """Yield what comes of `batches`, in their order; at most `window()` of them are begun and not yet yielded.

    `submit` begins a batch. `take` removes the first of those in flight and waits for what comes of it.
    """
    flying: Flying = deque()
    for batch in batches:
        flying.append((batch, submit(batch) if batch.tasks else Kept(Done(batch.number))))
        while flying and (len(flying) >= window() or flying[0][1].done()):
            yield take(flying)
    while flying:
        yield take(flying)
