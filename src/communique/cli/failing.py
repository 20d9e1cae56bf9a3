"""What becomes of an error: one line on standard error and an exit code.

    0    it worked
    1    an error that the user can do something about, an input that failed, or an answer that is not whole
    2    a command line that cannot be understood (typer's)
    130  stopped by Ctrl-C
    141  whoever read our output went away (`| head`)

Anything else is a fault of the program's: one sentence, and with COMMUNIQUE_DEBUG=1 the traceback.
"""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

import typer

from communique.errors import CommuniqueError, EngineWarning, StoreWarning

FAILED, STOPPED, NO_READER = 1, 130, 141
P = ParamSpec("P")
R = TypeVar("R")


def tell(message: str) -> None:
    """Print a line on standard error. Control characters are shown, not obeyed."""
    from communique.showing.text import clean

    sys.stdout.flush()
    print(f"communique: {' '.join(clean(message).split())}", file=sys.stderr)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command so that its errors become a line and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with _warned() as warned:
                result = command(*args, **kwargs)
                sys.stdout.flush()  # a reader that went away is noticed here at the latest
            if warned:
                raise typer.Exit(FAILED)
            return result
        except CommuniqueError as error:
            if debugging():
                raise
            tell(str(error))
            raise typer.Exit(FAILED) from None
        except BrokenPipeError:
            _abandon_output()
            raise typer.Exit(NO_READER) from None
        except OSError as error:
            if debugging():
                raise
            name = f"{error.filename}: " if error.filename else ""
            _abandon_output()
            tell(f"{name}{error.strerror or error}.")
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            tell("stopped.")
            raise typer.Exit(STOPPED) from None

    return run


@contextmanager
def _warned() -> Iterator[list[str]]:
    """Print as lines what the store warns of, and give them: an answer that is not whole is no success."""
    said: list[str] = []

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, StoreWarning):
            if str(message) not in said:  # the same is true of every question that a command asks
                said.append(str(message))
                tell(str(message))
        elif issubclass(category, EngineWarning):
            tell(str(message))
        else:
            before(message, category, *where, **more)

    with warnings.catch_warnings():
        before = warnings.showwarning
        warnings.showwarning = show
        warnings.simplefilter("always", StoreWarning)
        yield said


def debugging() -> bool:
    """Return whether the user asked for tracebacks."""
    return os.environ.get("COMMUNIQUE_DEBUG", "") not in ("", "0")


def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that an exception that nobody foresaw is our fault (a `sys.excepthook`; Python then exits with 1)."""
    if debugging():
        sys.__excepthook__(kind, error, trace)
        return
    if issubclass(kind, KeyboardInterrupt):
        print("communique: stopped.", file=sys.stderr)
        return
    print(
        f"communique: this is a bug: {kind.__name__}: {' '.join(str(error).split())[:200]}. "
        "Run it again with COMMUNIQUE_DEBUG=1 and report what it prints.",
        file=sys.stderr,
    )


def _abandon_output() -> None:
    """Send what is still unwritten to nowhere; else Python complains about it while it exits."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # standard output is not a file of the system's, as within tests
        return
