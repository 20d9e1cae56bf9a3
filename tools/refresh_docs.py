"""Write into the README and the docs what their examples print now, and the tables drawn from the code.

usage: python tools/refresh_docs.py [PAGE...]

Pages that tell what to change in the program are followed together, in a copy of the repository.
Outputs that still hold are left alone. Where a page cut an output with a line `...`, as many lines are kept before
and after the cut as before. Python examples (`>>>`) are only reported: read them and write them by hand.
Exit status 1 if something is left that does not hold.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docs_examples
import docs_tables


def refresh(page: Path) -> bool:
    """Bring one page up to date; return whether everything in it holds now."""
    text = page.read_text(encoding="utf-8")
    new = docs_tables.fill(text)
    if new != text:
        page.write_text(new, encoding="utf-8")
        print(f"{page.name}: tables written")
    with tempfile.TemporaryDirectory() as folder:
        return written(page, [r for r in docs_examples.run_page(page, Path(folder)) if r.problem])


def written(page: Path, results: Sequence[docs_examples.Result]) -> bool:
    """Write what the examples of a page print that does not hold; return whether all of it could be written."""
    lines = page.read_text(encoding="utf-8").splitlines()
    good = True
    results = sorted(results, key=lambda result: result.block.first)
    for result in reversed(results):
        block = result.block
        if result.failed:
            print(f"{block.where}: does not hold\n{result.problem}")
            good = False
        lines[block.first : block.first + len(block.lines)] = [(block.indent + x).rstrip() for x in result.lines]
    if results:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{page.name}: {len(results)} examples written")
    return good


def main(arguments: list[str]) -> int:
    chosen = [Path(a).resolve() for a in arguments] or docs_examples.pages()
    good = [refresh(page) for page in chosen]
    if cloned := [page for page in chosen if docs_examples.in_clone(page)]:
        with tempfile.TemporaryDirectory() as folder:
            results = [r for r in docs_examples.run_in_clone(cloned, Path(folder)) if r.problem]
        good += [written(page, [r for r in results if r.block.page == page]) for page in cloned]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
