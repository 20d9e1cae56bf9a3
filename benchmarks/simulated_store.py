"""A large store of simulated reports, for measuring what a page asks.

usage: python benchmarks/simulated_store.py FOLDER [--reports N] [--events N] [--seed N] [--batch N]

Writes `--reports` reports (100,000) with `--events` events each on average (10), and statements and positions beside
them, as records of the classes that the coder gives, into parts of `--batch` reports (5,000): seeded, so that the same
numbers give the same store. A report has about 1.5 kB of text, of which each record's words are a sentence; actors come
up as in the news, a few often and most seldom. Stories are not looked for: each report is its own.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from communique.records import Actor, Coding, DateInterval, Event, Evidence, Place, Position, Report, Statement, Trace
from communique.store import Input, Store
from communique.store.written import write_codings

_STATES = (
    "RUS Russia,USA America,CHN China,UKR Ukraine,FRA France,DEU Germany,GBR Britain,IND India,IRN Iran,ISR Israel,"
    "TUR Turkey,JPN Japan,KOR Korea,PRK Pyongyang,SAU Riyadh,EGY Egypt,POL Poland,ITA Italy,ESP Spain,BRA Brazil,"
    "CAN Canada,AUS Australia,PAK Pakistan,SYR Syria,IRQ Iraq,VEN Venezuela,MEX Mexico,NGA Nigeria,ZAF Pretoria,"
    "KEN Kenya,ETH Ethiopia,SDN Sudan,LBY Libya,GRC Greece,NOR Norway,SWE Sweden,FIN Finland,HUN Hungary,ROU Romania,"
    "SRB Serbia,GEO Georgia,ARM Armenia,AZE Baku,KAZ Kazakhstan,UZB Tashkent,MNG Mongolia,VNM Vietnam,THA Thailand,"
    "IDN Indonesia,PHL Manila,MYS Malaysia,CUB Cuba,COL Colombia,CHL Chile,PER Peru,ARG Argentina,QAT Qatar,OMN Oman"
)
# Type, quad, Goldstein score, the word for it, how often.
_DEEDS = (
    ("CONSULT", 1, 1.0, "met", 20), ("SUPPORT", 1, 3.5, "praised", 12), ("AGREE", 1, 4.8, "signed with", 8),
    ("COOPERATE", 2, 6.0, "worked with", 7), ("AID", 2, 7.0, "helped", 5), ("REQUEST", 3, -0.1, "asked", 9),
    ("ACCUSE", 3, -2.0, "accused", 14), ("REJECT", 3, -4.0, "rebuffed", 6), ("THREATEN", 3, -6.0, "threatened", 5),
    ("SANCTION", 4, -7.0, "punished", 5), ("MOBILIZE", 4, -7.2, "massed troops against", 3),
    ("ASSAULT", 4, -9.0, "shelled", 6),
)  # fmt: skip
_ISSUES = ("sanctions", "nato", "taiwan", "ukraine", "nuclear", "trade", "climate", "migration", "gaza", "energy")
_WORDS = (
    "talks round border grain minister week harbour treaty energy summit envoy visit market pipeline ceasefire report "
    "army budget council election fleet gas island port railway river school tariff union valley winter"
).split()
_OUTLETS = ("The Wire", "Morning Post", "Daily Herald", "Evening Star", "World Service")
_FIRST, _DAYS = date(2019, 1, 1), 2190
_PLACE = Place("Geneva", country="CHE", geonameid=2660646, lat=46.2, lon=6.15)


@dataclass(frozen=True)
class World:
    """Who there is, and how often each comes up."""

    actors: Sequence[Actor]
    shares: np.ndarray[tuple[int], np.dtype[np.float64]]


def world() -> World:
    actors = [
        Actor(code, name, sector="GOV", sectors=("GOV",), text=name)
        for code, name in (each.split() for each in _STATES.split(","))
    ]
    weights = 1 / np.arange(1, len(actors) + 1)
    return World(actors, weights / weights.sum())


def codings(reports: int, events: int, seed: int) -> Iterator[Coding]:
    """Yield the codings of `reports` reports, in the order of their days, with about `events` events each."""
    rng = np.random.default_rng(seed)
    there = world()
    often = np.array([deed[4] for deed in _DEEDS], float)
    for number in range(reports):
        day = (_FIRST + timedelta(days=int(number * _DAYS / reports))).isoformat()
        found = int(rng.integers(events // 2, events * 3 // 2 + 1))
        sides = rng.choice(len(there.actors), size=(found, 2), p=there.shares)
        sides[:, 1] = np.where(sides[:, 0] == sides[:, 1], (sides[:, 1] + 1) % len(there.actors), sides[:, 1])
        deeds = rng.choice(len(_DEEDS), size=found, p=often / often.sum())
        yield _coding(number, day, there.actors, sides.tolist(), deeds.tolist(), rng)


def _coding(
    number: int, day: str, actors: Sequence[Actor], sides: Sequence[Sequence[int]], deeds: Sequence[int],
    rng: np.random.Generator,
) -> Coding:  # fmt: skip
    name = f"r{rng.integers(2**62):016x}"
    when = DateInterval(day, day, "day", "on that day")
    text = ""
    records: list[Event | Statement | Position] = []
    words = rng.integers(len(_WORDS), size=(len(sides), 9)).tolist()
    sure = (0.3 + 0.7 * rng.random(len(sides))).round(2).tolist()
    for n, ((one, other), deed) in enumerate(zip(sides, deeds, strict=True)):
        sort, quad, goldstein, verb, _ = _DEEDS[deed]
        doer, target = actors[one], actors[other]
        start = len(text)
        sentence = f"{doer.name} {verb} {target.name} over {' '.join(_WORDS[w] for w in words[n])}, item {number}."
        text += f"{sentence}\n\n" if n % 3 == 2 else f"{sentence} "
        verb_at = start + len(doer.name) + 1
        proof = Evidence(
            ((start, start + len(sentence)),), ((verb_at, verb_at + len(verb)),), ((start, verb_at - 1),),
        )  # fmt: skip
        event = Event(
            f"e{rng.integers(2**62):016x}", name, sort, quad=quad, goldstein=goldstein, actors=(doer,),
            recipients=(target,), date=when, places=(_PLACE,), evidence=proof, confidence=sure[n],
        )  # fmt: skip
        records.append(event)
        if n % 4 == 0:
            records.append(Statement(
                f"s{rng.integers(2**62):016x}", name, (doer,), (target,), form="say", date=when, evidence=proof,
                confidence=sure[n],
            ))  # fmt: skip
        if n % 4 == 1:
            records.append(Position(
                f"p{rng.integers(2**62):016x}", name, (doer,), ("support", "oppose", "neutral")[words[n][0] % 3],
                (target,), _ISSUES[words[n][1] % len(_ISSUES)], "the plan", date=when, evidence=proof,
                confidence=sure[n],
            ))  # fmt: skip
    traces = [Trace(r.id, verb, (0, 20), "DOER verb OTHER", "lexicon/simulated.toml:1", ("read",)) for r in records]
    report = Report(name, text, f"{actors[sides[0][0]].name}: {' '.join(_WORDS[w] for w in words[0][:5])}",
                    outlet=_OUTLETS[number % len(_OUTLETS)], published=day, language="en")  # fmt: skip
    return Coding(report, tuple(records), tuple(traces))


def write(folder: Path, reports: int, events: int, seed: int, batch: int) -> None:
    """Write a store into a new folder, and merge its parts as reading does."""
    with Store.create(folder) as store:
        waiting: list[Coding] = []
        for coding in codings(reports, events, seed):
            waiting.append(coding)
            if len(waiting) == batch:
                _commit(store, waiting)
                waiting = []
        if waiting:
            _commit(store, waiting)
        store.writer.compact()


def _commit(store: Store, codings: Sequence[Coding]) -> None:
    written = write_codings(store.path, ((each, each.report.id) for each in codings))
    store.writer.commit([written], inputs=[Input("simulated", each.report.id, each.report.id) for each in codings])


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Write a large store of simulated reports.")
    options.add_argument("folder", type=Path)
    options.add_argument("--reports", type=int, default=100_000)
    options.add_argument("--events", type=int, default=10, help="events a report, on average")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--batch", type=int, default=5_000)
    chosen = options.parse_args(arguments)
    began = time.monotonic()
    write(chosen.folder, chosen.reports, chosen.events, chosen.seed, chosen.batch)
    with Store.open(chosen.folder) as store:
        print(", ".join(f"{number:,} {kind}" for kind, number in store.counts().items()))
    print(f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
