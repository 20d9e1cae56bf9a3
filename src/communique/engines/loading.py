"""The coder of a process that does nothing else: loaded once, and kept until the process ends."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.pipeline import Coder
    from communique.settings import Settings

_NEW_OBJECTS = 20_000  # before the youngest are looked through: as many as some twenty sentences make; Python's is 700


def load_coder(settings: Settings) -> Coder:
    """Return a coder for a process that does nothing else. Raises what `communique.load` raises.

    What it knows lives as long as the process. Frozen, that is left out when Python looks for garbage, which it would
    otherwise do over all of it with every report or two: a tenth of the time of coding. Nearly all that coding makes is
    let go by itself when a report is done, so that garbage need not be looked for several times in each sentence.
    """
    from communique.pipeline import load

    coder = load(settings=settings)
    settle()
    return coder


def settle() -> None:
    """Leave all that is there now out of the search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
