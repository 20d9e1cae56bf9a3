"""Trees that contradict their own labels, put right.

- A short sentence without a finite verb: "Kenya sheltered refugees." is parsed as a noun phrase ("Kenya-sheltered
  refugees"). What stands between the names of two parties in a whole sentence is what the one does to the other.
- A clause after "that" headed by a noun: "insisted that Banda resign". The tagger takes "that" for what opens a clause,
  so what it opens has a verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_DOERS = frozenset({"nmod", "compound", "npadvmod", "nsubj", "amod"})


class Tree(NamedTuple):
    """The labels of a sentence's words: tags, parts of speech, relations, heads."""

    tags: tuple[str, ...]
    pos: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]


def repaired(words: Sequence[str], tree: Tree) -> Tree:
    """Return `tree`, or one with the participle before its root noun as the verb: "A sheltered refugees"."""
    tree = _with_clauses(tree)
    found = _hidden_verb(words, tree)
    if found is None:
        return tree
    doer, verb, root = found
    tags, pos, deps, heads = list(tree.tags), list(tree.pos), list(tree.deps), list(tree.heads)
    tags[verb], pos[verb], deps[verb], heads[verb] = "VBD", "VERB", "ROOT", verb
    deps[doer], heads[doer] = "nsubj", verb
    deps[root], heads[root] = "dobj", verb
    for i, head in enumerate(tree.heads):
        if head == root and i not in (doer, verb, root) and tree.deps[i] == "punct":
            heads[i] = verb
    return Tree(tuple(tags), tuple(pos), tuple(deps), tuple(heads))


def _with_clauses(tree: Tree) -> Tree:
    """Return the tree with each noun that "that" opens as a clause made a verb, the name before it its subject."""
    openers = [i for i, tag in enumerate(tree.tags) if tag == "IN" and tree.deps[i] in ("det", "mark")]
    tags, pos, deps, heads = list(tree.tags), list(tree.pos), list(tree.deps), list(tree.heads)
    for mark in openers:
        verb = tree.heads[mark]
        subject = verb - 1
        if (
            tree.deps[verb] == "ccomp"
            and tree.tags[verb] == "NN"
            and mark < subject
            and tree.deps[subject] == "compound"
            and tree.heads[subject] == verb
        ):
            tags[verb], pos[verb], deps[mark], deps[subject] = "VB", "VERB", "mark", "nsubj"
            for i in range(mark + 1, subject):
                if heads[i] == verb:
                    heads[i] = subject
    return Tree(tuple(tags), tuple(pos), tuple(deps), tuple(heads)) if openers else tree


def _hidden_verb(words: Sequence[str], tree: Tree) -> tuple[int, int, int] | None:
    """Return doer, verb and object where the sentence is a plural noun after a participle after a name, and no more."""
    if _FINITE & set(tree.tags):
        return None
    root = next((i for i, head in enumerate(tree.heads) if head == i), 0)
    verb = next(
        (i for i in range(root) if tree.deps[i] == "amod" and tree.tags[i] == "VBN" and tree.heads[i] == root), 0
    )
    doer = verb - 1
    if not verb or tree.tags[root] != "NNS" or tree.heads[doer] != root or tree.deps[doer] not in _DOERS:
        return None
    named = words[doer][:1].isupper() and all(tree.heads[i] == doer or i == doer for i in range(verb))
    return (doer, verb, root) if named and all(tree.pos[i] == "ADJ" for i in range(verb + 1, root)) else None
