"""Hostile bytes at every way in: what fuzzing has found once, and what comes out when our own files are damaged.

`fuzz/run.py` looks for more, guided by coverage; CI runs it for a minute.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.run import LIMITS, main
from fuzz.targets import TARGETS

CRASHES = Path(__file__).parent / "crashes"
FOUND = sorted(path for path in CRASHES.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_crashed_once_does_not_again(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_read(name: str) -> None:
    for seed in TARGETS[name].seeds():
        TARGETS[name].run(seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32))
def test_damaged_files_end_in_a_sentence(name: str, number: int) -> None:
    """Bytes changed, cut out, doubled and put in, at random places of a file that can be read."""
    rng = random.Random(number)
    content = bytearray(rng.choice([*TARGETS[name].seeds()]))
    for _ in range(rng.choice((1, 1, 3, 10))):
        at, end = sorted((rng.randrange(len(content) + 1), rng.randrange(len(content) + 1)))
        end = min(end, at + rng.choice((1, 4, 100)))
        content[at:end] = rng.choice((rng.randbytes(end - at), b"", content[at:end] * 2, b"\0\xff", b"\xed\xa0\x80"))
    TARGETS[name].run(bytes(content))


def test_a_crash_is_kept_and_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fuzzer itself: it reaches the code, ends in time, and says how much it tried. What the process that started
    it holds is not held against it."""
    pytest.importorskip("atheris", reason="Atheris is not installed here.")
    monkeypatch.setattr("fuzz.run.LIMITS", (*LIMITS, "-rss_limit_mb=512"))
    assert len(b"x" * (600 << 20)) > 512 << 20
    assert main(["robots", "--seconds", "2", "--into", str(tmp_path)]) == 0
    out = capfd.readouterr().out
    assert out.startswith("robots: ") and int(out.split()[1]) > 100, out
