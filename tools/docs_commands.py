"""The command line for the examples of the documentation, without a cold start for each: one process that has imported
the program, and read what nearly every command reads, forks for each command.

The hundreds of examples on the pages would else spend most of their time importing and loading. A command is still run
by the program's own `main`, in a process, folder and environment of its own, with the streams that the shell gave it.
What starts processes or serves (`serve`, `watch`, `--jobs`, `--engine`) is started as a user starts it.

`write_commands(FOLDER)` writes a `communique` that asks the process listening at `address()`.
usage of this file as a program: python tools/docs_commands.py SOCKET
"""

from __future__ import annotations

import array
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_PLAIN = ("serve", "watch", "--jobs", "--engine", "-j")
_LARGEST = 1 << 20  # bytes of a command with its environment
_CLIENT = """#!{python} -IS
import sys
if not {plain!r}.isdisjoint(sys.argv):
    import os
    os.execv({python!r}, [{python!r}, "-c", {main!r}, *sys.argv[1:]])
import array, json, os, signal, socket
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
server.sendmsg([said], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
server.shutdown(socket.SHUT_WR)
answers = server.makefile()
running = int(answers.readline())
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, lambda number, _: os.kill(running, number))
sys.exit(int(answers.readline()))
"""
_MAIN = "import sys\nfrom communique.cli.main import main\nsys.argv[0] = 'communique'\nsys.exit(main())\n"


@cache
def address(environment: tuple[tuple[str, str], ...]) -> str:
    """Start the process that forks, once, and return its socket; it ends with this one."""
    folder = tempfile.mkdtemp(prefix="docs-")
    path = f"{folder}/socket"
    process = subprocess.Popen(
        [sys.executable, __file__, path], env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_end, process, folder)
    assert process.stdout is not None
    if process.stdout.readline() != b"ready\n":
        raise RuntimeError("The process that runs the examples of the documentation did not start.")
    return path


def _end(process: subprocess.Popen[bytes], folder: str) -> None:
    process.kill()
    process.wait()
    for each in Path(folder).iterdir():
        each.unlink()
    Path(folder).rmdir()


def write_commands(folder: Path, environment: dict[str, str]) -> None:
    """Write `communique` and `python` of this very interpreter into `folder`."""
    client = _CLIENT.format(
        python=sys.executable, plain=set(_PLAIN), main=_MAIN, address=address(tuple(sorted(environment.items())))
    )
    (folder / "communique").write_text(client, encoding="utf-8")
    (folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    for script in folder.iterdir():
        script.chmod(0o755)


def _serve(path: str) -> None:
    import communique.cli.main
    import warm
    from communique.reading import language_of

    warm.keep()
    coder = communique.load()
    assert coder.parser.nlp
    language_of._identifier()
    warm.rest()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(16)
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _wait_for(connection)
        connection.close()


def _reap() -> None:
    """Wait for those that have ended: so their processor time counts as ours."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _wait_for(connection: socket.socket) -> None:
    """Fork the command, tell its number and, at its end, its exit status."""
    said, streams = _received(connection)
    child = os.fork()
    if child == 0:
        connection.close()
        _run(*json.loads(said), streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{child}\n".encode())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(OSError):  # who asked may be gone
        connection.sendall(f"{status if status >= 0 else 128 - status}\n".encode())
    os._exit(0)


def _received(connection: socket.socket) -> tuple[bytes, list[int]]:
    streams = array.array("i")
    said, ancillary, *_ = connection.recvmsg(_LARGEST, socket.CMSG_SPACE(3 * streams.itemsize))
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            streams.frombytes(data)
    while more := connection.recv(_LARGEST):
        said += more
    return said, list(streams)


def _run(arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> None:
    from communique.cli.main import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Python's own three were made for the parent's, of another kind.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [p for p in environment.get("PYTHONPATH", "").split(os.pathsep) if p and p not in sys.path]
    sys.argv = ["communique", *arguments]
    status = 0
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, this fork must not go on as its parent
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        status = 1
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
