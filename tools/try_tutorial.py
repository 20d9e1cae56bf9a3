"""Run the tutorial from first line to last, as a new user would, in the environment of the Python that runs this.

usage: python tools/try_tutorial.py FOLDER     FOLDER: an empty one

The environment was made by what the tutorial says first (`INSTALLED`), or by the same with a wheel: see
tools/try_wheel.sh. Exit status 1, and what differs, if a line does not do what the page shows, or if it takes longer
than the ten minutes that the page promises.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import docs_examples

INSTALLED = ["python3 -m venv ~/communique", "source ~/communique/bin/activate", "pip install ."]
MINUTES = 10


def main(folder: Path) -> int:
    started = time.monotonic()
    page = docs_examples.ROOT / "docs/tutorial.md"
    first, *rest = (block for block in docs_examples.blocks(page) if block.language in ("console", "python"))
    told = [shown.command for shown in docs_examples.commands(first)]
    if told != INSTALLED:
        print(f"The tutorial installs by {told}; try_wheel.sh does {INSTALLED}.")
        return 1
    environment = {**os.environ, **docs_examples.SETTLED}
    problems = [result.problem for result in docs_examples.run_blocks(rest, folder, environment) if result.problem]
    print("\n\n".join(problems) or f"the tutorial: {len(rest)} examples, {time.monotonic() - started:.0f} s")
    return int(bool(problems) or time.monotonic() - started > 60 * MINUTES)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
