"""Where copies meet: an index of pairs, a key and the `seq` of a report that has it, as fast in a large store as in a
small one.

The pairs of a commit are one run, sorted by key and cut into chunks. Where four runs of about one size have come
together, they are merged (a log-structured merge-tree: O'Neil and others 1996), so that what a commit writes does not
grow with the store. Of each run a writer keeps in memory the first key of each chunk and a Bloom filter (Bloom
1970) with all bits of a key in one word (Putze, Sanders and Singler 2007): a key that is nowhere, as most keys of a new
report are, is told without a look at the chunks, and one that is there costs a look at one.

Runs are rows of the catalogue, written and dropped in the transaction that commits the reports, and never changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile

import numpy as np
import numpy.typing as npt

from communique.reading.likeness import HEAD_KEYS, KEY_BITS, WHOLE_KEYS

Numbers = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.void]  # of _PAIR

_PAIR = np.dtype([("key", "<i8"), ("seq", "<u4")])
_CHUNK = 84  # pairs: four chunks, with what SQLite writes beside them, just fit into a page of 4,096 bytes
_REMEMBERED = 4_096  # chunks; some five megabytes
_GROUP = 4  # runs that are merged into one
_FULL = 10  # runs of 4**10 pairs (95,000 reports) and more stay: merging takes 0.2 GB at most, and a second
_KEYS_A_WORD = 2  # of a filter
_ENDS = 16  # bits at the end of a key that choose the bits of its word
_CARRIED = 2**22 // (WHOLE_KEYS + HEAD_KEYS)  # reports of an earlier version that become one run


@dataclass(frozen=True, slots=True)
class _Run:
    id: int
    start: int
    firsts: Numbers


class Runs:
    """The index as the one who writes the catalogue looks things up in it. Sees what was committed by its connection.

    In memory are 4 to 5 bytes for each pair.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changes = -1
        self._runs: list[_Run] = []
        self._chunks_read: dict[int, Pairs] = {}
        # The filters of all runs one behind the other, so that all are asked at once, and where each begins and ends.
        self._words = np.empty(0, dtype=np.int64)
        self._bounds: list[int] = [0]
        self._begins, self._lengths = _column([]), _column([])

    def latest(self, keys: Sequence[int], most: int) -> dict[int, list[int]]:
        """Return for each of these keys that is there the reports that have it: the latest `most` at least.

        Later runs have later reports: what stands in them as often as is asked for is not looked for in earlier ones,
        of which a larger store has more. Raises sqlite3.Error.
        """
        if self._changes != self._connection.total_changes:
            self._look_again()
        waiting: dict[int, list[tuple[_Run, int]]] = {}
        for key, run, at in self._likely(keys) if self._runs and keys else ():
            waiting.setdefault(key, []).append((run, at))
        found: dict[int, list[int]] = {}
        while waiting:
            last = {key: hits.pop() for key, hits in waiting.items()}
            chunks = self._chunks({at for _, at in last.values()})
            for key, (run, at) in last.items():
                if seqs := self._in_run(key, run, at, chunks[at], most):
                    found[key] = seqs + found.get(key, [])
            waiting = {key: hits for key, hits in waiting.items() if hits and len(found.get(key, ())) < most}
        return found

    def _in_run(self, key: int, run: _Run, at: int, chunk: Pairs, most: int) -> list[int]:
        """Return the latest reports of a run that have a key, up to `most`; `chunk` is the last where it may be."""
        seqs, first = _with(key, chunk)
        while first and at > run.start and len(seqs) < most:
            at -= 1  # it may stand at the end of the chunk before as well
            earlier, first = _with(key, self._chunks({at})[at])
            seqs = earlier + seqs
        return seqs[-most:]

    def _likely(self, keys: Sequence[int]) -> list[tuple[int, _Run, int]]:
        """Return which key is likely to be in which run, and the last chunk in which it would be."""
        asked = np.array(keys, dtype=np.int64)
        bits = _bits(asked)
        likely = (self._words[_places(asked, self._lengths) + self._begins] & bits) == bits
        found = [(keys[place], self._runs[run]) for run, place in zip(*likely.nonzero(), strict=True)]
        ends = [run.start + int(run.firsts.searchsorted(key, "right")) for key, run in found]
        return [(key, run, end - 1) for (key, run), end in zip(found, ends, strict=True) if end > run.start]

    def _chunks(self, ids: set[int]) -> dict[int, Pairs]:
        """Return these chunks; what reports have in common is asked for again and again between two commits."""
        if len(self._chunks_read) > _REMEMBERED:
            self._chunks_read.clear()
        if missing := tuple(ids - self._chunks_read.keys()):
            sql = f"SELECT id, pairs FROM story_chunks WHERE id IN ({','.join('?' * len(missing))})"
            found = {each: _unpacked(pairs) for each, pairs in self._connection.execute(sql, missing)}
            if len(found) < len(missing):
                raise _damaged()
            self._chunks_read |= found
        return {each: self._chunks_read[each] for each in ids}

    def _look_again(self) -> None:
        """Take in the runs that were written since, and forget those that were merged: the last ones, always."""
        self._chunks_read.clear()
        ids = [number for (number,) in self._connection.execute("SELECT id FROM story_runs ORDER BY id")]
        same = sum(1 for _ in takewhile(lambda each: each[0] == each[1].id, zip(ids, self._runs, strict=False)))
        del self._runs[same:], self._bounds[same + 1 :]
        sql = "SELECT start, firsts, filter FROM story_runs WHERE id = ?"
        for number in ids[same:]:
            start, firsts, words = self._connection.execute(sql, (number,)).fetchone()
            self._runs.append(_Run(number, start, np.frombuffer(firsts, dtype="<i8")))
            self._append(np.frombuffer(words, dtype="<i8"))
        self._begins, self._lengths = _column(self._bounds[:-1]), _column(np.diff(self._bounds))
        self._changes = self._connection.total_changes

    def _append(self, words: Numbers) -> None:
        begin = self._bounds[-1]
        end = begin + len(words)
        if end > len(self._words):
            more = np.empty(end + end // 4, dtype=np.int64)
            more[:begin] = self._words[:begin]
            self._words = more
        self._words[begin:end] = words
        self._bounds.append(end)


def _with(key: int, chunk: Pairs) -> tuple[list[int], bool]:
    """Return which reports of a chunk have a key, and whether the first does."""
    start, end = chunk["key"].searchsorted((key, key + 1)).tolist()
    return chunk["seq"][start:end].tolist(), start == 0 < end


def add(connection: sqlite3.Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Add pairs of a key and a report's seq, each once, within the transaction that is open.

    Raises sqlite3.Error, and OverflowError for a seq of more than 32 bits.
    """
    new = np.array(list(pairs), dtype=_PAIR)
    if len(new):
        _add(connection, new[np.lexsort((new["seq"], new["key"]))])


def carry_over(connection: sqlite3.Connection) -> None:
    """Move the index of a catalogue of version 3 to 5 into runs, in one transaction; do nothing for any other."""
    sql = "SELECT count(*) FROM sqlite_master WHERE name = 'story_keys'"
    if not connection.execute(sql).fetchone()[0]:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        last = connection.execute("SELECT max(seq) FROM told").fetchone()[0] or 0
        for start in range(0, last + 1, _CARRIED):
            some = "SELECT key, seq FROM {} WHERE seq >= ? AND seq < ?"
            both = " UNION ALL ".join(map(some.format, ("story_keys", "story_keys_new")))
            rows = connection.execute(both, (start, start + _CARRIED) * 2)
            flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)
            pairs = np.empty(len(flat), dtype=_PAIR)
            pairs["key"], pairs["seq"] = flat[:, 0], flat[:, 1]
            if len(pairs):
                _add(connection, pairs[np.lexsort((pairs["seq"], pairs["key"]))])
        for table in ("story_keys", "story_keys_new", "story_keys_moved"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _add(connection: sqlite3.Connection, new: Pairs) -> None:
    """Write sorted pairs as a run, with the runs before it with which they are to be merged."""
    rows = connection.execute("SELECT id, pairs, start, chunks FROM story_runs ORDER BY id DESC").fetchall()
    last = connection.execute("SELECT max(id) FROM story_chunks").fetchone()[0] or 0
    if old := rows[: _to_merge([pairs for _, pairs, _, _ in rows], len(new))][::-1]:
        new = np.concatenate([*(_read(connection, *run) for _, *run in old), new])
        new = new[np.argsort(new["key"], kind="stable")]  # of later runs the reports are later
        connection.execute("DELETE FROM story_runs WHERE id >= ?", (old[0][0],))
        for _, _, start, chunks in old:
            connection.execute("DELETE FROM story_chunks WHERE id >= ? AND id < ?", (start, start + chunks))
    pieces = [new[at : at + _CHUNK].tobytes() for at in range(0, len(new), _CHUNK)]
    connection.executemany("INSERT INTO story_chunks VALUES (?, ?)", enumerate(pieces, last + 1))
    keys = np.ascontiguousarray(new["key"])
    connection.execute(
        "INSERT INTO story_runs (pairs, start, chunks, firsts, filter) VALUES (?, ?, ?, ?, ?)",
        (len(new), last + 1, len(pieces), keys[::_CHUNK].tobytes(), _filter(keys).tobytes()),
    )


def _read(connection: sqlite3.Connection, pairs: int, start: int, chunks: int) -> Pairs:
    """Return all pairs of a run."""
    sql = "SELECT pairs FROM story_chunks WHERE id >= ? AND id < ? ORDER BY id"
    found = _unpacked(b"".join(content for (content,) in connection.execute(sql, (start, start + chunks))))
    if len(found) != pairs:
        raise _damaged()
    return found


def _unpacked(content: bytes) -> Pairs:
    if len(content) % _PAIR.itemsize:
        raise _damaged()
    return np.frombuffer(content, dtype=_PAIR)


def _damaged() -> sqlite3.DatabaseError:
    """Return the error that SQLite raises where it sees by itself that a file is damaged."""
    error = sqlite3.DatabaseError("the index of stories is not whole")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _to_merge(before: Sequence[int], new: int) -> int:
    """Return how many runs a new one is merged with: of `before`, the pairs of each, the last run first.

    Smaller ones always, so that runs get smaller towards the last; those of the same size once they are three.
    """
    taken, pairs = 0, new
    while True:
        size = _size(pairs)
        smaller = _until(before, taken, size)
        same = _until(before, smaller, size + 1)
        more = same if same - smaller >= _GROUP - 1 and size < _FULL else smaller
        if more == taken:
            return taken
        pairs += sum(before[taken:more])
        taken = more


def _until(before: Sequence[int], start: int, size: int) -> int:
    """Return how far, from `start` on, runs are smaller than this size."""
    return next((n for n in range(start, len(before)) if _size(before[n]) >= size), len(before))


def _size(pairs: int) -> int:
    """Return the size of a run: the power of four that its pairs reach."""
    return (pairs.bit_length() - 1) // 2


def _filter(keys: Numbers) -> Numbers:
    """Return a filter of sorted keys, of 32 bits for each: one key of 2,500 that are not there seems to be."""
    words = np.zeros(-(-len(keys) // _KEYS_A_WORD), dtype="<i8")
    places = _places(keys, len(words))
    firsts = np.flatnonzero(np.diff(places, prepend=-1))  # sorted by key they are sorted by place
    words[places[firsts]] = np.bitwise_or.reduceat(_bits(keys), firsts)
    return words


def _places(keys: Numbers, words: Numbers | int) -> Numbers:
    """Return which word of a filter is each key's, by the key's first 32 bits. Keys lie evenly (likeness.py)."""
    places: Numbers = ((keys >> (KEY_BITS - 32)) * words) >> 32
    return places


def _bits(keys: Numbers) -> Numbers:
    """Return which bits of its word are set for each key, by the end of the key."""
    bits: Numbers = _six_bits()[keys & (2**_ENDS - 1)]
    return bits


@cache
def _six_bits() -> Numbers:
    """Return for each end of a key up to six bits. Filters on the disk were made with these."""
    mixed = np.arange(2**_ENDS, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing (Knuth 1973)
    bits = np.zeros(2**_ENDS, dtype=np.uint64)
    for shift in range(58, 22, -6):
        bits |= np.uint64(1) << ((mixed >> np.uint64(shift)) & np.uint64(63))
    return bits.view(np.int64)


def _column(values: Sequence[int] | Numbers) -> Numbers:
    return np.array(values, dtype=np.int64).reshape(-1, 1)
