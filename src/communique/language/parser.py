"""The parser: a spaCy pipeline, loaded once by name, that turns blocks of text into `Sentence` trees.

The named-entity component is left out: it costs more than the rest together, and the gazetteer, titles and the shape of
noun phrases find the names that count. Sentences are cut beforehand and parsed one by one, in batches only for speed:
spaCy's convolution looks four words beyond a sentence, so a parse of whole texts would let neighbours decide.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from communique.errors import LanguageError
from communique.knowledge.language import LanguageWords
from communique.knowledge.phrases import ARTICLE_NAME
from communique.language.choice import Cut, Forms, Gate
from communique.language.convolutions import convolve_faster
from communique.language.decoding import Decoder, decoder_of
from communique.language.embedding import remember
from communique.language.labels import REPLACED, Labels, replaceable
from communique.language.repair import Tree, repaired
from communique.language.sentences import split
from communique.language.tree import Sentence, ends_of, unparsed

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_UNUSED = ("ner", "senter", "textcat", "entity_linker", "entity_ruler")
Block = tuple[str, int]  # text, offset in the report
_Place = tuple[int, int]  # report, sentence
_Waiting = tuple[Sequence[Cut], Gate | None]
_HELD = 16  # batches of sentences that are held together, so that each has sentences of like length
_LONGEST_RUN = 1000  # characters; long web addresses have some hundred
_ENDLESS = re.compile(rf"\S{{{_LONGEST_RUN + 1},}}")
_REMEMBERED = 100_000  # words; of those with their lemmas, as many
_Word = tuple[str, str | None, int]
"""A word, how it is parsed (None: it is white space), and the number of that in the vocabulary."""


def _endless_cut(text: str) -> Iterator[Block]:
    """Yield a text with its offset; where it has a run without white space that is no word, in pieces.

    The tokenizer takes brackets off such a run one by one, and each time looks at all the rest.
    """
    at = 0
    for run in _ENDLESS.finditer(text) if len(text) > _LONGEST_RUN else ():
        for stop in range(run.start() + _LONGEST_RUN // 2, run.end(), _LONGEST_RUN // 2):
            yield text[at:stop], at
            at = stop
    yield text[at:], at


def check_pipeline(name: str) -> None:
    """Raise LanguageError, with the command that installs it, if no pipeline `name` is installed."""
    if importlib.util.find_spec(name) is None and not ("/" in name or "\\" in name):
        raise LanguageError(
            f"No language pipeline {name!r} is installed. Run `pip install {name.replace('_', '-')}`, "
            "or name another one in the settings (COMMUNIQUE_PIPELINES)."
        )


def load_pipeline(name: str, abbreviations: Iterable[str] = ()) -> Language:
    """Load the installed spaCy pipeline `name` without the components that coding does not use.

    `abbreviations` are words that are not cut: they keep their point ("Lt.") or hyphen ("sit-in"). Raises
    LanguageError where there is no such pipeline, or where it has no parser.
    """
    import spacy
    from spacy.util import compile_infix_regex

    check_pipeline(name)
    nlp = spacy.load(name, exclude=list(_UNUSED))
    if "parser" not in nlp.pipe_names:
        raise LanguageError(f"The pipeline {name!r} has no parser; choose one that has (its pipes: {nlp.pipe_names}).")
    # "U.S.-led" is one word to spaCy, which hides the state in it.
    infixes = [*(nlp.Defaults.infixes or []), r"(?<=[A-Z]\.)[-–](?=[a-z])"]
    tokenizer: Any = nlp.tokenizer
    # "al-Jubeir" is one name; cut at its hyphen it misleads the parser.
    tokenizer.token_match = _joined_name(tokenizer.token_match)
    for word in abbreviations:
        tokenizer.add_special_case(word, [{"ORTH": word}])
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def _joined_name(otherwise: Any) -> Any:
    """Return a match for words that are not to be cut: names with an Arabic article, and what the pipeline keeps."""

    def match(word: str) -> Any:
        return ARTICLE_NAME.fullmatch(word) or (otherwise(word) if otherwise is not None else None)

    return match


class Parser:
    """Turns blocks of text into sentences; holds the pipeline and the closed classes of its language.

    The pipeline is loaded when the first text is parsed: a second `read` of a known archive never needs it.
    """

    def __init__(self, name: str, words: LanguageWords, *, most: int, batch: int) -> None:
        check_pipeline(name)
        self.name = name
        self.words = words
        self._most = most
        self._batch = batch
        self._words: dict[int, _Word] = {}

    @cached_property
    def nlp(self) -> Language:
        """The pipeline as loaded, for sentences of plain words: it remembers what it makes of a word by itself."""
        nlp = load_pipeline(self.name, sorted(self.words.abbreviations | self.words.whole_words))
        remember(nlp)
        convolve_faster(nlp)
        return nlp

    @cached_property
    def _labels(self) -> Labels | None:
        """What stands for the last components of the pipeline, which are the slowest; None if nothing can."""
        return Labels(self.nlp, self._said) if replaceable(self.nlp) else None

    @cached_property
    def _decoder(self) -> Decoder | None:
        """What searches for the trees in the place of the parser's own loop; None where the loop is left alone."""
        return decoder_of(self.nlp) if self._of_known_make else None

    @property
    def _of_known_make(self) -> bool:
        """The pipeline ends in parser, attribute ruler and lemmatizer, and the last two can be stood for."""
        return self._labels is not None and tuple(self.nlp.pipe_names[-3:]) == ("parser", *REPLACED)

    @cached_property
    def forms(self) -> Forms | None:
        """What lemmas a word may have; None where the pipeline does not tell beforehand, and so nothing is left out."""
        if self._labels is None or not self._of_known_make:
            return None
        labels, lemmas, known = self._labels, self.words.lemmas, dict[str, frozenset[str]]()

        def forms(word: str) -> frozenset[str]:
            found = known.get(word)
            if found is None:
                if len(known) >= _REMEMBERED:
                    known.clear()
                own = {lemmas[w].lower() for w in (word, word.lower()) if w in lemmas}
                found = known[word] = labels.lemmas_of(word) | own
            return found

        return forms

    def parse(self, texts: Iterable[Sequence[Block]]) -> Iterator[tuple[Sentence, ...]]:
        """Yield, for each report's blocks `(text, offset)`, its sentences in text order.

        Reports are taken together for speed; what each gives does not depend on the others.
        """
        return self.parse_chosen((blocks, None) for blocks in texts)

    def parse_chosen(self, reports: Iterable[tuple[Sequence[Block], Gate | None]]) -> Iterator[tuple[Sentence, ...]]:
        """Yield what `parse` does, of reports each with a gate: sentences that it does not choose are not parsed."""
        waiting: list[_Waiting] = []
        held = 0
        for blocks, gate in reports:
            cuts = [cut for b, (text, base) in enumerate(blocks) for cut in self._cut(b, text, base)]
            waiting.append((cuts, gate))
            held += len(cuts)
            if held >= _HELD * self._batch:
                yield from self._flush(waiting)
                waiting, held = [], 0
        yield from self._flush(waiting)

    def _cut(self, paragraph: int, text: str, offset: int) -> Iterator[Cut]:
        """Yield the sentences of one block, which is the report's paragraph with that number."""
        # As an array: a Token for each word would take as long again as the cutting.
        tables: list[Any] = []
        for piece, start in _endless_cut(text):
            tables.append(self.nlp.make_doc(piece).to_array(["ORTH", "IDX", "SPACY"]).reshape(-1, 3))
            tables[-1][:, 1] += start
        table = tables[0] if len(tables) == 1 else np.concatenate(tables)
        orths, places, spaces = table.T
        numbers: list[int] = orths.tolist()
        found = [word or self._word(orth) for orth, word in zip(numbers, map(self._words.get, numbers), strict=True)]
        spaced: list[bool] = spaces.astype(bool).tolist()
        starts: list[int] = (places.astype(int) + offset).tolist()
        if None in [plain for _, plain, _ in found]:  # words of white space; they are rare
            kept = [i for i, (_, plain, _) in enumerate(found) if plain]
            blank = {i for i, (_, plain, _) in enumerate(found) if not plain}
            spaced = [spaced[i] or i + 1 in blank for i in kept]
            starts, found = [starts[i] for i in kept], [found[i] for i in kept]
        for first, last in split([word for word, _, _ in found], spaced, self.words, self._most):
            _, plain, keys = zip(*found[first:last], strict=True)
            yield Cut(paragraph, plain, tuple(starts[first:last]), tuple(spaced[first:last]), keys)

    def _word(self, orth: int) -> _Word:
        """Return the word with the number `orth`, and remember it."""
        strings = self.nlp.vocab.strings
        word = strings[orth]
        plain = None if word.isspace() else _plain(word)
        if len(self._words) >= _REMEMBERED:
            self._words.clear()
        found = self._words[orth] = (word, plain, orth if plain in (word, None) else strings.add(plain))
        return found

    def _said(self, word: str, tag: str, pos: str, dep: str, lemma: str) -> tuple[str, str, str, str]:
        return _said(word, tag, pos, dep, lemma, self.words.lemmas)

    def _flush(self, waiting: Sequence[_Waiting]) -> Iterator[tuple[Sentence, ...]]:
        done = self._parsed(waiting)
        for report, (cuts, _) in enumerate(waiting):
            sentences = []
            for index, cut in enumerate(cuts):
                doc = done.get((report, index))
                if doc is None:
                    sentences.append(unparsed(index, cut.paragraph, cut.words, cut.starts))
                else:
                    at = (index, cut.paragraph, cut.words, cut.starts)
                    sentences.append(to_sentence(doc, *at, self.words.lemmas, self._labels))
            yield tuple(sentences)

    def _parsed(self, waiting: Sequence[_Waiting]) -> dict[_Place, Doc]:
        """Return the parsed sentences by report and place; those that a gate has to think about are tagged before."""
        forms = self.forms
        choices = [gate(cuts, forms) if gate is not None and forms is not None else None for cuts, gate in waiting]
        doubtful = [(r, i) for r, choice in enumerate(choices) if choice is not None for i in choice.tagged]
        tagged = self._run(((at, self._doc(waiting[at[0]][0][at[1]])) for at in doubtful), {"parser"})
        tags: dict[int, dict[int, list[str]]] = {}
        strings = self.nlp.vocab.strings
        for (r, i), doc in tagged.items():
            tags.setdefault(r, {})[i] = [strings[tag] for tag in doc.to_array("TAG").tolist()]
        wanted = [
            (r, i)
            for r, ((cuts, _), choice) in enumerate(zip(waiting, choices, strict=True))
            for i in (range(len(cuts)) if choice is None else choice.parsed(tags.get(r, {})))
        ]
        before = set(self.nlp.pipe_names) - {"parser"}
        done = self._run(((at, tagged[at]) for at in wanted if at in tagged), before)
        return done | self._run((at, self._doc(waiting[at[0]][0][at[1]])) for at in wanted if at not in tagged)

    def _run(self, docs: Iterable[tuple[_Place, Doc]], off: Iterable[str] = ()) -> dict[_Place, Doc]:
        """Send sentences through the pipeline without the components `off`.

        Those of like length go together: padding is cheap, and the answer is the same in any order.
        """
        pairs = sorted(docs, key=lambda pair: len(pair[1]))
        unused = {*off, *(REPLACED if self._labels is not None else ())}
        decoder = self._decoder if "parser" not in unused else None
        left = unused | ({"parser"} if decoder is not None else set())
        piped = self.nlp.pipe((doc for _, doc in pairs), batch_size=self._batch, disable=sorted(left))
        done = list(piped) if left < set(self.nlp.pipe_names) else [doc for _, doc in pairs]
        if decoder is not None:
            decoder.parse(done, self._batch)
        return {at: doc for (at, _), doc in zip(pairs, done, strict=True)}

    def _doc(self, cut: Cut) -> Doc:
        from spacy.tokens import Doc

        # By number: to find a word by its letters would take as long again as all the rest.
        keys: list[Any] = list(cut.keys)
        return Doc(self.nlp.vocab, words=keys, spaces=list(cut.spaced))


def _plain(word: str) -> str:
    """Write a typographic apostrophe within a word as the plain one, which the parser has seen more of."""
    return word.replace("’", "'").replace("‘", "'") if len(word) > 1 else word


def to_sentence(
    doc: Doc, index: int, paragraph: int, words: tuple[str, ...], starts: tuple[int, ...],
    lemmas: Mapping[str, str] = MappingProxyType({}), labels: Labels | None = None,
) -> Sentence:  # fmt: skip
    """Copy a parsed Doc of one sentence into a `Sentence`; `words` are the Doc's, `starts` their places in the report.

    `lemmas`: of verbs and common nouns whose lemma the pipeline gets wrong, by their form. `labels` says what the Doc
    does not: parts of speech and lemmas, where the pipeline ran without the components that write them.
    """
    if labels is not None:
        rows, heads = labels.read(doc, words)
        said = [row.said for row in rows]
    else:
        given = [(t.tag_, t.pos_, t.dep_, t.lemma_) for t in doc]
        said = [_said(word, *each, lemmas) for word, each in zip(words, given, strict=True)]
        heads = [t.head.i for t in doc]
    tags, pos, deps, own_lemmas = zip(*said, strict=True)
    tree = repaired(words, Tree(tags, pos, deps, tuple(heads)))
    children: list[list[int]] = [[] for _ in words]
    for i, head in enumerate(tree.heads):
        if head != i:
            children[head].append(i)
    lefts, rights = _edges(tree.heads)
    ends = ends_of(words, starts)
    return Sentence(
        index=index, paragraph=paragraph, start=starts[0], end=ends[-1], words=words,
        lemmas=own_lemmas,
        tags=tree.tags, pos=tree.pos, deps=tree.deps,
        heads=tree.heads, starts=starts, ends=ends, children=tuple([tuple(c) for c in children]),
        lefts=lefts, rights=rights,
    )  # fmt: skip


def _said(word: str, tag: str, pos: str, dep: str, lemma: str, lemmas: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return what a sentence says of a word: tag, part of speech, relation and lemma."""
    if pos == "PROPN":
        return tag, "NOUN" if word in lemmas else pos, dep, lemmas.get(word, word)  # "a sit-in" is no name
    own = lemma.lower()
    return tag, pos, dep, lemmas.get(word.lower(), own) if pos in ("VERB", "NOUN") else own


def _edges(heads: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the leftmost and the rightmost word below each word."""
    lefts, rights = list(range(len(heads))), list(range(len(heads)))
    for i in range(len(heads)):
        at = heads[i]
        while i < lefts[at]:  # else a word further left came this way already
            lefts[at] = i
            at = heads[at]
    for i in range(len(heads) - 1, -1, -1):
        at = heads[i]
        while i > rights[at]:
            rights[at] = i
            at = heads[at]
    return tuple(lefts), tuple(rights)
