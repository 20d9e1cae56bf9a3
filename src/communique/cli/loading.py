"""The coder of a command: loaded once, and kept until the process ends."""

from communique.engines.loading import load_coder

__all__ = ["load_coder"]
