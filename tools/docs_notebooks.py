"""The notebooks of the documentation as pages of the site: a hook of MkDocs, named in mkdocs.yml.

A notebook is shown with what stands in it; `tools/notebooks.py` runs it. Nothing is fetched and nothing is run by the
page: pictures are images with their description, tables are HTML.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page

_ANSI = re.compile(r"\x1b\[[0-9;]*m")  # bold and dim of a terminal
_PLACE = re.compile(r'<div data-output="(\d+)-(\d+)"></div>')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Make each notebook a page."""
    for file in list(files):
        if file.src_uri.endswith(".ipynb"):
            files.remove(file)
            files.append(_page_of(file, config))
    return files


def on_page_read_source(page: Page, config: MkDocsConfig) -> str | None:
    """Return the notebook as Markdown, with a place for each output."""
    return markdown(_notebook(page.file)) if page.file.src_uri.endswith(".ipynb") else None


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the outputs into their places: as HTML they are no Markdown."""
    return filled(html, _notebook(page.file)) if page.file.src_uri.endswith(".ipynb") else html


def markdown(notebook: Mapping[str, Any]) -> str:
    """Return the cells of a notebook as Markdown; `filled` puts the outputs into its places."""
    parts: list[str] = []
    for number, cell in enumerate(notebook["cells"]):
        text = _text(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
        elif cell["cell_type"] == "code":
            parts.append(f"```python\n{text}\n```")
            parts += [f'<div data-output="{number}-{n}"></div>' for n in range(len(cell["outputs"]))]
    return "\n\n".join(parts) + "\n"


def filled(html: str, notebook: Mapping[str, Any]) -> str:
    """Return a page with the outputs of its notebook."""

    def output(found: re.Match[str]) -> str:
        return shown(notebook["cells"][int(found[1])]["outputs"][int(found[2])])

    return _PLACE.sub(output, html)


def shown(output: Mapping[str, Any]) -> str:
    """Return one output of a cell as HTML."""
    if output["output_type"] == "stream":
        return f"<pre><code>{escape(_ANSI.sub('', _text(output['text'])))}</code></pre>"
    data = {kind: _text(value) for kind, value in output.get("data", {}).items() if isinstance(value, str | list)}
    if "image/svg+xml" in data:
        picture = base64.b64encode(data["image/svg+xml"].encode()).decode("ascii")
        told = escape(data.get("text/plain", ""), quote=True)
        return f'<p><img alt="{told}" src="data:image/svg+xml;base64,{picture}" style="max-width:100%"></p>'
    if "text/html" in data:
        # Without a class it looks like the other tables of the site.
        page = data["text/html"].replace('<table border="1" class="dataframe">', "<table>")
        return f'<div style="margin:1em 0">{page}</div>'
    return f"<pre><code>{escape(data.get('text/plain', ''))}</code></pre>"


def texts(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Yield the Markdown cells of a notebook."""
    yield from (_text(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _notebook(file: File) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(str(file.abs_src_path)).read_text(encoding="utf-8"))
    return found


def _page_of(file: File, config: MkDocsConfig) -> File:
    from mkdocs.structure.files import File

    class Notebook(File):
        """A notebook, which MkDocs would else copy as it is."""

        def is_documentation_page(self) -> bool:
            return True

    return Notebook(file.src_uri, config.docs_dir, config.site_dir, config.use_directory_urls)
