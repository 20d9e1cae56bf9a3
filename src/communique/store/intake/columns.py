"""Rows of a delimited file as columns, and the few things that a format does with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_APART = "\x1f"
TYPES = {
    "text": pa.string(), "texts": pa.list_(pa.string()), "real": pa.float64(), "whole": pa.int64(), "truth": pa.bool_(),
}  # fmt: skip


class Rows:
    """Some rows of a file. Columns, and what is made of them, are Arrow arrays, one value a row.

    A format looks at each distinct value once (`mapped`) and glues columns together (`glued`); it never loops over rows.
    """

    def __init__(self, columns: dict[str, Any], number: int) -> None:
        self._columns = columns
        self._number = number

    def __len__(self) -> int:
        return self._number

    def has(self, name: str) -> bool:
        """Say whether the file has this column."""
        return name in self._columns

    def text(self, name: str, nothing: Sequence[str] = ()) -> Any:
        """Return a column of text, empty where it has nothing or one of the words in `nothing`."""
        column = self._columns[name]
        if nothing:
            return pc.if_else(pc.is_in(column, value_set=pa.array(nothing)), "", column)
        return column

    def mapped(self, function: Callable[..., tuple[Any, ...]], columns: Sequence[Any], types: Sequence[str]) -> list[Any]:
        """Return columns of `types` ("text", "texts", "real", "whole", "truth") that `function` gives.

        It is called once for each distinct combination of the values of `columns`, names of columns or arrays of text,
        with one text for each, and returns one value for each of `types`.
        """
        given = [self._columns[each] if isinstance(each, str) else each for each in columns]
        key = given[0] if len(given) == 1 else pc.binary_join_element_wise(*given, _APART)
        coded = key.dictionary_encode()
        found = [function(*values.split(_APART)) for values in coded.dictionary.to_pylist()]
        return [
            pa.array([each[n] for each in found], TYPES[kind]).take(coded.indices) for n, kind in enumerate(types)
        ]

    def number(self, column: Any) -> Any:
        """Return a column (its name, or an array of text) as numbers; 0 where it has none."""
        given = self._columns[column] if isinstance(column, str) else column
        try:
            plain = pc.if_else(pc.equal(given, ""), "0", given)
            found = pc.cast(plain, pa.float64())
        except pa.ArrowInvalid:
            return self.mapped(_number, [given], ["real"])[0]
        return pc.if_else(pc.is_finite(found), found, 0.0)

    def glued(self, *parts: Any) -> Any:
        """Return texts put together: names of no column stand for themselves."""
        return pc.binary_join_element_wise(*parts, "")

    def constant(self, value: Any, kind: str) -> Any:
        """Return a column of one value."""
        return pa.repeat(pa.scalar(value, TYPES[kind]), self._number)

    def choose(self, first: Any, second: Any) -> Any:
        """Return the texts of `first`, those of `second` where `first` is empty."""
        return pc.if_else(pc.equal(first, ""), second, first)

    def when_filled(self, test: Any, column: Any) -> Any:
        """Return the texts of `column` where `test` is not empty, and nothing elsewhere."""
        return pc.if_else(pc.equal(test, ""), "", column)

    def when_empty(self, test: Any, column: Any) -> Any:
        """Return the texts of `column` where `test` is empty, and nothing elsewhere."""
        return pc.if_else(pc.equal(test, ""), column, "")

    def matched(self, column: Any, pattern: str) -> Any:
        """Return what the group `it` of a regular expression (RE2) finds in each text, empty where it does not match."""
        return pc.fill_null(pc.struct_field(pc.extract_regex(column, pattern), "it"), "")

    def whole(self, column: Any) -> Any:
        """Return a column of text as whole numbers; 0 where it has none."""
        return pc.cast(pc.trunc(self.number(column)), pa.int64(), safe=False)

    def filled(self, *columns: Any) -> Any:
        """Return whether any of some columns of text has something, row by row."""
        found = pc.not_equal(columns[0], "")
        for column in columns[1:]:
            found = pc.or_(found, pc.not_equal(column, ""))
        return found

    def hashed(self, *columns: Any) -> Any:
        """Return 16 hexadecimal digits for each combination of values: the same for the same, on any machine."""
        from hashlib import blake2b

        def digest(*values: str) -> tuple[str]:
            return (blake2b(_APART.join(values).encode(), digest_size=8).hexdigest(),)

        return self.mapped(digest, columns, ["text"])[0]


def _number(text: str) -> tuple[float]:
    try:
        found = float(text)
    except ValueError:
        return (0.0,)
    return (found if np.isfinite(found) else 0.0,)
