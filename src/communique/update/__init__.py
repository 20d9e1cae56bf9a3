"""Bringing the knowledge up to date from Wikidata and GeoNames, where there is a network.

`update` asks both, writes a dated folder of knowledge files (a *pack*) and says what changed. Nothing else in the
program uses a network, and what the built-in files say is not touched: a pack is read beside them, as a user's folder
is.
"""

from communique.update.changes import Changes
from communique.update.packs import PARTS
from communique.update.run import Sources, update
from communique.update.web import Web

__all__ = ["PARTS", "Changes", "Sources", "Web", "update"]
