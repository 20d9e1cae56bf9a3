"""The coder of a process that does nothing else: loaded once, and kept until the process ends."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.pipeline import Coder
    from communique.settings import Settings


def load_coder(settings: Settings) -> Coder:
    """Return a coder for a process that does nothing else. Raises what `communique.load` raises.

    What it knows lives as long as the process. Frozen, that is left out when Python looks for garbage, which it would
    otherwise do over all of it with every report or two: a tenth of the time of coding.
    """
    from communique.pipeline import load

    coder = load(settings=settings)
    gc.collect()
    gc.freeze()
    return coder
