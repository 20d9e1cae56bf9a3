"""Texts of our own for the labelled set of copies: reports by seeded choice of topic, sentences, names and figures.

Two reports share a sentence's frame now and then, as reports of one newsroom do, but not its names and figures.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

COUNTRIES = {
    "Norway": ("Oslo", "Norwegian", "Solveig Lund"), "Chad": ("N'Djamena", "Chadian", "Idriss Mahamat"),
    "Peru": ("Lima", "Peruvian", "Rosa Quispe"), "Kenya": ("Nairobi", "Kenyan", "Peter Otieno"),
    "Latvia": ("Riga", "Latvian", "Janis Ozols"), "Jordan": ("Amman", "Jordanian", "Khalid Haddad"),
    "Vietnam": ("Hanoi", "Vietnamese", "Tran Van Minh"), "Bolivia": ("La Paz", "Bolivian", "Luis Mamani"),
    "Georgia": ("Tbilisi", "Georgian", "Nino Beridze"), "Ghana": ("Accra", "Ghanaian", "Kofi Mensah"),
    "Serbia": ("Belgrade", "Serbian", "Milan Petrovic"), "Oman": ("Muscat", "Omani", "Salim Harthy"),
    "Nepal": ("Kathmandu", "Nepali", "Bishnu Thapa"), "Finland": ("Helsinki", "Finnish", "Aino Korpela"),
    "Morocco": ("Rabat", "Moroccan", "Youssef Alami"), "Chile": ("Santiago", "Chilean", "Pedro Rojas"),
    "Iraq": ("Baghdad", "Iraqi", "Hassan Jubouri"), "Poland": ("Warsaw", "Polish", "Ewa Kaminska"),
    "Mali": ("Bamako", "Malian", "Amadou Keita"), "Laos": ("Vientiane", "Lao", "Somchai Vong"),
    "Cuba": ("Havana", "Cuban", "Ernesto Diaz"), "Hungary": ("Budapest", "Hungarian", "Gabor Toth"),
    "Yemen": ("Sanaa", "Yemeni", "Ali Saleem"), "Gabon": ("Libreville", "Gabonese", "Paul Obiang"),
}  # fmt: skip
TOWNS = """Harwick Menara Oltava Kesh Dombrava Sitala Rukoma Bergen Tamaru Gorsk Alqam Pinara Velden Zuraya Marovo Lisk Tandari
Orsova Kibale Nasiri Holm Cazadero Ferlo Bintang Ushko Dalgan Peresk Wadira Tumal Ostrava Quellin Rasht Belmora Sankar""".split()
SURNAMES = """Arden Bakari Castell Dragan Elmi Farouk Grigor Hanno Ilunga Joric Kasten Lemaire Moreau Nakuru Osman Pavlik Quiroga
Rahimi Sorin Takala Ulvang Varga Wendt Yilmaz Zeman Abebe Brandt Cisse Dufour Eriks Fenwick""".split()
GOODS = "wheat copper gas steel rice cotton timber fertiliser coffee lithium oil fish sugar maize".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()

# {A} {B}: countries; {a} {b}: of the country; {ca} {cb}: capitals; {pa} {pb}: leaders; {t} {u}: towns; {n} {m} {k}: figures
# of three sizes; {d}: a day; {x} {y}: surnames; {g}: goods; {q}: a month.
FRAMES = {
    "talks": """
{pa} arrived in {cb} on {d} for two days of talks that both governments described as overdue.
The leaders of {A} and {B} spent {n} hours at a guest house outside {t} before they spoke to the press.
Officials who took part said that the transit of {g} and the border at {u} had taken up most of the time.
"We have not agreed on everything, but we have agreed to go on," {pb} told reporters after the meeting.
A joint text of {n} pages names {m} projects, of which the bridge at {t} is the largest.
{x}, who advises the {a} side, called the outcome modest and said that much was left to experts.
It was the first visit of a {a} leader to {cb} since {q} of the year in which the consulates were shut.
Neither side mentioned the {n} detained drivers whose families have asked for news since {q}.
Diplomats in {ca} had played down hopes all week, pointing to the quarrel over fees for {g}.
Another round is to follow in {t} in {q}, once both parliaments have debated the text.
Opposition deputies in {cb} complained that they had learnt of the visit from the radio.
The guard of honour waited for {m} minutes in the rain, a delay that nobody would explain.
{pb} gave the guest a carved box from {u}, and was given a map of the two countries from {k}.
""",
    "attack": """
Gunmen killed at least {n} people in {t} on {d}, in the deadliest raid there for {m} months, officials said.
Witnesses described men in uniforms who came on motorcycles and set fire to the grain store.
The {a} army said that it had sent {k} soldiers to the district and was looking for the attackers.
A hospital in {u} received {m} wounded, of whom {n} were in a critical state, said doctor {x}.
No group claimed the attack, though {ca} blamed fighters who cross the border from {B}.
{B} rejected the charge and offered a joint inquiry, which {pa} did not answer.
Schools and markets in the province will stay shut until the end of the week.
"They went from house to house and asked for the head of the village," said {y}, a teacher.
More than {k} people have fled the district since {q}, according to relief workers.
The governor, {x}, asked for aircraft and said that his men were short of fuel.
Aid agencies suspended their convoys to {t} and called for a safe road to {u}.
Mourners buried the dead on {d} in a field outside the town, under guard.
A curfew from dusk was imposed along the river, and {m} checkpoints were set up.
""",
    "sanctions": """
{A} will bar imports of {g} from {B} as of {q}, the trade ministry in {ca} said on {d}.
The measure hits goods worth about {k} million a year, a {n}th of what {B} sells abroad.
{cb} called the step a breach of the treaty of {t} and promised to answer in kind.
{x}, a {a} deputy minister, said that talks had been tried {m} times without result.
Shippers in {u} reported that {n} vessels had already been turned away from the port.
The list names {m} companies and {n} officials, whose accounts are to be frozen.
"This is not against the people of {B}," {pa} said in a speech that was carried live.
Farmers in the north of {B} fear for the harvest; one in {m} lives on {g} alone.
Economists at a bank in {ca} expect prices to rise by {n} percent before the summer.
{pb} cut short a trip to {t} and summoned the cabinet for a meeting at night.
The neighbours have been at odds since {q}, when a pipeline was closed for repairs.
Two judges of the trade court will hear the complaint, but not before {q}.
Traders bought up {g} in {u}, and the price at the exchange rose for the {n}th day.
""",
    "protest": """
Tens of thousands marched through {ca} on {d} to demand that {pa} give up a plan to raise fares.
Police used water cannon near the parliament after {m} demonstrators climbed over a fence.
Organisers spoke of {k} people; the interior ministry put the number at less than half of that.
"We shall be back every {d} until the law is gone," said {x}, who leads the rail union.
At least {n} people were arrested, among them a reporter of a paper from {t}.
The protest is the largest in {A} since the strikes of {q}, which brought down a minister.
Shops along the avenue kept their shutters down, and trams did not run for {m} hours.
A spokesman for {pa}, {y}, said that the government was ready to listen but not to yield.
In {u}, students occupied the hall of the faculty and hung {n} flags from its windows.
The fare for a ride would rise by {n} percent under the plan, the first rise in {m} years.
Lawyers offered to defend those who were held; a court is to decide on {d}.
{B} advised its citizens to keep away from the centre of {ca}.
Church leaders asked both sides to step back, and a mass was read for calm.
""",
    "vote": """
Voters in {A} go to the polls on {d} to choose {k} deputies, in a race that few dare to call.
{pa}, in power for {n} years, has campaigned on roads and on the price of {g}.
The challenger, {x}, drew a crowd of {k} to the stadium in {t} on the last evening.
Polls give the two camps {m} percent each, with one in {n} voters undecided.
Observers from {B} and from {m} other states have been placed in {n} districts.
"I want a president who answers letters," said {y}, a nurse, in a queue in {u}.
The election board admitted that ballots for {m} stations had been printed twice.
Turnout was {n} percent by noon, higher than {q} four years ago.
Results are expected on {d}; a second round would follow in {q}.
Soldiers guarded the stores where the ballot boxes from {t} are kept.
A debate on television was called off after the two sides could not agree on who speaks first.
In the villages along the lake, donkeys carried the urns for {m} kilometres.
Women hold {n} of the seats in the outgoing house, a record for the region.
""",
    "flood": """
Floods have cut off {t} and {m} villages in the south of {A}, rescuers said on {d}.
At least {n} people died when a dam above {u} gave way during the night.
{pa} flew over the valley and promised {k} million for those who lost their homes.
{B} sent {m} boats and a field hospital, which reached {t} by train.
The river stood {n} metres above its usual mark, the highest since measuring began.
"We sat on the roof with the goats and waited," said {x}, a farmer of {m}.
Engineers had warned of cracks in the dam in {q}, a paper in {ca} reported.
About {k} households are without power, and wells in {n} districts are spoilt.
Relief workers fear disease, since clean water has to be brought from {u}.
Rain is forecast until {d}; the army has filled {k} sandbags.
A court opened an inquiry into the company that runs the dam, led by {y}.
The harvest of {g} is lost in most of the province, the ministry said.
Volunteers from {cb} cook for {m} camps along the railway line.
""",
}
OPENINGS = """
What happens next depends on {ca}, where {x} is to speak to deputies on {d}.
The figures could not be checked independently.
{y}, who teaches history in {t}, sees a pattern that began {m} years ago.
Letters seen by this paper show that {cb} had been told in {q}.
Analysts at an institute in {u} warn that {n} further steps may follow.
For the people of {t}, little has changed so far.
Calls to the office of {pa} were not answered on {d}.
A similar case in {B} ended with a payment of {k} million.
""".strip().split("\n")
HEADLINES = """{A} and {B} at odds over {t}|Anger in {ca} as {pa} keeps silent|What {t} tells us about {A}|{cb} braces for a long {q}
{n} days that shook {A}|{B} watches as {ca} decides|Question marks over {u} after {d}|{pa}'s gamble|Fear and hope in {t}
A hard week for {A}|{m} questions about {t}|{B} and {A}: the long road""".replace("\n", "|").split("|")


@dataclass(frozen=True)
class Facts:
    """The names and figures of a report."""

    values: dict[str, str]

    def fill(self, frame: str, rng: random.Random) -> str:
        """Return a sentence with the report's countries and leaders, its towns, and figures of its own."""
        own = {
            "n": str(rng.randint(2, 48)), "m": str(rng.randint(3, 96)), "k": f"{rng.randint(2, 98)}00",
            "d": rng.choice(DAYS), "q": rng.choice(MONTHS), "x": rng.choice(SURNAMES), "y": rng.choice(SURNAMES),
        }  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda m: {**own, **self.values}[m[1]], frame)


def facts(rng: random.Random) -> Facts:
    """Draw two countries, two towns and a product."""
    one, two = rng.sample(sorted(COUNTRIES), 2)
    towns = rng.sample(TOWNS, 2)
    return Facts({
        "A": one, "B": two, "ca": COUNTRIES[one][0], "cb": COUNTRIES[two][0], "a": COUNTRIES[one][1],
        "b": COUNTRIES[two][1], "pa": COUNTRIES[one][2], "pb": COUNTRIES[two][2], "t": towns[0], "u": towns[1],
        "g": rng.choice(GOODS),
    })  # fmt: skip


def report(rng: random.Random, topic: str = "", about: Facts | None = None) -> list[str]:
    """Return the paragraphs of a report: of one topic, 6 to 13 sentences of it and some others, in seeded order."""
    about = about or facts(rng)
    frames = FRAMES[topic or rng.choice(sorted(FRAMES))].strip().split("\n")
    chosen = [frames[0], *rng.sample(frames[1:], rng.randint(5, len(frames) - 1))]
    chosen += rng.sample(OPENINGS, rng.randint(1, 5))
    told = [about.fill(frame, rng) for frame in (chosen[0], *rng.sample(chosen[1:], len(chosen) - 1))]
    paragraphs: list[str] = []
    while told:
        some = rng.randint(1, 3)
        paragraphs.append(" ".join(told[:some]))
        told = told[some:]
    return paragraphs


def headline(rng: random.Random, about: Facts | None = None) -> str:
    """Return a headline."""
    return (about or facts(rng)).fill(rng.choice(HEADLINES), rng)


def quotation(rng: random.Random) -> str:
    """Return a long quotation: five to seven sentences of somebody."""
    about = facts(rng)
    frames = [frame for topic in FRAMES.values() for frame in topic.strip().split("\n") if '"' not in frame]
    said = " ".join(about.fill(frame, rng) for frame in rng.sample(frames, rng.randint(4, 6)))
    return f'"{said}"'


# Forms that are filled in again and again: one word for each slot, of its kind.
FORMS = {
    "weather": (
        "The weather service in {ca} expects {w} skies over {t} on {d}, with a high of {n} degrees and a low of {m}. "
        "Winds from the {o} will reach {n} kilometres an hour along the coast near {u}. The chance of rain is {m} "
        "percent in the morning and {n} percent after noon. Visibility is {w2} and the sea {w3}, with waves of {n} "
        "centimetres. Pollen levels are {w2}. Sunrise is at {n}:{m} and sunset at {m}:{n}. Farmers are advised to cover "
        "young plants where the ground temperature falls below {n} degrees. The next bulletin will be issued at {n}:{m}."
    ),
    "markets": (
        "Shares in {ca} closed {w4} on {d}, with the main index at {k}.{n} points, a change of {n} percent. Of the {m} "
        "stocks traded, {n} rose and {m} fell. Turnover came to {k} million. The currency stood at {n}.{m} to the dollar "
        "in late trading, compared with {n}.{m} the day before. {g} for delivery in {q} was quoted at {k} a tonne. "
        "Brokers said that investors were waiting for figures on prices, which are due on {d}. The largest winner was the "
        "bank of {t}, up {n} percent; the largest loser a shipping line from {u}, down {m} percent."
    ),
    "casualties": (
        "At least {n} people were killed and {m} injured when a bomb went off at a market in {t} on {d}, police said. The "
        "blast took place at about {n} in the morning, when the square was full of people. The wounded were taken to a "
        "hospital in {u}, where doctors said that the number of dead could rise. No group has claimed responsibility. "
        "Police officer {x} said that the explosives had been hidden in a cart. The government of {A} condemned the attack "
        "and promised help to the families. It is the {n}th such attack in the province since {q}."
    ),
    "fillers": (
        "{pa} and {pb} held talks in {ca} on {d}. The two leaders discussed bilateral relations and regional and "
        "international issues of mutual interest, the state news agency of {A} reported. They reviewed ways to increase "
        "cooperation between {A} and {B} in trade, energy and culture, and exchanged views on the latest developments in "
        "the region. The meeting was attended by {x}, the {a} foreign minister, and {y}, the ambassador of {B}. Trade "
        "between the two countries amounted to {k} million last year."
    ),
    "communique": (
        "At the invitation of {pa}, {pb} paid an official visit to {A} from {n} to {m} {q}. The two sides held talks in a "
        "friendly and constructive atmosphere. They noted with satisfaction that relations between {A} and {B} had "
        "developed steadily since the establishment of diplomatic relations. The two sides agreed to expand cooperation in "
        "agriculture, transport, education and health, and signed {n} documents. They reaffirmed their adherence to the "
        "purposes and principles of the Charter of the United Nations and spoke in favour of the peaceful settlement of "
        "disputes. {A} expressed its support for the candidacy of {B} to the council for {k}. {pb} thanked {pa} for the "
        "warm welcome and invited him to visit {cb} at a time convenient to both sides. The invitation was accepted."
    ),
    "calls": (
        "The foreign minister of {A}, {x}, spoke by telephone with his counterpart of {B}, {y}, on {d}, the ministry in "
        "{ca} said in a statement. The ministers discussed the situation in {t} and the supply of {g}. They underlined the "
        "need to respect international law and agreed to stay in contact. The call took place at the request of the {b} "
        "side and lasted {m} minutes."
    ),
}
KINDS = {
    "w": "clear cloudy grey bright hazy".split(), "w2": "good fair poor moderate".split(),
    "w3": "calm rough choppy slight".split(), "w4": "higher lower mixed flat firmer weaker".split(),
    "o": "north south east west".split(),
}  # fmt: skip


def filled(form: str, rng: random.Random) -> str:
    """Return a form filled in with facts of its own, as two or three paragraphs."""
    text = re.sub(r"\{(\w+)\}", lambda m: rng.choice(KINDS[m[1]]) if m[1] in KINDS else m[0], FORMS[form])
    about = facts(rng)
    text = re.sub(r"\{(\w+)\}", lambda m: about.fill(m[0], rng), text)
    sentences = re.split(r"(?<=[a-z.]\.) ", text)
    half = len(sentences) // 2
    return "\n\n".join((" ".join(sentences[:half]), " ".join(sentences[half:])))
