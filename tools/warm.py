"""A command line that starts at once: a process that has everything imported forks one for each command.

`communique_at(folder)` writes a command `communique` into a folder, for examples and tests that call it hundreds of
times: half of what such a call takes is importing. What it does, prints and returns is the same. Commands that start
processes of their own, or are ended by signals, are started in the ordinary way.
"""

from __future__ import annotations

import array
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_COLD = ("serve", "watch", "--engine", "--workers", "-j")
_IMPORTED = (
    "communique.cli.main", "communique.pipeline", "communique.language", "communique.judge", "communique.store",
    "communique.alignment.views", "communique.alignment.brief", "communique.evaluation", "communique.engines.local",
    "communique.engines.driver", "communique.showing.entries",
)  # fmt: skip
# Run without site-packages, so that it starts in some hundredths of a second.
_CLIENT = """\
import array, json, os, signal, socket, sys
if any(each in {cold!r} for each in sys.argv[1:]):
    os.execv({python!r}, [{python!r}, "-c", "import sys; from communique.cli.main import main; sys.exit(main())",
                          *sys.argv[1:]])
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
with socket.socket(socket.AF_UNIX) as there:
    there.connect({address!r})
    streams = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))
    there.sendmsg([len(asked).to_bytes(8, "big")], [streams])
    there.sendall(asked)
    child = int.from_bytes(there.recv(8), "big")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: os.kill(child, number))
    status = there.recv(1)
os._exit(status[0] if status else 1)
"""


def communique_at(folder: Path) -> None:
    """Write a command `communique` into a folder, in which the interpreter is this one."""
    client = _CLIENT.format(cold=_COLD, python=sys.executable, address=str(_started()))
    (folder / "communique").write_text(f"#!{sys.executable} -SsE\n{client}", encoding="utf-8")


@cache
def _started() -> Path:
    """Start the process that forks, once, and return where it listens; it ends with this one."""
    place = tempfile.TemporaryDirectory(prefix="warm")
    address = Path(place.name) / "socket"
    paths = os.pathsep.join([str(Path(__file__).parent.parent / "src"), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, __file__, str(address)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
    )  # fmt: skip
    atexit.register(place.cleanup)
    atexit.register(process.kill)
    assert process.stdout is not None
    if process.stdout.readline() != b"ready\n":
        raise RuntimeError("The process that imports the program ahead did not start.")
    return address


def _serve(address: str) -> None:
    import importlib

    for name in _IMPORTED:
        importlib.import_module(name)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they tell their status themselves
    os.write(1, b"ready\n")
    while True:
        asker, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(asker)
        asker.close()


def _answer(asker: socket.socket) -> None:
    status = 1
    try:
        fds = array.array("i")
        head, ancillary, _, _ = asker.recvmsg(8, socket.CMSG_SPACE(3 * fds.itemsize))
        fds.frombytes(ancillary[0][2])
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
            os.close(fd)
        asked = b""
        while len(asked) < int.from_bytes(head, "big"):
            asked += asker.recv(1 << 20)
        arguments, folder, environment = json.loads(asked)
        asker.sendall(os.getpid().to_bytes(8, "big"))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["communique", *arguments]
        # Those that are there know of other files under these numbers.
        sys.stdin, sys.stdout, sys.stderr = (
            open(n, mode, encoding="utf-8", buffering=1 if n == 2 else -1, closefd=False)  # noqa: SIM115
            for n, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        sys.path[:0] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
        status = _run()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or 1
        asker.send(bytes([status & 0xFF]))
        os._exit(status & 0xFF)


def _run() -> int:
    from communique.cli.main import main

    try:
        main()
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return int(ended.code or 0)
        print(ended.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001 - as the interpreter does
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        return 1
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
