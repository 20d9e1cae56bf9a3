"""`communique serve`: open a store in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from communique.errors import InputError, OutputError

LOCAL = "127.0.0.1"
_REMOTE_RATE = "1200/minute"


def serve(
    store: Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder that holds the store.")],
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0: a free port.")] = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Another address than this machine's own needs tokens.")
    ] = LOCAL,
    tokens: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Who may read and write: a line `read NAME TOKEN` or `write NAME TOKEN` each."
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A host name by which it is reached, as behind a proxy.")
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="A reverse proxy, whose X-Forwarded-For and -Proto are believed."),
    ] = None,
    rate: Annotated[
        str,
        typer.Option(metavar="N/PERIOD", help=f"How often one may ask; {_REMOTE_RATE} where there are tokens."),
    ] = "",
    compare: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A store of the same reports, coded in another way, to set beside it."),
    ] = None,
    knowledge: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Folder of knowledge files of your own. May be repeated.")
    ] = None,
    codebook: Annotated[str, typer.Option(metavar="NAME|FILE", help="Codebook in the place of PLOVER.")] = "",
) -> None:
    """Open a store in a browser, and for programs: pages to read, ask, correct and show, and an API.

    Only this machine can reach it, unless --host says otherwise; then every reader needs a token. Tokens come from a
    file or from COMMUNIQUE_READ_TOKEN and COMMUNIQUE_WRITE_TOKEN. Other commands may write to the store meanwhile.

    Needs the extra `serve`: `pip install 'communique[serve]'`.

    Examples:

    - `communique serve --store news`

    - `communique serve --store news --host 0.0.0.0 --tokens tokens.txt`
    """
    try:
        import fastapi  # noqa: F401
        import limits  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise OutputError(
            f"`communique serve` needs the extra `serve`, of which {error.name!r} is missing. "
            "`pip install 'communique[serve]'` adds it."
        ) from None
    from dataclasses import replace

    from communique.settings import Settings
    from communique.web.server import bind, run
    from communique.web.settings import WebSettings, is_loopback
    from communique.web.tokens import read_tokens

    known = read_tokens(tokens)
    if not is_loopback(host) and not known:
        raise InputError(
            f"Whoever reaches {host!r} could read and change the store. Give --tokens FILE, or leave --host out."
        )
    found = Settings()
    coder = found.model_copy(update={
        "knowledge": (*found.knowledge, *(knowledge or ())), **({"codebook": codebook} if codebook else {}),
    })  # fmt: skip
    settings = WebSettings(
        store, host, port, tuple(name or ()), known, coder, tuple(proxy or ()), tuple(compare or ()),
        reading=_rate(rate or (_REMOTE_RATE if known else "")),
    )  # fmt: skip
    for each in (store, *(compare or ())):
        _check_store(each)
    listening = bind(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    shown = f"[{host}]" if ":" in host else host
    print(f"communique: {store} is open at http://{shown}:{settings.port}/ until Ctrl-C.", file=sys.stderr, flush=True)
    run(settings, listening)


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
