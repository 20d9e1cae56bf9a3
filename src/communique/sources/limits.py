"""Opening and reading with a limit: nothing larger than what can be one report is ever held in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from communique.errors import InputError
from communique.settings import Settings
from communique.sources.formats import clean
from communique.sources.place import Place, place_of

BYTES_A_CHARACTER = 4  # the most that UTF-8, UTF-16 or UTF-32 needs
BYTES_OF_JSON = 6  # \uXXXX
ROOM_FOR_METADATA = 65_536
BYTES_OF_PAGE = 16  # for each character of a report: its markup, scripts and styles
ROOM_FOR_PAGE = 1_000_000
BYTES_OF_PDF = 64_000_000  # fonts and pictures; a statement has a hundredth of it


def name_of(path: Path | Place) -> str:
    """Return `path` as it is written in messages and records; bytes that are no text become U+FFFD."""
    return clean(str(path))


@contextmanager
def opened(path: Path | Place) -> Iterator[BinaryIO]:
    """Open `path` for reading bytes; InputError with what to do if it cannot be opened or read to its end."""
    try:
        with place_of(path).open() as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"There is no file {name_of(path)!r}. Check the path.") from None
    except PermissionError:
        raise InputError(f"{name_of(path)} may not be read. Change its permissions, or copy it.") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
        raise InputError(f"{name_of(path)} cannot be read: {reason}.") from None


def read_report(file: BinaryIO, origin: str, settings: Settings) -> bytes:
    """Return all bytes of `file`, one report. Raises InputError if it is empty or longer than a report may be."""
    limit = settings.max_report_chars * BYTES_A_CHARACTER + BYTES_A_CHARACTER
    content = file.read(limit + 1)
    if len(content) > limit:
        raise InputError(too_long(origin, settings))
    if not content.strip():
        raise InputError(f"{origin} is empty. Give a file with the text of a report.")
    return content


def page_limit(settings: Settings) -> int:
    """Return how many bytes a page of HTML may have: a report with all that is printed and run around it."""
    return settings.max_report_chars * BYTES_OF_PAGE + ROOM_FOR_PAGE


def read_bounded(file: BinaryIO, limit: int, origin: str) -> bytes:
    """Return all bytes of `file`, which holds one report. Raises InputError if it is empty or longer than `limit`."""
    content = file.read(limit + 1)
    if len(content) > limit:
        raise InputError(f"{origin} is larger than {limit:,} bytes, the most that one report may take. Cut it.")
    if not content.strip():
        raise InputError(f"{origin} is empty. Give a file that holds a report.")
    return content


def too_long(origin: str, settings: Settings) -> str:
    """Return the message for a report that is longer than `settings.max_report_chars`."""
    return (
        f"{origin} is longer than {settings.max_report_chars:,} characters, the most a report may have. "
        "Cut it into reports, or set COMMUNIQUE_MAX_REPORT_CHARS higher."
    )
