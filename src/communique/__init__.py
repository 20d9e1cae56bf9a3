"""communique: who did what to whom, who said what, who backs or opposes whom and what, with the words that prove it.

import communique
coder = communique.load()
coding = coder("Russia and China held talks in Beijing on Friday.", published="2022-02-05")
for event in coding.events:
    print(event.type, [a.code for a in event.actors], event.date.start)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from communique.records import Coding, Event, Failure, Position, Report, Statement

if TYPE_CHECKING:
    from communique.pipeline import Coder, load

__all__ = ["Coder", "Coding", "Event", "Failure", "Position", "Report", "Statement", "__version__", "load"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The pipeline imports much; `import communique` for its records alone stays light.
    if name in ("Coder", "load"):
        from communique import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'communique' has no attribute {name!r}")
