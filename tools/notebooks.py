"""Run the notebooks of the documentation, each in a kernel and a folder of its own.

usage: python tools/notebooks.py [--write] [NOTEBOOK...]

Without `--write` what they print is compared with what stands in them, and the exit status is 1 where it differs; with
it, it is written. Pictures are only looked at for being there: their bytes hang on fonts and versions.
"""

from __future__ import annotations

import argparse
import copy
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

import docs_examples

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs/notebooks"
_LONGEST = 120  # seconds a cell may take
_COMPARED = ("text/plain", "text/html")
_QUIET = logging.getLogger("notebooks")
_OWN = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}}  # fmt: skip


def notebooks() -> list[Path]:
    """Return the notebooks of the documentation, by name."""
    return sorted(FOLDER.glob("*.ipynb"))


def run(path: Path) -> Any:
    """Return the notebook with what its cells give now. Raises nbclient's CellExecutionError where one fails."""
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    told = {name for name in os.environ if name.startswith("COMMUNIQUE_")} - {"COMMUNIQUE_CACHE"}
    kept = {name: value for name, value in os.environ.items() if name not in told}
    sources = [str(ROOT / "src"), *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {
        **kept,
        **docs_examples.SETTLED,
        "COLUMNS": "88",
        "PYTHONPATH": os.pathsep.join(str(Path(each).resolve()) for each in sources),
    }
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(prefix="nb") as sockets:
        # Files instead of ports: nothing listens to the network.
        connection = str(Path(sockets) / "kernel.json")
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", connection_file=connection)
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=_LONGEST,
            resources={"metadata": {"path": folder}},
            log=_QUIET,
            coalesce_streams=True,
        )
        client.execute(env=environment)
    return settled(notebook)


def settled(notebook: Any) -> Any:
    """Return a notebook with only what is the same whenever and wherever it is run."""
    found = copy.deepcopy(notebook)
    found.metadata = nbformat.from_dict(_OWN)
    code = 0
    for number, cell in enumerate(found.cells):
        cell.metadata, cell.id = nbformat.from_dict({}), f"cell-{number}"
        if cell.cell_type != "code":
            continue
        code += 1
        cell.execution_count = code
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = code
            if "metadata" in output:
                told = output.metadata.get("image/svg+xml", {})
                output.metadata = nbformat.from_dict({"image/svg+xml": told} if told else {})
    return found


def differences(there: Any, now: Any) -> Iterator[str]:
    """Yield what a notebook shows that it does not give now, a sentence for each cell."""
    for number, (old, new) in enumerate(zip(there.cells, now.cells, strict=True), 1):
        if old.cell_type == "code" and _said(old) != _said(new):
            yield f"cell {number}\n--- shown\n{_text(old)}\n--- now\n{_text(new)}"


def _said(cell: Any) -> list[Any]:
    found: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append((output.name, output.text))
        elif output.output_type in ("execute_result", "display_data"):
            found.append((sorted(output.data), [output.data.get(kind) for kind in _COMPARED]))
        else:
            found.append(output.output_type)
    return found


def _text(cell: Any) -> str:
    return "\n".join(re.sub(r"(?s)(.{1500}).*", r"\1 …", str(said)) for said in _said(cell)) or "(nothing)"


def write(path: Path, notebook: Any) -> None:
    """Write a notebook as it is kept: one line for each line of a cell, so that changes can be read."""
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Run the notebooks of the documentation.")
    options.add_argument("notebooks", nargs="*", type=Path)
    options.add_argument("--write", action="store_true", help="write what they give")
    chosen = options.parse_args(arguments)
    good = True
    for path in chosen.notebooks or notebooks():
        now = run(path)
        problems = list(differences(nbformat.read(path, as_version=4), now))
        # What still holds is left alone, pictures included, unless the notebook is named.
        writing = chosen.write and bool(problems or chosen.notebooks)
        if writing:
            write(path, now)
        good = good and (chosen.write or not problems)
        print(f"{path.name}: {'written' if writing else 'differs' if problems else 'as shown'}")
        for problem in problems if not chosen.write else ():
            print(problem)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
