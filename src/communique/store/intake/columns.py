"""Rows of a delimited file as columns, and the few things that a format does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_START = 2**10  # values by which a column is judged
TYPES = {
    "text": pa.string(), "texts": pa.list_(pa.string()), "real": pa.float64(), "whole": pa.int64(), "truth": pa.bool_(),
}  # fmt: skip


class Rows:
    """Some rows of a file. Columns, and what is made of them, are Arrow arrays, one value a row.

    A format looks at each distinct value once (`mapped`) and glues columns together (`glued`); it never loops over
    rows.
    """

    def __init__(self, columns: dict[str, Any], number: int) -> None:
        self._columns = {name: plain(column) for name, column in columns.items()}
        self._known: dict[str, Any] = {}
        self._number = number

    def __len__(self) -> int:
        return self._number

    def has(self, name: str) -> bool:
        """Say whether the file has this column."""
        return name in self._columns

    def text(self, name: str, nothing: Sequence[str] = ()) -> Any:
        """Return a column of text, empty where it has nothing or one of the words in `nothing`."""
        if not nothing:
            return self._columns[name]
        coded = self._coded(name)
        kept = [value if value not in nothing else "" for value in coded.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(coded.indices, pa.array(kept, pa.string()))

    def mapped(
        self, function: Callable[..., tuple[Any, ...]], columns: Sequence[Any], types: Sequence[str]
    ) -> list[Any]:
        """Return columns of `types` ("text", "texts", "real", "whole", "truth") that `function` gives.

        It is called once for each distinct combination of the values of `columns`, names of columns or arrays of text,
        with one text for each, and returns one value for each of `types`. Columns of text come as dictionary arrays.
        """
        coded = [self._coded(each) for each in columns]
        if len(coded) == 1:
            found = [function(value) for value in coded[0].dictionary.to_pylist()]
            return _spread(found, types, coded[0].indices)
        key = np.zeros(self._number, np.int64)
        for each in coded:
            key = key * max(len(each.dictionary), 1) + np.asarray(each.indices)
        combined = pa.array(key).dictionary_encode()
        values = [each.dictionary.to_pylist() for each in coded]
        found = [function(*given) for given in _parted(np.asarray(combined.dictionary), values)]
        return _spread(found, types, combined.indices)

    def _coded(self, column: Any) -> Any:
        """Return a column with each distinct value once; those of the file are remembered."""
        if not isinstance(column, str):
            return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if column not in self._known:
            self._known[column] = self._columns[column].dictionary_encode()
        return self._known[column]

    def number(self, column: Any) -> Any:
        """Return a column (its name, or an array of text) as numbers; 0 where it has none."""
        given = self._columns[column] if isinstance(column, str) else column
        if not pa.types.is_dictionary(given.type) and _repetitive(given):
            given = self._coded(column)
        if pa.types.is_dictionary(given.type):
            return _numbers(given.dictionary).take(given.indices)
        return _numbers(given)

    def glued(self, *parts: Any) -> Any:
        """Return texts put together: names of no column stand for themselves."""
        return pc.binary_join_element_wise(*(plain(part) for part in parts), "")

    def constant(self, value: Any, kind: str) -> Any:
        """Return a column of one value."""
        if kind == "text":
            return same(value, self._number)
        return pa.repeat(pa.scalar(value, TYPES[kind]), self._number)

    def choose(self, first: Any, second: Any) -> Any:
        """Return the texts of `first`, those of `second` where `first` is empty."""
        empty = empties(first)
        if empty.all() or not empty.any():
            return second if empty.all() else first
        return pc.if_else(pa.array(empty), plain(second), plain(first))

    def lacking(self, column: Any, fault: str) -> Any:
        """Return `fault` where a column (its name, or an array of text) has nothing, and nothing elsewhere."""
        empty = empties(self._columns[column] if isinstance(column, str) else column)
        return _either(empty, same(fault, self._number)) if empty.any() else same("", self._number)

    def when_filled(self, test: Any, column: Any) -> Any:
        """Return the texts of `column` where `test` is not empty, and nothing elsewhere."""
        return _either(~empties(test), column)

    def when_empty(self, test: Any, column: Any) -> Any:
        """Return the texts of `column` where `test` is empty, and nothing elsewhere."""
        return _either(empties(test), column)

    def matched(self, column: Any, pattern: str) -> Any:
        """Return what the group `it` of a regular expression (RE2) finds in each text; empty where it finds nothing."""
        return pc.fill_null(pc.struct_field(pc.extract_regex(plain(column), pattern), "it"), "")

    def whole(self, column: Any) -> Any:
        """Return a column of text as whole numbers; 0 where it has none."""
        return pc.cast(pc.trunc(self.number(column)), pa.int64(), safe=False)

    def filled(self, *columns: Any) -> Any:
        """Return whether any of some columns of text has something, row by row."""
        found = ~empties(columns[0])
        for column in columns[1:]:
            found |= ~empties(column)
        return pa.array(found)


def same(text: str, number: int) -> Any:
    """Return a column of one text."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(number, np.int32)), pa.array([text]))


def plain(column: Any) -> Any:
    """Return a column of text as text, and any other value as it is."""
    if isinstance(column, pa.Array) and pa.types.is_dictionary(column.type):
        return column.dictionary.take(column.indices)
    return column


def truth(column: Any) -> Any:
    """Return a column of truth values, none of them null, as an array of NumPy."""
    return column.to_numpy(zero_copy_only=False)


def empties(column: Any) -> Any:
    """Return of each value of a column of text whether it is empty, as an array of NumPy."""
    if not pa.types.is_dictionary(column.type):
        return truth(pc.equal(column, ""))
    empty = truth(pc.equal(column.dictionary, ""))
    if empty.all() or not empty.any():
        return np.full(len(column), bool(empty.any()))
    return empty[np.asarray(column.indices)]


def _either(mask: Any, column: Any) -> Any:
    """Return the texts of a column where `mask` holds, and nothing elsewhere."""
    if mask.all():
        return column
    if not mask.any():
        return same("", len(mask))
    if not pa.types.is_dictionary(column.type):
        return pc.if_else(pa.array(mask), column, "")
    values = column.dictionary.to_pylist()
    if "" in values:
        known, nothing = column.dictionary, values.index("")
    else:
        known, nothing = pa.array([*values, ""], pa.string()), len(values)
    places = np.where(mask, np.asarray(column.indices), np.int32(nothing)).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places), known)


def _repetitive(column: Any) -> bool:
    """Say whether a column seems to have so few distinct values that each is better looked at once."""
    start = column.slice(0, _START)
    return len(start) == _START and len(pc.unique(start)) < _START // 2


def _numbers(column: Any) -> Any:
    try:
        found = pc.cast(pc.if_else(pc.equal(column, ""), "0", column), pa.float64())
    except pa.ArrowInvalid:
        found = pa.array([_number(text) for text in column.to_pylist()], pa.float64())
    return pc.if_else(pc.is_finite(found), found, 0.0)


def filled(column: Any) -> Iterator[tuple[int, str]]:
    """Yield the places at which a column of text has something, mostly few, with what it has."""
    places = np.flatnonzero(~empties(column))
    yield from zip(places.tolist(), plain(column.take(pa.array(places))).to_pylist(), strict=True)


def _spread(found: Sequence[tuple[Any, ...]], types: Sequence[str], places: Any) -> list[Any]:
    """Return the columns in which the value at each of `places` is that of `found` there."""
    made = []
    for n, kind in enumerate(types):
        values = pa.array([each[n] for each in found], TYPES[kind])
        if kind == "text":
            once = values.dictionary_encode()
            # What has one value, or another one for each, needs no looking up.
            if len(once.dictionary) == 1:
                made.append(same(once.dictionary[0].as_py(), len(places)))
            elif len(once.dictionary) == len(values):
                made.append(pa.DictionaryArray.from_arrays(places, values))
            else:
                at = np.asarray(once.indices)[np.asarray(places)]
                made.append(pa.DictionaryArray.from_arrays(pa.array(at), once.dictionary))
        else:
            made.append(values.take(places))
    return made


def _parted(numbers: Any, values: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the values that combined numbers stand for."""
    found: list[list[str]] = []
    for each in reversed(values):
        numbers, places = np.divmod(numbers, max(len(each), 1))
        found.append([each[place] for place in places.tolist()])
    yield from zip(*reversed(found), strict=True)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
