"""Throw hostile bytes at every way in, guided by what code they reach (Atheris, which is libFuzzer for Python).

usage: python fuzz/run.py [TARGET...] [--seconds N] [--jobs N] [--into DIR]

Each target of `targets.py` is fuzzed for --seconds of the clock (default 20), --jobs at a time (default: the number of
cores), each in a process of its own that starts from the target's seeds and from what it was told in `tests/crashes`.
An input that raises what it may not, takes longer than 20 seconds or more than 3 GB is a crash: it is kept below
--into (default build/fuzz), named on the last lines, and the exit status is 1. Put it into tests/crashes/TARGET/ with a
name that says what it shows; `tests/test_fuzz.py` tries it from then on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMITS = ("-timeout=20", "-rss_limit_mb=3072", "-max_len=20000", "-seed=1", "-verbosity=0", "-print_final_stats=1")
_MORE = 120  # seconds above its own that a process is given to start and to end


def fuzz(name: str, seconds: int, into: Path) -> list[Path]:
    """Fuzz one target in a process of its own; return its crashes, and print in a line what was done."""
    folder = into / name
    seeds, crashes = folder / "corpus", folder / "crashes"
    for each in (seeds, crashes):
        each.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    arguments = [f"-max_total_time={seconds}", f"-artifact_prefix={crashes}/", *LIMITS, str(seeds)]
    # `timeout` is more than a clock: on Linux, what a process has used at most begins with what its parent held when it
    # was started, and libFuzzer takes that for its own. This parent is small, whatever runs us.
    between = ["timeout", "--foreground", "--kill-after=5", str(seconds + _MORE)]
    command = [*between, sys.executable, str(Path(__file__).with_name("one.py")), name, *arguments]
    if (kept := ROOT / "tests/crashes" / name).is_dir():
        command.append(str(kept))
    with (folder / "log").open("w", encoding="utf-8") as log:
        status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    text = (folder / "log").read_text(encoding="utf-8", errors="replace")
    tries = next((line.split()[-1] for line in text.splitlines() if "number_of_executed_units" in line), "?")
    print(f"{name}: {tries} inputs in {seconds} s, exit status {status}", flush=True)
    found = sorted(set(crashes.iterdir()) - before)
    if status and not found:
        print("\n".join(text.splitlines()[-30:]))
        return [folder / "log"]
    if found:
        print("\n".join(line for line in text.splitlines() if "Error" in line or "ALARM" in line)[:2000])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    sys.path.insert(0, str(ROOT))
    from fuzz.targets import TARGETS

    options = argparse.ArgumentParser(description="Throw hostile bytes at every way in.")
    options.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; default: all")
    options.add_argument("--seconds", type=int, default=20, help="for each target")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="targets at a time")
    options.add_argument("--into", type=Path, default=ROOT / "build/fuzz", help="where corpus and crashes are kept")
    chosen = options.parse_args(arguments)
    if unknown := [name for name in chosen.targets if name not in TARGETS]:
        options.error(f"no target {unknown[0]!r}; there are {', '.join(TARGETS)}")
    if find_spec("atheris") is None:
        print("Atheris is not installed here (it comes for Linux, Python 3.11 to 3.13): nothing was fuzzed.")
        return 0
    names = chosen.targets or list(TARGETS)
    with ThreadPoolExecutor(chosen.jobs) as pool:
        crashes = [c for found in pool.map(lambda n: fuzz(n, chosen.seconds, chosen.into), names) for c in found]
    for crash in crashes:
        print(f"crash: {crash}", file=sys.stderr)
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
