"""Fuzz one target in this process: `python fuzz/one.py TARGET [libFuzzer's options] [CORPUS...]`; see run.py."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent.parent))


def main() -> None:
    name = sys.argv.pop(1)
    logging.disable(logging.CRITICAL)  # libraries that tell of each broken page
    with atheris.instrument_imports(include=["communique.sources", "communique.reading", "feedparser", "protego"]):
        from fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus = next((Path(each) for each in sys.argv[1:] if not each.startswith("-")), None)
    for number, seed in enumerate(target.seeds()):
        target.run(seed)  # loads and warms up; a seed that fails is told before anything else
        if corpus is not None:
            (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup(sys.argv, target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
