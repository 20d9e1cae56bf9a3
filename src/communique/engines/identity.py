"""What makes two installations give the same records: held against each other before one works for the other."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import communique
from communique.errors import EngineError
from communique.settings import Settings

_FILES = "the files of communique"
_PACKAGES = ("spacy", "onnxruntime", "tokenizers", "inflect")


def identity(settings: Settings) -> dict[str, str]:
    """Return the versions that records depend on, by name, and a digest of our own code and knowledge files."""
    pipelines = (name.replace("_", "-") for name in settings.pipelines.values())
    return {
        "communique": communique.__version__,
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: _version(name) for name in (*_PACKAGES, *pipelines)},
        _FILES: digest_of(Path(communique.__file__).parent),
    }


def refuse_other(ours: Mapping[str, str], theirs: Mapping[str, str], worker: str) -> None:
    """Raise EngineError if a worker is not the same program with the same knowledge as this one."""
    for name, version in ours.items():
        other = theirs.get(name, "")
        if other == version:
            continue
        if name == _FILES:
            what = "another communique, of the same version but with other files"
        else:
            what = f"{name} {other}" if other else f"no {name}"
        raise EngineError(
            f"The worker {worker} has {what}; here it is {name} {version}. Records would differ: install there what is "
            f"here, with `pip install 'communique[cluster]=={ours['communique']}'`, and start its worker again."
        )


def digest_of(folder: Path) -> str:
    """Return a digest of the names and contents of the files below `folder`, wherever that is."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
