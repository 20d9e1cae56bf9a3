"""Processes of ours that work for the driver: how they are started, talked to, and how they end."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, BinaryIO

# Libraries that start a thread for each core would have N workers fight for the cores.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false",
}  # fmt: skip


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `python -m module` with a pipe each way, in our environment, with our modules.

    Not by multiprocessing, which runs the user's own script again in each process. Ctrl-C is for the driver alone: it
    says when its processes end, and if it is killed they see that nobody holds the other end of their input any more.
    """
    own: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {"creationflags": 0x200}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}, **own,
    )  # fmt: skip


def send(process: subprocess.Popen[bytes], what: object) -> None:
    """Send something to a process as a pickle; of one that has ended nothing comes back, which tells as much."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.write(pickle.dumps(what))
            process.stdin.flush()


def end_of(process: subprocess.Popen[bytes]) -> str:
    """Wait for the end of a process that answers no more, for ten seconds at most, and say how it ended."""
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:  # what was not yet sent cannot be sent any more
            pass
    try:
        code = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if code >= 0:
        return f"ended with exit status {code}"
    try:
        name = f" ({signal.Signals(-code).name})"
    except ValueError:
        name = ""
    return f"was killed by signal {-code}{name}"


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return standard input and output of this process as they were, and leave harmless ones in their places.

    What a library prints then goes to standard error.
    """
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return asked, answers
