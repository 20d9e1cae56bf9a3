"""The process that works out what takes long: the server's settings first, then requests come in, answers go out."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import replace

from communique.engines.children import own_pipes
from communique.store.arrow import keep_memory_small, release_memory
from communique.store.questions import spare_cores
from communique.web.app import create_app
from communique.web.keeping import asked_of
from communique.web.pages.keeping import Kept

_KEPT = 4  # pages, for their downloads: each may hold ten megabytes
_NICE = 5  # what readers wait for at a page comes before what takes long in any case


def main() -> None:
    """Serve until standard input ends."""
    asked, answers = own_pipes()
    settings, started = pickle.load(asked)
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_NICE)
    keep_memory_small()
    spare_cores()
    app = create_app(replace(settings, ahead=False, beside=None), started=started, guarded=False)
    app.state.pages_kept = Kept(_KEPT)
    with asyncio.Runner() as runner:
        while True:
            try:
                scope = pickle.load(asked)
            except EOFError:
                return
            pickle.dump(runner.run(asked_of(app, scope)), answers)
            answers.flush()
            release_memory()


if __name__ == "__main__":
    main()
