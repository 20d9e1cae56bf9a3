"""Where an export goes: a file that has its name only once it is whole, a folder, or standard output."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from communique.errors import OutputError


@dataclass(frozen=True, slots=True)
class Out:
    """A place to write to; None is standard output."""

    path: Path | None = None

    @contextmanager
    def text(self, encoding: str = "utf-8", errors: str = "strict") -> Iterator[IO[str]]:
        """Give a text file, whose lines end as they are written."""
        with self.binary() as raw:
            wrapped = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="", write_through=False)
            try:
                yield wrapped
                wrapped.flush()
            finally:
                wrapped.detach()

    @contextmanager
    def binary(self) -> Iterator[IO[bytes]]:
        """Give a file of bytes."""
        if self.path is None:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        with self.whole() as unfinished, unfinished.open("wb") as file:
            yield file

    @contextmanager
    def whole(self, *, folder: bool = False) -> Iterator[Path]:
        """Give the path of a new file or folder beside the place, which takes its name at the end.

        Raises OutputError where it cannot be written, and for a folder that is there and not empty.
        """
        if self.path is None:
            what = "a folder" if folder else "a file"
            raise OutputError(f"This format is written to {what}. Name it with -o.")
        path = self.path
        if folder and path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise OutputError(f"{str(path)!r} is there already. Name a new folder, or an empty one.")
        if not folder and path.is_dir():
            raise OutputError(f"{str(path)!r} is a folder. Name a file.")
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            if folder:
                unfinished.mkdir()
            yield unfinished
            if folder and path.is_dir():
                path.rmdir()
            os.replace(unfinished, path)  # noqa: PTH105
        except OSError as error:
            raise OutputError(
                f"{str(path)!r} cannot be written ({error.strerror or error}). Give another -o."
            ) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True) if unfinished.is_dir() else unfinished.unlink(missing_ok=True)
