"""Closed classes of words, by language: what clauses, sentences and discourse need beside the parse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from communique.errors import LanguageError, unknown
from communique.knowledge.tables import Entry, Tables, validated


class LanguageWords(Entry):
    """The closed classes of one language; each field is explained where it is used and in the data file."""

    id: str
    sentence_starters: frozenset[str]
    after_quote: frozenset[str]
    opening_quotes: frozenset[str]
    closing_quotes: frozenset[str]
    straight_quotes: frozenset[str]
    definite: frozenset[str]
    pointing: frozenset[str]
    vague_pronouns: frozenset[str]
    clause_openers: frozenset[str]
    said_marks: frozenset[str]
    topic_prepositions: frozenset[str]
    cause_prepositions: frozenset[str]
    content_prepositions: frozenset[str]
    viewpoint_prepositions: frozenset[str]
    opposing_prefixes: frozenset[str]
    ditransitive_verbs: frozenset[str]
    passive_infinitives: frozenset[str]
    inverted_auxiliaries: frozenset[str]
    object_control: frozenset[str]
    object_control_prepositions: frozenset[str]
    joining: frozenset[str]
    relative_pronouns: frozenset[str]
    possible: frozenset[str]
    future: frozenset[str]
    necessary: frozenset[str]
    duty: frozenset[str]
    staging_verbs: frozenset[str]
    conditional_marks: frozenset[str]
    implicative_verbs: frozenset[str]
    accident_verbs: frozenset[str]
    time_nouns: frozenset[str]
    expected_passives: frozenset[str]
    hearsay_passives: frozenset[str]
    possible_adjectives: frozenset[str]
    occurrence_verbs: frozenset[str]
    ending_verbs: frozenset[str]
    crowd_nouns: frozenset[str]
    border_nouns: frozenset[str]
    naming_verbs: frozenset[str]
    linking_nouns: Mapping[str, frozenset[str]]
    future_marks: frozenset[str]
    when_words: frozenset[str]
    negators: frozenset[str]
    plain_negators: frozenset[str]
    hedges: frozenset[str]
    state_nouns: frozenset[str]
    leader_nouns: frozenset[str]
    voice_nouns: frozenset[str]
    joint_adjectives: frozenset[str]
    former: frozenset[str]
    not_in_office: frozenset[str]
    counterpart_nouns: frozenset[str]
    indefinite: frozenset[str]
    locative: frozenset[str]
    people_nouns: frozenset[str]
    honorifics: frozenset[str]
    given_names: frozenset[str]
    name_openers: frozenset[str]
    generic_people: frozenset[str]
    head_nouns: frozenset[str]
    place_nouns: frozenset[str]
    whole_words: frozenset[str]
    abbreviations: frozenset[str]
    genders: Mapping[str, str]
    expletive_verbs: frozenset[str]
    family_nouns: frozenset[str]
    body_nouns: frozenset[str]
    thing_nouns: frozenset[str]
    relational_nouns: frozenset[str]
    own_participles: frozenset[str]
    calendar_words: frozenset[str]
    others: frozenset[str]
    partitives: frozenset[str]
    unnamed: frozenset[str]
    outsiders: frozenset[str]
    unnamed_nouns: frozenset[str]
    ascribing_verbs: frozenset[str]
    false_adjectives: frozenset[str]
    voting_verbs: frozenset[str]
    tasking_verbs: frozenset[str]
    held_nouns: frozenset[str]
    matters: frozenset[str]
    upholding_verbs: frozenset[str]
    hint_verbs: frozenset[str]
    hint_nouns: frozenset[str]
    truth_adjectives: frozenset[str]
    subject_prepositions: frozenset[str]
    viewpoint_nouns: frozenset[str]
    first_person: frozenset[str]
    nobody: frozenset[str]
    features: Mapping[str, frozenset[str]]
    pronouns: Mapping[str, str]
    numbers: Mapping[str, int]
    speech_forms: Mapping[str, str]
    lemmas: Mapping[str, str]

    @cached_property
    def standing_nouns(self) -> frozenset[str]:
        """Nouns that can stand for somebody whom another word names, in small letters; other nouns need not be tried.

        Crowds, states and leaders, documents, parts of a whole, family, members of something, and the like.
        """
        nouns = (
            self.crowd_nouns, self.state_nouns, self.leader_nouns, self.voice_nouns, self.partitives, self.family_nouns,
            self.generic_people, self.features.keys(),
        )  # fmt: skip
        return frozenset(noun.lower() for group in nouns for noun in group)


def load_languages(tables: Tables) -> dict[str, LanguageWords]:
    """Return the closed classes by language code."""
    found = validated(tables, "language", LanguageWords, key=lambda entry: entry.id)
    return {located.entry.id: located.entry for located in found}


def words_of(languages: Mapping[str, LanguageWords], code: str) -> LanguageWords:
    """Return the words of language `code`; raises LanguageError, with what is known, for another."""
    if code not in languages:
        raise LanguageError(unknown("language", code, languages) + " Add a [[language]] entry to a knowledge folder.")
    return languages[code]
