"""`python -m communique.demo [FOLDER]`: copy the example reports into FOLDER (default: here) and name them."""

from __future__ import annotations

import sys
from pathlib import Path

from communique.demo import copy_to


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else Path()
    for path in copy_to(folder):
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
