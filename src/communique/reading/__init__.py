"""Reading: a raw item to a document, its text and metadata known and its furniture taken out."""

from __future__ import annotations

from communique.reading.document import Block, Document
from communique.reading.report import read_item

__all__ = ["Block", "Document", "read_item"]
