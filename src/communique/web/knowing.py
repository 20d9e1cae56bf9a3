"""What the knowledge files say, opened once for all requests."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

    from communique.knowledge import Knowledge

_SOON = 3.0  # seconds: the first page, which needs none of it, comes first
_ONE_AT_A_TIME = threading.Lock()


def knowledge(request: Request) -> Knowledge:
    """Return the knowledge of the settings. Raises KnowledgeError where its files are wrong."""
    return known_to(request.app)


def known_to(app: FastAPI) -> Knowledge:
    """Return the knowledge of the app's settings, opened with the first question; without a cache that takes long."""
    with _ONE_AT_A_TIME:
        if app.state.knowledge is None:
            from communique.knowledge import load_knowledge

            settings = app.state.settings.coder
            app.state.knowledge = load_knowledge(settings.folders, settings.codebook_file)
        return app.state.knowledge  # type: ignore[no-any-return]


def open_early(app: FastAPI) -> None:
    """Open the knowledge soon, so that who asks first need not wait. What is wrong with it is said to who asks."""

    def begin() -> None:
        with suppress(CommuniqueError):
            known_to(app)

    opening = threading.Timer(_SOON, begin)
    opening.daemon = True
    opening.start()
