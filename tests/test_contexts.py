"""Contexts of the deeds in short sentences: all 37 of PLOVER, and whose they are.

A row gives the contexts of the first event of a type, in the codebook's order.
"""

from __future__ import annotations

import pytest

from coders import code, coder

EACH = [
    ("Russian warships shelled a Ukrainian port.", "ASSAULT", ["military"]),
    ("Poland condemned Russia over the deployment of soldiers.", "ACCUSE", ["military"]),
    ("Germany accused China of espionage.", "ACCUSE", ["intelligence"]),
    ("Britain praised Poland's intelligence services.", "SUPPORT", ["intelligence"]),
    ("The European Union criticised Hungary over the presidential decree.", "ACCUSE", ["executive"]),
    ("The European Union criticised Hungary over the cabinet reshuffle.", "ACCUSE", ["executive"]),
    ("China condemned the vote of the European Parliament on Taiwan.", "ACCUSE", ["legislative"]),
    ("Japanese lawmakers visited Taiwan.", "CONSULT", ["legislative"]),
    ("The United States criticised Belarus over the election.", "ACCUSE", ["election"]),
    ("The European Union praised Kenya's referendum.", "SUPPORT", ["election"]),
    ("The African Union condemned the coup in Mali.", "ACCUSE", ["political_institutions"]),
    ("The European Union criticised Tunisia over its new constitution.", "ACCUSE", ["political_institutions"]),
    ("The United States praised the democratic transition in Sudan.", "SUPPORT", ["pro_democracy"]),
    ("The United States urged Sudan to return to civilian rule.", "REQUEST", ["pro_democracy"]),
    ("The United States criticised the dictatorship in Belarus.", "ACCUSE", ["pro_autocracy"]),
    ("Canada condemned the national security law of China.", "ACCUSE", ["pro_autocracy"]),
    ("China agreed to lower tariffs on American cars.", "CONCEDE", ["economic"]),
    ("The IMF praised Egypt's economic reforms.", "SUPPORT", ["economic"]),
    ("Iran sued the United States at the International Court of Justice.", "ACCUSE", ["legal"]),
    ("Spain condemned the ruling of a Belgian court.", "ACCUSE", ["legal"]),
    ("Namibia demanded reparations from Germany.", "REQUEST", ["reparations"]),
    ("South Korea demanded compensation from Japan.", "REQUEST", ["reparations"]),
    ("The United Nations criticised Iran over human rights.", "ACCUSE", ["human_rights"]),
    ("Canada accused Myanmar of genocide.", "ACCUSE", ["human_rights"]),
    ("Norway criticised Turkey over press freedom.", "ACCUSE", ["rights_freedoms"]),
    ("Norway criticised Turkey over censorship.", "ACCUSE", ["rights_freedoms"]),
    ("France condemned the crackdown in Iran.", "ACCUSE", ["repression"]),
    ("Belarusian police fired tear gas at protesters.", "ASSAULT", ["repression"]),
    ("France warned Sudan of a famine.", "", ["human_security"]),
    ("Egypt accused Ethiopia of cutting its water supply.", "ACCUSE", ["human_security"]),
    ("Sweden criticised Poland over abortion.", "ACCUSE", ["gender"]),
    ("The United Nations criticised Afghanistan over gender equality.", "ACCUSE", ["gender"]),
    ("Canada criticised Uganda over its anti-gay law.", "ACCUSE", ["lgbt"]),
    ("Canada criticised Uganda over the treatment of transgender people.", "ACCUSE", ["lgbt"]),
    ("Pakistan condemned India over attacks on mosques.", "ACCUSE", ["religion_ethnicity"]),
    ("Turkey criticised China over the Uyghurs.", "ACCUSE", ["religion_ethnicity"]),
    ("Cuba criticised the United States over inequality.", "ACCUSE", ["inequality"]),
    ("Cuba criticised the United States over racial discrimination.", "ACCUSE", ["inequality"]),
    ("Serbia praised the Greek ambassador.", "SUPPORT", ["diplomatic"]),
    ("France and Japan held talks.", "CONSULT", ["diplomatic"]),
    ("China rejected the Philippines' territorial claims.", "REJECT", ["territory"]),
    ("Ukraine condemned the annexation of Crimea by Russia.", "ACCUSE", ["territory"]),
    ("Lebanon thanked the UN peacekeepers.", "SUPPORT", ["peacekeeping"]),
    ("Rwanda praised the African Union's stabilisation mission.", "SUPPORT", ["peacekeeping"]),
    ("Cuba thanked Italy for its help in the epidemic.", "SUPPORT", ["health"]),
    ("India gave Nepal vaccines.", "AID", ["health"]),
    ("Britain rejected Albania's asylum seekers.", "REJECT", ["asylum"]),
    ("Sweden criticised Hungary over its asylum policy.", "ACCUSE", ["asylum"]),
    ("Italy criticised Malta over migrants.", "ACCUSE", ["migration"]),
    ("Jordan thanked Germany for helping refugees.", "SUPPORT", ["migration"]),
    ("Greece sent rescue workers to Turkey after the earthquake.", "", ["human_security", "disasters"]),
    ("Japan thanked Taiwan for its help after the tsunami.", "SUPPORT", ["disasters"]),
    ("Turkey criticised Cyprus over gas exploration.", "ACCUSE", ["natural_resource"]),
    ("Russia and Saudi Arabia agreed on oil production.", "AGREE", ["natural_resource"]),
    ("Sweden criticised Brazil over deforestation.", "ACCUSE", ["environment"]),
    ("The United States rejected the Paris Agreement.", "REJECT", ["environment"]),
    ("China criticised the Netherlands over semiconductors.", "ACCUSE", ["technology"]),
    ("India and France signed an agreement on quantum computing.", "", ["technology"]),
    ("India accused Pakistan of terrorism.", "ACCUSE", ["terrorism"]),
    ("Egypt condemned the suicide bombing in Iraq.", "ACCUSE", ["terrorism"]),
    ("Israel criticised Iran over uranium enrichment.", "ACCUSE", ["cbrn"]),
    ("The United States accused Syria of using chemical weapons.", "ACCUSE", ["cbrn"]),
    ("Estonia accused Russia of cyber attacks.", "ACCUSE", ["cyber"]),
    ("Estonia criticised Russia over hacking.", "ACCUSE", ["cyber"]),
    ("Ukraine accused Russia of disinformation.", "ACCUSE", ["misinformation"]),
    ("Ukraine criticised Russia over fake news.", "ACCUSE", ["misinformation"]),
    ("France criticised Albania over organised crime.", "ACCUSE", ["crime"]),
    ("Mexico criticised the United States over the murder of a tourist.", "ACCUSE", ["crime"]),
    ("The United States criticised Ukraine over corruption.", "ACCUSE", ["corruption"]),
    ("The United States criticised Guatemala over bribery.", "ACCUSE", ["corruption"]),
    ("The United States criticised Mexico over fentanyl.", "ACCUSE", ["illegal_drugs"]),
    ("Colombia and Peru agreed to fight cocaine production.", "", ["illegal_drugs"]),
    ("The United States criticised Thailand over human trafficking.", "ACCUSE", ["trafficking"]),
    ("Kenya criticised China over the ivory trade.", "ACCUSE", ["trafficking"]),
]  # fmt: skip

WHOSE = [
    # The context is that of the clause and of what hangs on it; another deed's is another's.
    ("Japan condemned a chemical attack and praised Kenya's election.", "ACCUSE", ["cbrn"]),
    ("Japan condemned a chemical attack and praised Kenya's election.", "SUPPORT", ["election"]),
    ("France criticised Turkey over censorship, and Greece praised Malta on migrants.", "ACCUSE", ["rights_freedoms"]),
    ("France criticised Turkey over censorship, and Greece praised Malta on migrants.", "SUPPORT", ["migration"]),
    ("Iran, which enriches uranium, praised Kenya.", "SUPPORT", []),
    ("Iran praised Kenya.", "SUPPORT", []),
    ("According to Norway, Turkey praised Kenya.", "SUPPORT", []),
    ("Iran and China traded barbs.", "", []),
    ("Sweden criticised Poland over the climate of fear.", "ACCUSE", []),
    ("Sweden criticised Poland over climate change.", "ACCUSE", ["environment"]),
    ("Sweden criticised Poland over trafficking and crime.", "ACCUSE", ["trafficking"]),
    ("Sweden criticised Poland over crime.", "ACCUSE", ["crime"]),
    ("Sweden criticised Poland over pollution and migrants.", "ACCUSE", ["migration", "environment"]),
    ("Turkish soldiers attacked a Syrian village.", "ASSAULT", ["military"]),
    ("Rebels attacked a Syrian village.", "ASSAULT", []),
    ("Syria's rebels criticised Turkey.", "ACCUSE", []),
    ("Syria's army criticised Turkey.", "ACCUSE", ["military"]),
    ("Kenya's parliament criticised Uganda.", "ACCUSE", ["legislative"]),
    ("Kenya's supreme court criticised Uganda.", "ACCUSE", ["legal"]),
    ("The cholera outbreak spread quickly, and Kenya thanked Uganda.", "SUPPORT", ["health"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type_", "expected"), [*EACH, *WHOSE])
def test_contexts_of_a_deed(text: str, type_: str, expected: list[str]) -> None:
    events = [e for e in code(text).events if not type_ or e.type == type_]
    assert [list(e.contexts) for e in events[:1]] == ([expected] if events or expected else [])


def test_every_context_of_the_codebook_has_its_sentences() -> None:
    shown = [context for _, _, contexts in EACH for context in contexts]
    assert {c for c in coder().knowledge.codebook.contexts if shown.count(c) < 2} == set()
