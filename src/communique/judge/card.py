"""`judge.toml`: what belongs to a set of weights, as it is needed to ask them."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from communique.errors import JudgeError
from communique.judge.encoding import Marks

REMEDY = "Install communique again, train the judge with 'make train', or code with patterns alone (--no-model)."


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MarkNumbers(_Table):
    """Numbers of the tokens that frame a question; see `encoding.Marks`."""

    begin: int
    end: int
    source_open: int
    source_close: int
    target_open: int
    target_close: int


class Labels(_Table):
    """The labels of each task in the order of the network's outputs."""

    relation: tuple[str, ...]
    status: tuple[str, ...]
    stance: tuple[str, ...]


class Temperatures(_Table):
    """What the logits of each task are divided by, fitted on held-out sentences."""

    relation: float
    related: float
    status: float
    stance: float


class Card(_Table):
    """The description of a set of weights."""

    version: str
    about: str
    weights: str  # SHA-256 of judge.onnx
    tokenizer: str  # SHA-256 of tokenizer.json
    labels: Labels
    temperature: Temperatures
    marks: MarkNumbers
    trained_on: dict[str, str]  # what went into the training, by name: SHA-256

    def token_marks(self) -> Marks:
        """Return the marks in the form in which `encode` takes them."""
        return Marks(**self.marks.model_dump())


def read_card(folder: Path) -> Card:
    """Return the card in `folder` after making sure that the files beside it are those that it describes.

    Raises JudgeError, with a remedy, where a file is missing or is another one.
    """
    try:
        card = Card.model_validate(tomllib.loads((folder / "judge.toml").read_text(encoding="utf-8")))
        for name, wanted in (("judge.onnx", card.weights), ("tokenizer.json", card.tokenizer)):
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise JudgeError(f"{folder / name} is not the file that judge.toml describes. {REMEDY}")
    except FileNotFoundError as error:
        raise JudgeError(f"A file of the judge is missing: {error.filename}. {REMEDY}") from error
    except OSError as error:
        raise JudgeError(f"A file of the judge cannot be read: {error.filename}: {error.strerror}. {REMEDY}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise JudgeError(f"{folder / 'judge.toml'} does not describe a judge. {REMEDY}") from error
    return card
