"""What a reader asks of the page and the API, for locust; benchmarks/serving.py starts it.

The addresses come from a file (COMMUNIQUE_ADDRESSES): lines of a class, a tab and an address. A reader asks one after
the other, drawn by class, without a pause.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from pathlib import Path

from locust import FastHttpUser, constant, task

_BY_CLASS: dict[str, list[str]] = defaultdict(list)
for _line in Path(os.environ["COMMUNIQUE_ADDRESSES"]).read_text(encoding="utf-8").splitlines():
    _name, _address = _line.split("\t")
    _BY_CLASS[_name].append(_address)
_CLASSES = sorted(_BY_CLASS)
_RANDOM = random.Random(7)


class Reader(FastHttpUser):  # type: ignore[misc,unused-ignore]
    """One of the readers. Answers other than 200 count as failures."""

    wait_time = constant(0)
    network_timeout = 60.0

    @task  # type: ignore[untyped-decorator,unused-ignore]
    def ask(self) -> None:
        """Ask for one address of one class; each class comes up equally often."""
        name = _RANDOM.choice(_CLASSES)
        self.client.get(_RANDOM.choice(_BY_CLASS[name]), name=name)
