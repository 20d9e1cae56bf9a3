"""A program for trials: it loads the language pipeline once and runs commands in processes of their own.

It takes a line of JSON from standard input for each, `{"arguments": [...], "kill": KIND, "at": X}`, and answers with
one: the exit status (negative: the signal), what was printed, how many steps were counted. KIND is the empty string or

    step   the process kills itself with SIGKILL before step X: a file or folder of the store that is opened, made,
           renamed or removed, or a statement to its catalogue, COMMIT among them
    time   it is killed X seconds after it began
    log    it is killed when the catalogue's log has been seen to change for the X-th time: within commits
    start  nothing is killed, and the answer comes at once, with the number of the process
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from communique.cli import main
from communique.engines import driver, loading
from communique.exchange import intake
from communique.settings import Settings

_FILES = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"})


def watch(store: str, last: int, counted: Path) -> None:
    """Count the steps of this process from now on, and die before step `last` (0: never)."""
    steps = itertools.count(1)

    def step(_: object = None) -> None:
        number = next(steps)
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)
        os.pwrite(handle, f"{number:8}".encode(), 0)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILES and isinstance(arguments[0], str | os.PathLike) and store in os.fspath(arguments[0]):
            step()

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = plain(*arguments, **options)
        connection.set_trace_callback(step)
        return connection

    plain, sqlite3.connect = sqlite3.connect, connect
    handle = os.open(counted, os.O_RDWR | os.O_CREAT)
    sys.addaudithook(hook)


def run(arguments: list[str], kill: str, at: float, output: Path, counted: Path) -> int:
    """Start a command in a process of its own, and return the number of that process."""
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        watch(arguments[arguments.index("--store") + 1], int(at) if kill == "step" else 0, counted)
        sys.argv = ["communique", *arguments]
        main.main()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def ended(child: int, kill: str, at: float, store: Path) -> int:
    """Wait for a process, kill it at its moment, and return its exit status."""
    deadline = time.monotonic() + (at if kill == "time" else 100)
    log, seen, last = store / "catalogue.sqlite-wal", 0, 0
    while not (done := os.waitpid(child, os.WNOHANG))[0]:
        if kill == "log" and (now := changed(log)) != last:
            seen, last = seen + 1, now
        if time.monotonic() > deadline or (kill == "log" and seen >= at):
            os.kill(child, signal.SIGKILL)
            done = os.waitpid(child, 0)
            break
        time.sleep(0.0002 if kill == "log" else 0.002)
    return os.waitstatus_to_exitcode(done[1])


def changed(path: Path) -> int:
    """Return when a file was last changed, 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def serve() -> None:
    # Commits and merges enough to be killed in.
    driver.Driver.__init__.__kwdefaults__["reports"], driver._MERGED, driver._MERGED_BETWEEN, driver._LOOKED = (
        3,
        5,
        5,
        3,
    )
    importlib.import_module("communique.store")  # as it is loaded, no process has to do it again
    coder = loading.load_coder(Settings(judge=False))
    coder("Germany met Italy in Rome on Friday. France said that talks had failed.", published="2022-03-01")
    driver.load_coder = lambda settings: coder
    intake.codebook()
    with tempfile.TemporaryDirectory() as folder:
        output, counted = Path(folder, "output"), Path(folder, "counted")
        print("ready", flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            arguments, kill, at = asked["arguments"], asked["kill"], asked["at"]
            counted.unlink(missing_ok=True)
            child = run(arguments, kill, at, output, counted)
            if kill == "start":
                print(json.dumps({"process": child}), flush=True)
                sys.stdin.readline()  # the answer is wanted now
            began = time.monotonic()
            code = ended(child, kill, at, Path(arguments[arguments.index("--store") + 1]))
            steps = int(counted.read_text() or 0) if counted.exists() else 0
            answer = {
                "code": code, "steps": steps, "seconds": time.monotonic() - began,
                "output": output.read_text(encoding="utf-8", errors="replace"),
            }  # fmt: skip
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
