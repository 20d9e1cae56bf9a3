"""Magnitudes of the deeds in short sentences: whose number it is, what it counts, and what it comes to.

A row names events as "TYPE dead=5 injured=12", one for each event of such a type in the sentence, in text order; a
type alone has no count. Events of types that a row does not name are not its matter.
"""

from __future__ import annotations

import pytest

from coders import code, coder
from communique.language.numbers import Numbers
from communique.records import Event

COUNTS = ("dead", "injured", "arrested", "size", "money")


def written(e: Event) -> str:
    found = {name: getattr(e.magnitude, name) for name in COUNTS}
    return " ".join([e.type, *(f"{name}={value:.15g}" for name, value in found.items() if value is not None)])


DEAD_AND_INJURED = [
    ("Russian missiles hit Kyiv, killing five people.", ["ASSAULT dead=5"]),
    ("Russian missiles hit Kyiv, killing five people and wounding 12.", ["ASSAULT dead=5 injured=12"]),
    ("Russian missiles hit Kyiv, wounding 12.", ["ASSAULT injured=12"]),
    ("Israeli air strikes killed at least 30 Palestinians in Gaza.", ["ASSAULT dead=30"]),
    ("Israeli air strikes killed at least 30 Palestinians, including ten children, in Gaza.", ["ASSAULT dead=30"]),
    ("Five Syrian civilians, including two children, were killed by Turkish shelling.", ["ASSAULT dead=5"]),
    ("Turkish shelling killed two Syrian soldiers and a policeman.", ["ASSAULT dead=3"]),
    ("Turkish shelling killed two soldiers, three medics and a Syrian journalist.", ["ASSAULT dead=6"]),
    ("Turkish shelling killed a Syrian journalist.", ["ASSAULT dead=1"]),
    ("Turkish shelling killed Syrian journalists.", ["ASSAULT"]),
    ("A dozen Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=12"]),
    ("Dozens of Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=12"]),
    ("Half a dozen Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=6"]),
    ("Two dozen Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=24"]),
    ("Scores of Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=20"]),
    ("Hundreds of Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=100"]),
    ("Several hundred Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=300"]),
    ("Fighters were killed by Turkish forces in Syria.", ["ASSAULT"]),
    ("Up to 50 Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=50"]),
    ("Between 30 and 40 Kurdish fighters were killed by Turkish forces.", ["ASSAULT dead=30"]),
    ("The death toll from the Israeli strike on Gaza rose to 41.", ["ASSAULT dead=41"]),
    ("The death toll from the Israeli strike on Gaza rose from 38 to 41.", ["ASSAULT dead=41"]),
    ("The Israeli strike on Gaza left 41 people dead.", ["ASSAULT dead=41"]),
    ("The Israeli strike on Gaza left 41 dead and 100 wounded.", ["ASSAULT dead=41 injured=100"]),
    ("The Israeli strike on Gaza claimed 41 lives.", ["ASSAULT dead=41"]),
    ("Forty-one people died in an Israeli strike on Gaza.", ["ASSAULT dead=41"]),
    ("Two hundred and fifty people died in an Israeli strike on Gaza.", ["ASSAULT dead=250"]),
    ("Russia attacked Ukraine, causing no casualties.", ["ASSAULT dead=0 injured=0"]),
    ("Russia attacked a Ukrainian port, but no one was hurt.", ["ASSAULT injured=0"]),
    ("Saudi Arabia executed 37 men on Tuesday.", ["ASSAULT dead=37"]),
    ("Saudi Arabia executed 37 men on 12 May.", ["ASSAULT dead=37"]),
    ("Saudi Arabia executed 37-year-old prisoners.", ["ASSAULT"]),
    ("Saudi Arabia executed Iranian prisoners in 2019.", ["ASSAULT"]),
    ("Six Pakistani soldiers were killed and nine injured when Indian troops shelled their post.",
     ["ASSAULT dead=6 injured=9"]),
    ("Indian troops killed six Pakistani soldiers and Pakistan arrested 20 Indian fishermen.", ["ASSAULT dead=6"]),
]  # fmt: skip

ARRESTED = [
    ("Turkish police arrested more than 200 protesters.", ["COERCE arrested=200"]),
    ("Turkish police arrested about 200 protesters.", ["COERCE arrested=200"]),
    ("Turkish police arrested fewer than 20 protesters.", ["COERCE arrested=20"]),
    ("Turkish police arrested 20-odd protesters.", ["COERCE arrested=20"]),
    ("Turkish police arrested protesters.", ["COERCE"]),
    ("Turkish police arrested a Syrian journalist.", ["COERCE arrested=1"]),
    ("Turkish police arrested one of the two Syrian journalists.", ["COERCE arrested=1"]),
    ("Turkish police arrested both Syrian journalists.", ["COERCE"]),
    ("Turkish police arrested a third of the 300 Syrian strikers.", ["COERCE arrested=100"]),
    ("Turkish police arrested a third of the Syrian strikers.", ["COERCE"]),
    ("Turkish police arrested half of the 40 Syrian strikers.", ["COERCE arrested=20"]),
    ("Two to three thousand Syrians were arrested by Turkish police.", ["COERCE arrested=2000"]),
    ("Some 300-400 Syrians were arrested by Turkish police.", ["COERCE arrested=300"]),
    ("Thousands of Syrians were arrested by Turkish police.", ["COERCE arrested=1000"]),
    ("Boko Haram abducted 276 schoolgirls in Nigeria.", ["ASSAULT arrested=276"]),
    ("Boko Haram abducted two Nigerian teachers and a priest.", ["ASSAULT arrested=3"]),
    ("Belarus jailed three Polish journalists.", ["COERCE arrested=3"]),
    ("Belarus jailed a Polish journalist for three years.", ["COERCE arrested=1"]),
    ("Belarus jailed a Polish journalist on Article 130 of the code.", ["COERCE arrested=1"]),
]  # fmt: skip

SIZE = [
    ("More than 100,000 people protested in Budapest against the Hungarian government.", ["PROTEST size=100000"]),
    ("Hundreds of thousands of Serbs marched in Belgrade against the government.", ["PROTEST size=100000"]),
    ("Tens of thousands of Serbs marched in Belgrade against the government.", ["PROTEST size=10000"]),
    ("Half a million Serbs marched in Belgrade against the government.", ["PROTEST size=500000"]),
    ("A quarter of a million Serbs marched in Belgrade against the government.", ["PROTEST size=250000"]),
    ("One and a half million Serbs marched in Belgrade against the government.", ["PROTEST size=1500000"]),
    ("About 1.5 million Serbs marched in Belgrade against the government.", ["PROTEST size=1500000"]),
    ("Serbs marched in Belgrade against the government.", ["PROTEST"]),
    ("Serbs marched in Belgrade in 2019.", ["PROTEST"]),
    ("Serbs marched for 12 kilometres in Belgrade against the government.", ["PROTEST"]),
    ("Two to three thousand Polish farmers demonstrated in Warsaw.", ["PROTEST size=2000"]),
    ("Two or three thousand Polish farmers demonstrated in Warsaw.", ["PROTEST size=2000"]),
    ("Some 5,000 Polish students and 2,000 workers demonstrated in Warsaw.", ["PROTEST size=7000"]),
    ("Russia deployed 20,000 troops to the Ukrainian border.", ["MOBILIZE size=20000"]),
    ("Russia deployed twenty thousand troops to the Ukrainian border.", ["MOBILIZE size=20000"]),
    ("Russia deployed troops to the Ukrainian border.", ["MOBILIZE"]),
    ("Russia deployed 12 warships to the Ukrainian coast.", ["MOBILIZE size=12"]),
    ("Russia deployed 500 soldiers and 40 tanks to the Ukrainian border.", ["MOBILIZE size=500"]),
    ("Russia deployed a 5,000-strong force to the Ukrainian border.", ["MOBILIZE size=5000"]),
    ("Israel released 90 Palestinian prisoners.", ["RETREAT size=90"]),
    ("Israel released ninety Palestinian prisoners.", ["RETREAT size=90"]),
    ("Israel released a third of the 300 Palestinian prisoners.", ["RETREAT size=100"]),
    ("Israel released one of the two Palestinian prisoners.", ["RETREAT size=1"]),
    ("Britain deported 35 Albanians.", ["COERCE size=35"]),
    ("Britain expelled two Russian diplomats.", ["SANCTION size=2"]),
    ("Five leaders from the two countries met in Vienna.", []),
    ("The leaders of France and Germany met for two days.", ["CONSULT"]),
    ("The leaders of France and Germany held a second round of talks at 9 a.m. on Monday.", ["CONSULT"]),
    ("The presidents of France and Germany met for the third time.", ["CONSULT"]),
    ("France and Germany held six-party talks.", ["CONSULT"]),
    ("France and Germany held talks on Resolution 2334.", ["CONSULT"]),
]  # fmt: skip

MONEY = [
    ("The United States pledged $1.2 billion in aid to Ukraine.", ["AGREE money=1200000000"]),
    ("The United States pledged aid of $1.2bn to Ukraine.", ["AGREE money=1200000000"]),
    ("The United States pledged aid of 1.2 billion dollars to Ukraine.", ["AGREE money=1200000000"]),
    ("Germany pledged a loan of €300m to Ukraine.", ["AGREE money=300000000"]),
    ("Germany pledged EUR 1.2 million in aid to Ukraine.", ["AGREE money=1200000"]),
    ("Germany pledged 300 million euros in aid to Ukraine.", ["AGREE money=300000000"]),
    ("Germany promised to send 300 tonnes of food aid to Ukraine.", ["AGREE"]),
    ("Germany promised to send 300 soldiers to help Ukraine.", ["AGREE size=300"]),
    ("China lent Sri Lanka half a million dollars.", ["AID money=500000"]),
    ("China lent Sri Lanka two to three million dollars.", ["AID money=2000000"]),
    ("China lent Sri Lanka between $2m and $3m.", ["AID money=2000000"]),
    ("China lent Sri Lanka more than five billion yuan.", ["AID money=5000000000"]),
    ("Qatar signed a deal with Libya for a $10bn fee.", ["SUPPORT money=10000000000"]),
    ("Qatar signed a $10bn deal with Libya.", ["SUPPORT money=10000000000"]),
    ("Qatar signed a deal with Libya worth 10 billion US dollars.", ["SUPPORT money=10000000000"]),
    ("Qatar signed a 10-year deal with Libya.", ["SUPPORT"]),
    ("Qatar signed a deal with Libya in 2010.", ["SUPPORT"]),
    ("Iran demanded $400 million from the United States.", ["REQUEST money=400000000"]),
    ("The United States seized $7bn of Afghan assets.", ["COERCE money=7000000000"]),
]  # fmt: skip

WHOSE = [
    # the number is that of the other deed, or of none
    ("Iran condemned the Israeli strike that killed 40 people.", ["ACCUSE"]),
    ("Iran, which has 5,000 soldiers in Syria, condemned Israel.", ["ACCUSE"]),
    ("Iran accused Israel of having killed 40 Palestinians.", ["ACCUSE", "ASSAULT dead=40"]),
    ("Russia attacked Ukraine after 20 people had died in Georgia.", ["ASSAULT"]),
    ("Russia attacked a Ukrainian town of 8,000 people.", ["ASSAULT"]),
    ("Russia attacked Ukraine and China sent 300 soldiers to Mali.", ["ASSAULT", "MOBILIZE size=300"]),
    ("China sent 300 soldiers to Mali and Russia attacked Ukraine.", ["MOBILIZE size=300", "ASSAULT"]),
    ("Turkey arrested 30 Syrians and deported 12 Iraqis.", ["COERCE arrested=30", "COERCE size=12"]),
    ("Turkey deported 12 Iraqis and arrested 30 Syrians.", ["COERCE size=12", "COERCE arrested=30"]),
    ("Poland gave Ukraine 14 tanks and $3m.", ["AID size=14 money=3000000"]),
    ("Twelve countries met in Vienna.", []),
    ("The two leaders of France and Germany met in Vienna.", ["CONSULT"]),
    ("Israel shot down two Iranian drones.", ["ASSAULT"]),
    ("Iran condemned a massacre of Palestinians by Israel.", ["ACCUSE"]),
    ("Hamas threatened to kill 12 Israeli hostages.", ["THREATEN"]),
    ("Iran released 12 jailed Americans.", ["RETREAT size=12"]),
    ("The Turkish president, 68, visited Qatar.", ["CONSULT"]),
    ("G7 leaders met Ukrainian officials.", ["CONSULT"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*DEAD_AND_INJURED, *ARRESTED, *SIZE, *MONEY, *WHOSE])
def test_magnitudes_of_a_sentence(text: str, expected: list[str]) -> None:
    types = {row.split()[0] for row in expected}
    assert [written(e) for e in code(text).events if not expected or e.type in types] == expected


NUMBERS = [
    ("100,000 men", 100_000), ("10bn dollars", 1e10), ("1.2 million", 1.2e6), ("two hundred thousand", 2e5),
    ("three hundred and fifty thousand", 350_000), ("one thousand two hundred", 1200), ("twenty-five", 25),
    ("a hundred", 100), ("a dozen", 12), ("two dozen", 24), ("dozens", 12), ("tens of thousands", 10_000),
    ("hundreds of thousands", 100_000), ("half a million", 500_000), ("three quarters of a million", 750_000),
    ("one and a half million", 1.5e6), ("a few hundred", 300), ("a couple of men", 2), ("300-400 men", 300),
    ("two to three thousand men", 2000), ("1.5 to 2 million men", 1.5e6),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "value"), NUMBERS)
def test_a_number_phrase_is_one_number(phrase: str, value: float) -> None:
    text = f"They counted {phrase}."
    sentence = next(iter(coder().parser.parse([[(text, 0)]])))[0]
    words = coder().knowledge.quantities["en"]
    assert [q.value for q in Numbers(sentence, words).find()] == [value]


@pytest.mark.parametrize("phrase", ["in 2019", "on 12 May", "on May 12", "a six-party deal", "Article 5", "Boeing 737",
                                    "the third round", "a 35-year-old", "F-16", "a third of them"])  # fmt: skip
def test_what_is_no_quantity(phrase: str) -> None:
    text = f"They saw it {phrase}."
    sentence = next(iter(coder().parser.parse([[(text, 0)]])))[0]
    assert list(Numbers(sentence, coder().knowledge.quantities["en"]).find()) == []
