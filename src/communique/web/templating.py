"""Pages from templates: everything that is put in is escaped, and what a template lacks is an error."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

from communique import __version__
from communique.web.access import form_token, who

if TYPE_CHECKING:
    from fastapi import Request
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "templates"
NAVIGATION = (
    ("/", "Overview"), ("/reports", "Reports"), ("/issues", "Issues"), ("/network", "Network"), ("/map", "Map"),
    ("/audit", "Audit"), ("/compare", "Compare"),
)  # fmt: skip


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates, with what all of them may use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"version": __version__, "navigation": NAVIGATION}
    return made


def prepare() -> None:
    """Read the template of the first page, so that nobody waits for that."""
    environment().get_template("overview.html")


def render(
    request: Request, template: str, page: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return a page. The template gets `page`, a typed object of its own, and `path`, `query`, `form_token`
    (for the hidden field `form_token` of each form that posts), `who` and `asks_tokens`."""
    text = environment().get_template(template).render(
        page=page, path=request.url.path, query=dict(request.query_params),
        form_token=form_token(request), who=who(request), asks_tokens=bool(request.app.state.settings.tokens),
    )  # fmt: skip
    return HTMLResponse(text.encode("utf-8", "replace"), status_code=status, headers=headers)
