"""What the knowledge files say, opened once for all requests."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request

    from communique.knowledge import Knowledge

_ONE_AT_A_TIME = threading.Lock()


def knowledge(request: Request) -> Knowledge:
    """Return the knowledge of the settings. Raises KnowledgeError where its files are wrong."""
    state = request.app.state
    with _ONE_AT_A_TIME:
        if state.knowledge is None:
            from communique.knowledge import load_knowledge

            settings = state.settings.coder
            state.knowledge = load_knowledge(settings.folders, settings.codebook_file)
        return state.knowledge  # type: ignore[no-any-return]
