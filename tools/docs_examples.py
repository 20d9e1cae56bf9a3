"""The examples of a page of documentation: found, run in order in a temporary folder, compared with what is shown.

What is looked for in a page, in the order in which it stands there:

- a `console` block: each line `$ COMMAND` is run by bash; the lines under it are its output. `...` stands for
  anything. Commands of `make`, `pip` and `git` are for a reader's own machine and are not run.
- a `python` block: executed; lines `>>>` are compared as doctest does.
- a block with a title (`toml title="mine/actors.toml"`): the file is written.
- `<!-- output of: COMMAND -->` before a `text` block: the block is the output of COMMAND.
- `<!-- fails -->` before a `console` block: its commands must end with an error.

All blocks of a page share one folder, which holds the example reports from the start.

A page with `<!-- in a clone -->` tells what to change in the program. Its titles name files of the repository (`at the
end of PATH` adds to one). All such pages are followed together, in one copy of the repository: first what they write
and the commands that edit it, then the others. `<!-- before -->` precedes a block for the program as it is.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docs_commands
from communique import demo

ROOT = Path(__file__).parent.parent
SETTLED = {"COLUMNS": "100", "LINES": "40", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
NOT_RUN = ("make ", "pip ", "git ", "cd ", "python3 -m venv", "source ")
_LINKED = 200_000  # bytes from which on a file of a copy of the repository is only a link
_NEAR = 4  # lines by which a piece may grow or shrink to end with a record
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[a-z]+)(?P<rest>[^\n]*)$")
_TITLE = re.compile(r'title="([^"]+)"')
_NOTE = re.compile(r"^\s*<!-- (?P<word>fails|before|output of: (?P<command>.+?)) -->$")
_CLONE = "<!-- in a clone -->"
_APPENDED = "at the end of "
_CLONED = ("src", "tests", "tools", "evaluation", "docs", "pyproject.toml", "README.md")


@dataclass
class Block:
    """A fenced block: `first` and `last` are the numbers (from 0) of its first and last line of content."""

    page: Path
    language: str
    title: str
    first: int
    lines: list[str]
    indent: str = ""
    fails: bool = False
    output_of: str = ""
    before: bool = False

    @property
    def where(self) -> str:
        return f"{self.page.name}:{self.first + 1}"


@dataclass
class Shown:
    """A command and the output that the page shows for it."""

    command: str
    output: list[str] = field(default_factory=list)


@dataclass
class Result:
    """What came of one block: empty `problem` where all is as shown; `lines` is the block as it should be.

    `failed`: no new output can make it hold.
    """

    block: Block
    problem: str
    lines: list[str]
    failed: bool = False


def pages() -> list[Path]:
    """Return the pages whose examples are run: the README and everything under docs but the notes."""
    found = sorted(path for path in (ROOT / "docs").rglob("*.md") if "notes" not in path.parts)
    return [ROOT / "README.md", *found]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    current: Block | None = None
    note: re.Match[str] | None = None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines()):
        if current is not None:
            if line.strip() == "```":
                yield current
                current, note = None, None
            else:
                current.lines.append(line.removeprefix(current.indent))
        elif match := _FENCE.match(line):
            title = _TITLE.search(match["rest"])
            command = (note["command"] or "") if note else ""
            word = note["word"] if note else ""
            current = Block(
                page, match["language"], title[1] if title else "", number + 1, [], match["indent"], word == "fails",
                command, word == "before",
            )  # fmt: skip
        elif line.strip():
            note = _NOTE.match(line)


def commands(block: Block) -> list[Shown]:
    """Return the commands of a console block with the output shown for each."""
    found: list[Shown] = []
    open_command = False
    for line in block.lines:
        if open_command:
            found[-1].command += "\n" + line
        elif line.startswith("$ "):
            found.append(Shown(line[2:]))
        elif found:
            found[-1].output.append(line)
        open_command = (open_command or line.startswith("$ ")) and line.endswith("\\")
    return found


def run_page(page: Path, folder: Path) -> Iterator[Result]:
    """Run the examples of `page` in `folder`, in order; yield what came of each block that can be run.

    Nothing is run of a page that changes the program: see `run_in_clone`.
    """
    if in_clone(page):
        return
    demo.copy_to(folder)
    found = list(blocks(page))
    runs = any(block.output_of or block.language == "console" for block in found)
    environment = _environment(folder / ".bin") if runs else {}
    yield from run_blocks(found, folder, environment)


def run_blocks(found: list[Block], folder: Path, environment: dict[str, str]) -> Iterator[Result]:
    """Run `found` in `folder`, in order; yield what came of each block that can be run."""
    names: dict[str, object] = {"__name__": "__main__"}
    for block in found:
        if block.title:
            _write(block, folder)
        elif block.output_of:
            yield _check(block, [Shown(block.output_of, block.lines)], folder, environment, keep_prompt=False)
        elif block.language == "console":
            yield _check(block, commands(block), folder, environment, keep_prompt=True)
        elif block.language == "python":
            yield _run_python(block, folder, names)


def in_clone(page: Path) -> bool:
    """Tell whether a page tells what to change in the program itself."""
    return _CLONE in page.read_text(encoding="utf-8")


def run_in_clone(pages: list[Path], folder: Path) -> Iterator[Result]:
    """Follow all `pages` that change the program in one copy of it; yield what came of each block that can be run."""
    clone, plain = folder / "clone", folder / "plain"
    plain.mkdir()
    _clone(clone)
    environment, before = _plain_environment(folder / ".bin", clone), _environment(folder / ".warm")
    found = [block for page in pages for block in blocks(page)]
    for block in found:
        if block.title:
            _write(block, clone)
    edits = [b for b in found if b.language == "console" and any(c.command.startswith("sed -i") for c in commands(b))]
    rest = [block for block in found if block.language == "console" and block not in edits]
    for block in [*edits, *rest]:
        where, how = (plain, before) if block.before else (clone, environment)
        yield _check(block, commands(block), where, how, keep_prompt=True)


def _clone(clone: Path) -> None:
    """Make a copy of the repository, of links where files are large; what a page writes takes the place of a link."""
    for name in _CLONED:
        top = ROOT / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                target = clone / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                if path.stat().st_size > _LINKED:
                    target.symlink_to(path)
                else:
                    target.write_bytes(path.read_bytes())


def _write(block: Block, folder: Path) -> None:
    added = block.title.startswith(_APPENDED)
    target = folder / block.title.removeprefix(_APPENDED)
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.read_text(encoding="utf-8") if added else ""
    target.unlink(missing_ok=True)  # a link to the file in the repository
    target.write_text(old + "\n".join(block.lines) + "\n", encoding="utf-8")


def _plain_environment(bin_folder: Path, clone: Path) -> dict[str, str]:
    """Return an environment in which `communique` and `python` run what stands in `clone`."""
    bin_folder.mkdir()
    for name, command in (("communique", "-m communique"), ("python", "")):
        (bin_folder / name).write_text(f'#!/bin/sh\nexec {sys.executable} {command} "$@"\n', encoding="utf-8")
        (bin_folder / name).chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMMUNIQUE_", "PYTEST_")) and k != "FORCE_COLOR"}
    paths = os.pathsep.join(str(clone / name) for name in ("src", "tools", "tests"))
    return {**kept, **SETTLED, "PYTHONPATH": paths, "PATH": f"{bin_folder}{os.pathsep}{kept.get('PATH', '')}"}


def _environment(bin_folder: Path) -> dict[str, str]:
    """Return an environment in which `communique` and `python` are those of this very interpreter."""
    bin_folder.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNIQUE_")}
    for name in ("FORCE_COLOR", "PYTEST_CURRENT_TEST"):
        kept.pop(name, None)
    paths = os.pathsep.join(filter(None, [str(ROOT / "src"), kept.get("PYTHONPATH", "")]))
    settled = {**kept, **SETTLED, "PYTHONPATH": paths}
    docs_commands.write_commands(bin_folder, settled)
    return {**settled, "PATH": f"{bin_folder}{os.pathsep}{kept.get('PATH', '')}"}


def _check(block: Block, shown: list[Shown], folder: Path, environment: dict[str, str], *, keep_prompt: bool) -> Result:
    problems: list[str] = []
    lines: list[str] = []
    failed = False
    for each in shown:
        if keep_prompt:
            lines += [f"$ {each.command.splitlines()[0]}", *each.command.splitlines()[1:]]
        if each.command.startswith(NOT_RUN) and each.command != "make demo":
            lines += each.output
            continue
        status, printed = _run(each.command, folder, environment)
        if (status != 0) != block.fails:
            problems.append(f"$ {each.command}\nended with status {status}\n{printed}")
            failed = True
            lines += each.output  # what an example prints that should have worked is nothing to show
        elif any(line.strip() for line in each.output) and not _same("\n".join(each.output), printed):
            problems.append(f"$ {each.command}\nshown:\n" + "\n".join(each.output) + f"\nprinted:\n{printed}")
            failed = failed or not printed
            lines += _shortened(each.output, printed.splitlines()) if printed else each.output
        else:
            lines += each.output
    return Result(block, "\n".join(problems), lines, failed)


def _run(command: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    if command == "make demo":  # without the installation, which is done: the tests run in it
        environment = {
            **environment,
            "COMMUNIQUE": str(folder / ".bin/communique"),
            "PYTHON": str(folder / ".bin/python"),
        }
        command = f"{ROOT}/tools/demo.sh build/demo"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False, timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    return done.returncode, "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip("\n")


def _same(shown: str, printed: str) -> bool:
    flat = [re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n") + "\n" for text in (shown, printed)]
    return doctest.OutputChecker().check_output(flat[0], flat[1], doctest.ELLIPSIS)


def _shortened(shown: list[str], printed: list[str]) -> list[str]:
    """Cut `printed` the way the page cut it.

    As many lines before the first `...` and after the last as there were. A piece between two cuts is found again by
    the first word of its first line (`Positions`; of a command by the command), and is as long as it was. A piece
    before a cut ends where a record ends, if one ends near.
    """
    pieces = _pieces(shown)
    if len(pieces) == 1:
        return printed
    at = _border(printed, 0, len(pieces[0]))
    kept = printed[:at]
    for piece in pieces[1:-1]:
        start = next((n for n in range(at, len(printed)) if _opening(printed[n]) == _opening(piece[0])), None)
        if start is not None:
            at = _border(printed, start, start + len(piece))
            kept += ["...", *printed[start:at]]
    after = len(pieces[-1])
    return [*kept, "...", *(printed[max(at, len(printed) - after) :] if after else [])]


def _border(printed: list[str], start: int, end: int) -> int:
    """Return the end nearest to `end` at which a blank line stands after a record, else `end`."""
    near = [
        n
        for n in range(max(start + 1, end - _NEAR), min(len(printed) - 1, end + _NEAR) + 1)
        if not printed[n] and printed[n - 1].startswith(" ")
    ]
    return min(near, key=lambda n: (abs(n - end), n), default=end)


def _pieces(lines: list[str]) -> list[list[str]]:
    """Return what stands between the lines `...`."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == "...":
            pieces.append([])
        else:
            pieces[-1].append(line)
    return [pieces[0], *[p for p in pieces[1:-1] if p], *pieces[1:][-1:]]


def _opening(line: str) -> tuple[str, ...]:
    words = line.split()
    return tuple(words[:4] if words[:1] == ["$"] else words[:1])


def _run_python(block: Block, folder: Path, names: dict[str, object]) -> Result:
    source = "\n".join(block.lines) + "\n"
    report = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(report):
        if ">>>" in source:
            test = doctest.DocTestParser().get_doctest(source, names, block.where, str(block.page), block.first)
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            failed = runner.run(test, out=report.write, clear_globs=False).failed
            names.update(test.globs)
        else:
            exec(compile(source, block.where, "exec"), names)
            failed = 0
    return Result(block, report.getvalue() if failed else "", block.lines, bool(failed))
