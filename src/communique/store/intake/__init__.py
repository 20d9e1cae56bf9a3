"""Tables of other programs into a store, by columns: millions of rows without a Python object for each.

reading.py   a delimited file -> `Rows`, some hundred thousand at a time (DuckDB's reader)
columns.py   `Rows`: columns of text, and what a format makes of them
events.py    what a format made -> tables of events and reports in the shape of the parts
loading.py   all of it, and what the store has already; into parts, made visible by one transaction
aside.py     rows that cannot be read: their lines, why, and what stands in them
"""

from communique.store.intake.columns import Rows
from communique.store.intake.loading import Loaded, load
from communique.store.intake.reading import Dialect

__all__ = ["Dialect", "Loaded", "Rows", "load"]
