"""Build the wheel twice, in ways that differ in all that should not matter, and compare the two byte for byte.

usage: python tools/reproducible.py [--against WHEEL]

The second build is made from a copy of the files in another folder, with other times, rights and order of files,
another time zone, language and hash seed; the first from the folder itself, where compiled files and caches lie about,
or it is the wheel that is given. Both have the time of the commit (SOURCE_DATE_EPOCH). Exit status 1 where they
differ, with what does.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
_ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "77"}


def epoch() -> str:
    """Return the time of the commit that is checked out, in seconds since 1970."""
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def copy_to(folder: Path) -> None:
    """Copy the files of the project, as git knows them, with other times and rights."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True)
    names = sorted({name for name in listed.stdout.decode("utf-8").split("\0") if name}, reverse=True)
    for number, name in enumerate(names):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            os.utime(target, (10**9 + number, 10**9 + number))
            target.chmod(0o600)


def build(source: Path, out: Path, environment: Mapping[str, str]) -> Path:
    """Return the wheel built from a folder with the builder of this environment. Raises CalledProcessError."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    command = [*pip, "--no-build-isolation", "--wheel-dir", str(out), str(source)]
    subprocess.run(command, env={**os.environ, **environment}, check=True)
    return next(out.glob("communique-*.whl"))


def again(folder: Path, environment: Mapping[str, str]) -> Path:
    """Return the wheel built from a copy of the project below `folder`, where all that should not matter differs."""
    source, out = folder / "another place" / "copy", folder / "out"
    out.mkdir(parents=True)
    copy_to(source)
    return build(source, out, {**environment, **_ELSEWHERE})


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield in what two wheels differ; nothing where they are the same, byte for byte."""
    if one.read_bytes() == other.read_bytes():
        return
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        had, has = ({info.filename: info for info in each.infolist()} for each in (first, second))
        yield from (f"only in one of them: {name}" for name in sorted(had.keys() ^ has.keys()))
        for name in sorted(had.keys() & has.keys()):
            if first.read(name) != second.read(name):
                yield f"another content: {name}"
            elif (had[name].date_time, had[name].external_attr) != (has[name].date_time, has[name].external_attr):
                yield f"another time or other rights: {name}"
    yield "the order or the compression of their files"


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Build the wheel twice and compare.")
    options.add_argument("--against", type=Path, help="a wheel that was built from this folder at this commit")
    chosen = options.parse_args(arguments)
    settled = {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or epoch()}
    with tempfile.TemporaryDirectory() as folder:
        first = chosen.against or build(ROOT, Path(folder) / "first", settled)
        second = again(Path(folder), settled)
        found = list(differences(first, second))
        print(f"{hashlib.sha256(second.read_bytes()).hexdigest()}  {second.name}")
    for line in found:
        print(f"DIFFERS: {line}")
    print("two builds differ" if found else "two builds are the same, byte for byte")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
