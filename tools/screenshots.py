"""Pictures of every page at desk and phone width, from a real browser, for the documentation.

    python tools/screenshots.py [--store DIR] [--out docs/assets/web] [--only report] [--dark] [--paper]

Without a store, one is made of the reports that ship with the program, with some corrections, and set beside the same
one without them. It is served on loopback while the pictures are made. With --paper, the pages are printed instead, and
the first sheets of each are made into a picture. Needs Chromium (Debian's package), Playwright and Pillow.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"desk": 1280, "phone": 390}
HEIGHTS = {"desk": 1500, "phone": 1700}  # taller pages are cut: a picture is to be looked at
LIMIT = 2_000_000  # bytes of all pictures together


@contextlib.contextmanager
def served(store: Path, others: tuple[Path, ...] = ()) -> Iterator[str]:
    """Serve a store at a free port of this machine."""
    from communique.web.server import bind, server
    from communique.web.settings import WebSettings

    settings = WebSettings(store, port=0, others=others, patience=60)  # the whole overview, however long it takes
    listening = bind(settings)
    running = server(settings)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(20)


def demo(folder: Path) -> tuple[Path, Path]:
    """Make a store of the reports of `communique.demo`, once with corrections and once without."""
    import shutil
    import subprocess
    import sys

    from communique.store import Correction, Store

    texts, plain, corrected = folder / "reports", folder / "demo-as-coded", folder / "demo"
    texts.mkdir()
    subprocess.run([sys.executable, "-m", "communique.demo", str(texts)], check=True, stdout=subprocess.DEVNULL)
    read = [sys.executable, "-m", "communique", "read", *map(str, sorted(texts.iterdir())), "--store", str(plain)]
    subprocess.run([*read, "--published", "2018-06-13"], check=True)
    shutil.copytree(plain, corrected)
    with Store.open(corrected) as store:
        events = sorted(store.query("events"), key=lambda one: (-one.confidence, one.id))
        for action, record in zip(("accept", "accept", "reject", "reject"), events, strict=False):
            store.correct(Correction(action, record.id, "Ana"))
        store.correct(Correction("amend", events[5].id, "Ana", replace(events[5], status="planned")))
        drawn = store.draw(12, who="Ana", seed=1, by=("kind",)).drawn
        for n, one in enumerate(drawn[:7]):
            store.correct(Correction("reject" if n == 4 else "accept", one.record.id, "Ana"))
    return corrected, plain


def pages(store: Path) -> dict[str, str]:
    """Return an address for each page, of what the store has most of."""
    from collections import Counter

    from communique.store import Store

    with Store.open(store) as opened:
        pairs = {
            (e.report, *sorted((a.code, b.code)))
            for e in opened.query("events")
            for a in e.actors
            for b in e.recipients
            if a.code and b.code and a.code != b.code
        }
        ((one, other), _), *_ = sorted(Counter(pair[1:] for pair in pairs).items(), key=lambda p: (-p[1], p[0]))
        issues = Counter(p.issue for p in opened.query("positions") if p.issue)
        # A report of middling length, with furniture where there is some, whose page shows all there is.
        found = sorted(opened.query("reports"), key=lambda r: (-len(r.report.removed), abs(r.events - 25), r.report.id))
    return {
        "overview": "/", "reports": "/reports", "report": f"/reports/{found[0].report.id}", "actor": f"/actors/{one}",
        "dyad": f"/dyads/{one}/{other}", "issues": "/issues", "issue": f"/issues/{issues.most_common(1)[0][0]}",
        "network": "/network", "map": "/map", "search": "/search?q=sanctions", "audit": "/audit", "compare": "/compare",
    }  # fmt: skip


def main() -> None:
    from playwright.sync_api import sync_playwright

    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--store", type=Path)
    asked.add_argument("--compare", type=Path, action="append", default=[], help="another coding of the same reports")
    asked.add_argument("--out", type=Path, default=Path("docs/assets/web"))
    asked.add_argument("--only", default="")
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--paper", action="store_true", help="as printed on A4, the first sheets side by side")
    asked.add_argument("--whole", action="store_true", help="the whole page, however long")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        store, others = given.store, tuple(given.compare)
        if store is None:
            store, plain = demo(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            others = (plain,)
        url = stack.enter_context(served(store, others))
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = list(pages(store).items())
        if given.paper:
            printed(browser, url, [(n, a) for n, a in shown if not given.only or n in given.only.split(",")], given.out)
        for kind, width in () if given.paper else WIDTHS.items():
            view = {"width": width, "height": HEIGHTS[kind]}
            context = browser.new_context(
                viewport=view, color_scheme="dark" if given.dark else "light", reduced_motion="reduce"
            )  # fmt: skip
            page = context.new_page()
            page.on("console", lambda said: print("console:", said.type, said.text))
            page.on("pageerror", lambda error: print("error:", error))
            for name, address in shown:
                if given.only and name not in given.only.split(","):
                    continue
                answer = page.goto(url + address, wait_until="load")
                wide = page.evaluate("document.documentElement.scrollWidth")
                print(f"{name} {kind} {answer.status if answer else '-'}", "TOO WIDE" if wide > width else "")
                page.screenshot(path=given.out / f"{name}-{kind}.png", full_page=given.whole)
            context.close()
        browser.close()
    small(given.out)


def printed(browser: Any, url: str, shown: list[tuple[str, str]], out: Path, sheets: int = 3) -> None:
    """Print pages on A4 and write their first sheets side by side."""
    import pypdfium2
    from PIL import Image

    page = browser.new_context().new_page()
    for name, address in shown:
        page.goto(url + address, wait_until="load")
        sheet = pypdfium2.PdfDocument(page.pdf(format="A4"))
        drawn = [sheet[n].render(scale=1.25).to_pil().convert("RGB") for n in range(min(sheets, len(sheet)))]
        whole = Image.new("RGB", (sum(one.width + 8 for one in drawn), drawn[0].height), "gray")
        for n, one in enumerate(drawn):
            whole.paste(one, (n * (one.width + 8), 0))
        whole.save(out / f"{name}-paper.png")
        print(f"{name} paper, {len(sheet)} sheets")


def small(folder: Path) -> None:
    """Write the pictures with fewer colours, and say what they take together."""
    with contextlib.suppress(ImportError):
        from PIL import Image

        for file in sorted(folder.glob("*.png")):
            image = (
                Image.open(file)
                .convert("RGB")
                .quantize(160, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            )
            image.save(file, optimize=True)
    size = sum(file.stat().st_size for file in folder.glob("*.png"))
    print(f"{size:,} bytes" + (", more than is good for a repository" if size > LIMIT else ""))


if __name__ == "__main__":
    main()
