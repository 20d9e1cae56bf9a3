"""Writing the trained judge into the package: the graph, its card, the tokenizer."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from training.data import Coder
from training.export import in_eight_bits, save, to_onnx
from training.labels import RELATIONS, STANCES, STATUSES
from training.model import JudgeModel

_ABOUT = "Fine-tuned from sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0); see docs/explanation/judge-model-card.md"


def release(
    model: JudgeModel,
    coder: Coder,
    tokenizer: Path,
    temperatures: dict[str, float],
    sources: dict[str, Path],
    out: Path,
) -> None:
    """Write judge.onnx, tokenizer.json and judge.toml into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    save(in_eight_bits(to_onnx(model)), out / "judge.onnx")
    (out / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    lines = [
        f'version = "{datetime.now(UTC):%Y.%m.%d}"', f'about = "{_ABOUT}"',
        f'weights = "{_digest(out / "judge.onnx")}"', f'tokenizer = "{_digest(out / "tokenizer.json")}"',
        "", "[labels]", *(f"{name} = {_list(labels)}" for name, labels in
                          (("relation", RELATIONS), ("status", STATUSES), ("stance", STANCES))),
        "", "# What the logits are divided by; fitted on held-out sentences.", "[temperature]",
        *(f"{name} = {temperatures[name]}" for name in ("relation", "related", "status", "stance")),
        "", "[marks]", *(f"{name} = {number}" for name, number in asdict(coder.marks).items()),
        "", "# SHA-256", "[trained_on]", *(f'"{name}" = "{_digest(path)}"' for name, path in sources.items()),
    ]  # fmt: skip
    (out / "judge.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _list(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
