"""The program as a process: signals, pipes, full disks, terminals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from communique.records import Coding, Report
from communique.store import Store

COMMAND = [sys.executable, "-m", "communique"]
ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_")},
    "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "80",
}  # fmt: skip
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")


def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": ENVIRONMENT, **options}
    return subprocess.Popen([*COMMAND, *map(str, arguments)], **given)  # type: ignore[call-overload, no-any-return]


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, (out or b"").decode(), (err or b"").decode()


def wire(path: Path, number: int) -> Path:
    """Write a file of `number` different reports."""
    texts = (f"On Friday France condemned Iran. Germany met Italy in Rome for talks number {n}." for n in range(number))
    path.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    return path


def test_ctrl_c_keeps_what_is_coded_and_the_rest_can_be_read_again(tmp_path: Path) -> None:
    number, store = 700, tmp_path / "store"
    arguments = ("read", wire(tmp_path / "wire.jsonl", number), "--store", store)
    process = start(*arguments)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:  # interrupt it once something is kept
        if (store / "catalogue.sqlite").is_file() and kept(store):
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    with Store.open(store) as opened:
        reports, events = opened.counts()["reports"], opened.counts()["events"]
    assert 0 < reports < number
    assert (code, out) == (130, "")
    assert err == f"communique: stopped: {reports:,} reports kept; run the same command again to go on.\n"
    assert events >= reports

    code, out, err = finish(start(*arguments))
    assert (code, err) == (0, "")
    assert out == f"{number - reports:,} reports read, {reports:,} already there, 0 failed.\n"


def kept(store: Path) -> int:
    with Store.open(store) as opened:
        return opened.counts()["reports"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("knowledge", "actors", "minister", stdout=write_end)
    os.close(write_end)
    code, _, err = finish(process)
    assert (code, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("command", [("knowledge", "actors", "minister"), ("show", "reports", "--format", "jsonl")])
def test_output_that_cannot_be_written_is_one_line_and_an_error(command: tuple[str, ...], tmp_path: Path) -> None:
    if command[0] == "show":
        with Store.create(tmp_path / "store") as store:
            store.writer.add([Coding(Report(id="r1", text="x" * 100_000))])
        command = (*command, "--store", str(tmp_path / "store"))
    with Path("/dev/full").open("wb") as full:
        code, _, err = finish(start(*command, stdout=full))
    assert (code, err) == (1, "communique: No space left on device.\n")


def test_json_is_utf_8_whatever_the_terminals_encoding(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store") as store:
        store.writer.add([Coding(Report(id="r1", text="Göteborg – 東京"))])
    arguments = ("show", "reports", "--store", tmp_path / "store", "--format")
    for format, expected in (("jsonl", "Göteborg – 東京"), ("table", "?")):
        process = start(*arguments, format, env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"})
        code, out, err = finish(process)
        assert (code, err) == (0, "")
        assert expected in out


def test_a_terminal_sees_a_progress_bar_and_a_file_does_not(tmp_path: Path) -> None:
    import pty

    main, other = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm"}
    process = start("read", wire(tmp_path / "w.jsonl", 40), "--store", tmp_path / "s", stderr=other, env=environment)
    os.close(other)
    seen = b""
    while True:
        try:
            chunk = os.read(main, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(main)
    code, out, _ = finish(process)
    assert (code, out) == (0, "40 reports read, 0 already there, 0 failed.\n")
    assert b"loading the language model" in seen
    assert b"/40" in seen


def test_help_answers_before_anything_heavy_is_imported() -> None:
    heavy = ("spacy", "duckdb", "pyarrow", "numpy", "pydantic_settings", "communique.pipeline")
    script = (
        "import sys; from communique.cli.main import app; from typer.testing import CliRunner\n"
        "result = CliRunner().invoke(app, ['code', '--help']); assert result.exit_code == 0\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"


def test_a_bug_is_called_one_and_debugging_shows_where() -> None:
    script = "from communique.cli import main, knowledge\nmain.main()"
    broken = "import communique.knowledge as k; k.load_knowledge = None\n" + script
    arguments = [sys.executable, "-c", broken, "knowledge", "actors", "Beijing"]
    plain = subprocess.run(arguments, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (plain.returncode, plain.stdout) == (1, "")
    (line,) = plain.stderr.splitlines()
    assert line.startswith("communique: this is a bug: TypeError: 'NoneType' object is not callable")
    debugged = subprocess.run(
        arguments, env={**ENVIRONMENT, "COMMUNIQUE_DEBUG": "1"}, capture_output=True, text=True, check=False
    )
    assert "Traceback" in debugged.stderr
