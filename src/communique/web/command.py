"""`communique serve`: open a store in a browser."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.errors import InputError, OutputError

if TYPE_CHECKING:
    from communique.web.settings import WebSettings

LOCAL = "127.0.0.1"
_REMOTE_RATE = "1200/minute"


Folder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")]
Port = Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0: a free port.")]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Another address than this machine's own needs tokens.")]
TokenFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Who may read and write: a line `read NAME TOKEN` or `write NAME TOKEN` each."),
]
Names = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A host name by which it is reached, as behind a proxy.")
]
Proxies = Annotated[
    list[str] | None,
    typer.Option(metavar="ADDRESS", help="A reverse proxy, whose X-Forwarded-For and -Proto are believed."),
]
Rate = Annotated[
    str, typer.Option(metavar="N/PERIOD", help=f"How often one may ask; {_REMOTE_RATE} where there are tokens.")
]
Compared = Annotated[
    list[Path] | None,
    typer.Option(metavar="DIR", help="A store of the same reports, coded in another way, to set beside it."),
]
Knowledge = Annotated[
    list[Path] | None, typer.Option(metavar="DIR", help="Folder of knowledge files of your own. May be repeated.")
]
Codebook = Annotated[str, typer.Option(metavar="NAME|FILE", help="Codebook in the place of PLOVER.")]


def serve(
    store: Folder, port: Port = 8000, host: Host = LOCAL, tokens: TokenFile = None, name: Names = None,
    proxy: Proxies = None, rate: Rate = "", compare: Compared = None, knowledge: Knowledge = None,
    codebook: Codebook = "",
) -> None:  # fmt: skip
    """Open a store in a browser, and for programs: pages to read, ask, correct and show, and an API.

    Only this machine can reach it, unless --host says otherwise; then every reader needs a token. Tokens come from a
    file or from COMMUNIQUE_READ_TOKEN and COMMUNIQUE_WRITE_TOKEN. Other commands may write to the store meanwhile.

    Needs the extra `serve`: `pip install 'communique[serve]'`.

    Examples:

    - `communique serve --store news`

    - `communique serve --store news --host 0.0.0.0 --tokens tokens.txt`
    """
    _check_installed()
    from communique.settings import from_environment
    from communique.web.settings import WebSettings, is_loopback
    from communique.web.tokens import read_tokens

    known = read_tokens(tokens)
    if not is_loopback(host) and not known:
        raise InputError(
            f"Whoever reaches {host!r} could read and change the store. Give --tokens FILE, or leave --host out."
        )
    found = from_environment()
    coder = found.model_copy(update={
        "knowledge": (*found.knowledge, *(knowledge or ())), **({"codebook": codebook} if codebook else {}),
    })  # fmt: skip
    for each in (store, *(compare or ())):
        _check_store(each)
    _run(WebSettings(
        store, host, port, tuple(name or ()), known, coder, tuple(proxy or ()), tuple(compare or ()),
        reading=_rate(rate or (_REMOTE_RATE if known else "")), ahead=True,
    ))  # fmt: skip


def _check_installed() -> None:
    """Raise OutputError where the extra is not there."""
    try:
        import fastapi  # noqa: F401
        import limits  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise OutputError(
            f"`communique serve` needs the extra `serve`, of which {error.name!r} is missing. "
            "`pip install 'communique[serve]'` adds it."
        ) from None


def _run(settings: WebSettings) -> None:
    from communique.web.server import bind, run

    listening = bind(settings)
    port = listening.getsockname()[1]
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host

    def ready() -> None:
        where = f"http://{shown}:{port}/"
        print(f"communique: {settings.store} is open at {where} until Ctrl-C.", file=sys.stderr, flush=True)

    run(replace(settings, port=port), listening, ready)


def _check_store(store: Path) -> None:
    from communique.store import Store

    Store.open(store).close()


def _rate(text: str) -> str:
    """Return a rate as it was given. Raises InputError where it is none."""
    from limits import parse

    if text:
        try:
            parse(text)
        except ValueError:
            raise InputError(f"{text!r} is no rate. Write it as 600/minute or 10/second.") from None
    return text
