"""Settings for another machine, with the user's own knowledge files in them: their folders may not be there."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from communique.knowledge.cache import compiled
from communique.records import Coding, Trace
from communique.settings import Settings

_CODEBOOK = "codebook"
_LONG_AGO = 946_684_800.0  # the same time on all machines, as what is compiled is found again by it


@dataclass(frozen=True, slots=True)
class Sent:
    """Settings and the files that they name: `folders` and `codebook` are paths as the sender writes them, `files` a
    ZIP archive of their contents."""

    settings: Settings
    folders: tuple[str, ...]
    codebook: str
    files: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.files).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Received:
    """Settings that hold here. `paths`: where the files lie here, and what the sender calls those places."""

    settings: Settings
    paths: Mapping[str, str]

    def as_sent(self, coding: Coding) -> Coding:
        """Return a coding whose traces name the files as the sender does, so that it is the same everywhere."""
        if not self.paths:
            return coding
        return replace(coding, traces=tuple(self._renamed(trace) for trace in coding.traces))

    def _renamed(self, trace: Trace) -> Trace:
        changes: dict[str, Any] = {}
        for field in fields(trace):
            value = getattr(trace, field.name)
            if isinstance(value, str):
                changes[field.name] = self._text(value)
        changes["steps"] = tuple(map(self._text, trace.steps))
        changes["considered"] = tuple(
            replace(c, pattern=self._text(c.pattern), result=self._text(c.result), reason=self._text(c.reason))
            for c in trace.considered
        )
        return replace(trace, **changes)

    def _text(self, text: str) -> str:
        for here, there in self.paths.items():
            text = text.replace(here, there)
        return text


def packed(settings: Settings) -> Sent:
    """Return settings with the knowledge files that they name beside our own. Raises KnowledgeError for a codebook
    that is not there."""
    whole = io.BytesIO()
    folders, codebook = settings.folders, settings.codebook_file
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, folder in enumerate(folders):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    _add(archive, f"{number}/{path.relative_to(folder).as_posix()}", path)
        if codebook is not None:
            _add(archive, f"{_CODEBOOK}/{codebook.name}", codebook)
    files = whole.getvalue() if archive.namelist() else b""
    return Sent(settings, tuple(f.as_posix() for f in folders), codebook.as_posix() if codebook else "", files)


def unpacked(sent: Sent) -> Received:
    """Return settings that name the files that were sent, unpacked into the cache of this machine.

    Raises KnowledgeError where that cannot be written to.
    """
    nowhere = Path(os.devnull) / "none"  # where there are no packs: the newest one is among the folders
    if not sent.files:
        return Received(sent.settings.model_copy(update={"packs": nowhere, "knowledge": ()}), {})
    place = compiled("sent", sent.digest, lambda to: _unpack(sent, to))
    here = tuple(place / str(number) for number in range(len(sent.folders)))
    changes: dict[str, Any] = {"packs": nowhere, "knowledge": here}
    paths = {folder.as_posix(): there for folder, there in zip(here, sent.folders, strict=True)}
    if sent.codebook:
        own = place / _CODEBOOK / Path(sent.codebook).name
        changes["codebook"] = own.as_posix()
        paths[own.as_posix()] = sent.codebook
    return Received(sent.settings.model_copy(update=changes), paths)


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Add a file without its time, so that the same files make the same archive."""
    archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def _unpack(sent: Sent, to: Path) -> None:
    for number in range(len(sent.folders)):  # also for a folder that holds no file
        (to / str(number)).mkdir()
    with zipfile.ZipFile(io.BytesIO(sent.files)) as archive:
        archive.extractall(to)
    for path in to.rglob("*"):
        if path.is_file():
            os.utime(path, (_LONG_AGO, _LONG_AGO))
