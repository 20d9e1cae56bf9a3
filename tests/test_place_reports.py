# ruff: noqa: E501 (a row is a report)
"""Places in short reports of our own: which names are places, which place they are, and where a deed was done.

A row is a report, "|" and what is wanted of it: `name = ISO lat lon` (to two degrees), `name = -` for a name that is
no place here; names that are not listed are not looked at. `DEEDS` rows name the event's type and its places.
"""

from __future__ import annotations

from functools import cache

import pytest

import communique
from communique.grounding.places import Located
from communique.pipeline import Coder

REPORTS = """
Police in Paris, Texas, arrested two men. The Lamar County sheriff said that both were from Paris. | Paris = USA 33.7 -95.6
The French president left Paris for Berlin. | Paris = FRA 48.9 2.3; Berlin = DEU 52.5 13.4
Voters in Georgia go to the polls today. The governor spoke in Atlanta and Savannah. | Georgia = USA 32.8 -83.5; Savannah = USA 32 -81.1
Voters in Georgia go to the polls today. The opposition called a rally in Tbilisi. | Georgia = GEO 42 43.5; Tbilisi = GEO 41.7 44.8
Georgian troops withdrew from the border with South Ossetia, said officials in Georgia. | Georgia = GEO 42 43.5; South Ossetia = GEO 42.3 44
Talks in Washington ended without a result, a State Department official said. | Washington = USA 38.9 -77
A wildfire burned north of Spokane, Washington. | Washington = USA 47.5 -120.5; Spokane = USA 47.7 -117.4
Israel shelled a village in Lebanon. Beirut protested. | Lebanon = LBN 33.8 35.8; Beirut = LBN 33.9 35.5
The Wilson County sheriff said that a Lebanon man was arrested near Nashville. | Lebanon = USA 36.2 -86.3; Nashville = USA 36.2 -86.8
A barn burned near Lebanon and Palmyra, a county commissioner said. Firefighters came from Hershey, Pennsylvania. | Lebanon = USA 40.3 -76.4; Palmyra = USA 40.3 -76.6
The Jordan elementary school will close, said superintendent Ann Weber of Scott County, Minnesota. | Jordan = USA 44.7 -93.6
King Abdullah returned to Jordan from Cairo. | Jordan = JOR 31 36; Cairo = EGY 30 31.2
The Cambridge city council met. Residents of Somerville and Boston came too. | Cambridge = USA 42.4 -71.1; Somerville = USA 42.4 -71.1
A cyclist was hurt in Cambridge, near Ely, Cambridgeshire police said. | Cambridge = GBR 52.2 0.1
Birmingham and Mobile are the largest cities of Alabama. | Birmingham = USA 33.5 -86.8; Mobile = USA 30.7 -88
Strikes closed schools in Birmingham and Coventry, said the British minister. | Birmingham = GBR 52.5 -1.9; Coventry = GBR 52.4 -1.5
The regime retook Tripoli, and Misrata surrendered, Libyan officials said. | Tripoli = LBY 32.9 13.2; Misrata = LBY 32.4 15.1
Gunmen fired at soldiers in Tripoli, in the north of Lebanon. | Tripoli = LBN 34.4 35.8
Snow closed roads in Santiago, Chile. | Santiago = CHL -33.5 -70.7
Pilgrims walked to Santiago de Compostela in Spain. | Santiago de Compostela = ESP 42.9 -8.5
Rebels took Valencia, an hour from Caracas, Venezuela's government admitted. | Valencia = VEN 10.2 -68
Farmers marched in Valencia and Seville. | Valencia = ESP 39.5 -0.4; Seville = ESP 37.4 -6
Hyderabad and Karachi were without power, Pakistan's ministry said. | Hyderabad = PAK 25.4 68.4; Karachi = PAK 24.9 67
Hyderabad and Chennai were without power, India's ministry said. | Hyderabad = IND 17.4 78.5
The mayor of London, Ontario, met the premier in Toronto. | London = CAN 43 -81.2; Toronto = CAN 43.7 -79.4
Ambassadors met in London on Monday. | London = GBR 51.5 -0.1
KHARTOUM, Sudan -- Fighting went on near the airport. | KHARTOUM = SDN 15.6 32.5
GENEVA -- The delegates left the hall. | GENEVA = CHE 46.2 6.1
The bridge at St. Petersburg, Fla., is closed. | St. Petersburg = USA 27.8 -82.7; Fla. = USA 28.5 -82.5
Storms hit Valdosta, Ga., and Dothan, Ala., on Tuesday. | Valdosta = USA 30.8 -83.3; Ga. = USA 32.8 -83.5; Dothan = USA 31.2 -85.4
She moved to Portland, OR, from Bangor, ME. | Portland = USA 45.5 -122.7; OR = USA 44 -120.5; Bangor = USA 44.8 -68.8
Shells fell on Donbas and on the towns of Avdiivka and Marinka. | Donbas = UKR 48.3 38.3; Avdiivka = UKR 48.1 37.7
The two armies face each other in Kashmir, along the Line of Control. | Kashmir = IND 34.3 75.5; Line of Control = - 34.3 74.3
Aid reached Mekelle in Tigray. | Tigray = ETH 13.8 39; Mekelle = ETH 13.5 39.5
Ships collided in the South China Sea near the Paracel Islands. | South China Sea = - 12 114; Paracel Islands = - 16.5 112
Tankers avoid the Bab el-Mandeb and sail round the Cape of Good Hope. | Bab el-Mandeb = - 12.6 43.3; Cape of Good Hope = ZAF -34.4 18.5
Iran threatened to close the Strait of Hormuz. | Strait of Hormuz = - 26.6 56.3; Iran = IRN 32 53
Migrants drowned in the English Channel off Calais. | English Channel = - 50.2 -0.5; Calais = FRA 51 1.9
The Danube flooded villages in Hungary. | Danube = - 45.5 24; Hungary = HUN 47 20
Climbers are missing in the Hindu Kush. | Hindu Kush = - 35.5 71
The dam on the Blue Nile angers Egypt. | Egypt = EGY 27 30
Militants hold the Bekaa Valley and the Golan Heights. | Bekaa Valley = LBN 33.9 35.9; Golan Heights = SYR 33 35.8
Soldiers crossed the Suwalki Gap into Lithuania. | Suwalki Gap = POL 54.1 22.9
The Sahel and the Horn of Africa are hungry. | Sahel = - 15 5; Horn of Africa = - 8 46
Inspectors visited Natanz and Fordow. | Natanz = IRN 33.5 51.9; Fordow = IRN 34.9 51
The plane landed at Ramstein. | Ramstein = DEU 49.4 7.6
Old maps call it Bombay, Rangoon and Peking. | Bombay = IND 19.1 72.9; Rangoon = MMR 16.8 96.2; Peking = CHN 39.9 116.4
Kharkov, Lvov and Kiev were bombed. | Kharkov = UKR 50 36.2; Lvov = UKR 49.8 24; Kiev = UKR 50.5 30.5
Clashes in Sao Paulo and Bogota left five dead. | Sao Paulo = BRA -23.5 -46.6; Bogota = COL 4.6 -74.1
Snow fell on Zürich and on Zurich alike. | Zürich = CHE 47.4 8.5; Zurich = CHE 47.4 8.5
Saint Louis and St. Louis are one city in Missouri. | Saint Louis = USA 38.6 -90.2; St. Louis = USA 38.6 -90.2
Rebels shelled Idlib province and the city of Idlib. | Idlib = SYR 35.9 36.8
Barrow, Jackson and Hall counties in Georgia will cut teachers. | Barrow = USA 34 -83.7; Jackson = USA 34.1 -83.6; Hall = USA 34.3 -83.8
The ferry from Newfoundland to Nova Scotia was late. | Newfoundland = CAN 48.5 -56; Nova Scotia = CAN 45 -63
Chinese and Sri Lankan officials met. | Chinese = CHN 35 105; Sri Lankan = LKA 7 81
South Ossetian and Abkhaz leaders went to Moscow. | South Ossetian = GEO 42.3 44; Abkhaz = GEO 43 41
Senator Tom Cole, R-Tulsa, voted no. | Tulsa = USA 36.2 -95.9
Paris Hilton arrived with Jack London. | Paris = -; London = -
Nice weather and good Reading are all that Bath offers in May. | Nice = -; Reading = -
Mr. Lincoln thanked Justice Jackson and Mrs. Houston. | Lincoln = -; Jackson = -; Houston = -
Peter Bergen spoke. Bergen said that he was tired. | Bergen = -
Martha Washington won the prize. Washington thanked her sister. | Washington = -
The Washington Post reported that Nato and Hamas refused. | Nato = -; Hamas = -
Obama said that the Union would stand. | Obama = -; Union = -
The house stands on Dublin Road, near Jackson Street. | Dublin = -; Jackson = -
Many of the men were on Lake Vermont. | Many = -; Vermont = -
Most people, One said, love Orange juice. | Most = -; One = -; Orange = -
She teaches English and speaks Polish to Angela Turner. | Turner = -; English = -; Polish = -
English farmers and Polish drivers met. | English = GBR 52.2 -0.7; Polish = POL 52 20
He is with the UN and with US forces. | UN = -; US = USA 39.8 -98.5
Boko Haram and Abu Hamza fight each other in Borno, Nigeria. | Haram = -; Abu = -; Borno = NGA 11.5 13
Shiraz Maher of the institute said that Iran had changed. | Shiraz = -; Iran = IRN 32 53
Iran's supreme leader is in Shiraz. | Shiraz = IRN 29.6 52.5
The envoy flew from Riyadh to Al-Bab and al-Bab was quiet, Syria's ministry said. | Riyadh = SAU 24.7 46.7; Al-Bab = SYR 36.4 37.5; al-Bab = SYR 36.4 37.5
Dublin City Council and the Dublin fire department serve Franklin and Delaware counties in Ohio. | Dublin = USA 40.1 -83.1
For tickets call 706-555-0143. The Athens mayor and the sheriff will speak at the county courthouse. | Athens = USA 34 -83.4
The Greek prime minister spoke in Athens. | Athens = GRC 38 23.7
Ottawa, Canberra and Wellington condemned it. | Ottawa = CAN 45.4 -75.7; Canberra = AUS -35.3 149.1; Wellington = NZL -41.3 174.8
""".strip().splitlines()


@cache
def coder() -> Coder:
    return communique.load()


def found_in(text: str) -> dict[str, Located]:
    return {x.place.text: x for x in coder().located(text, "2024-05-01")}


@pytest.mark.parametrize("row", REPORTS)
def test_reports(row: str) -> None:
    text, wanted = (part.strip() for part in row.split("|"))
    found = found_in(text)
    for item in wanted.split(";"):
        name, value = (part.strip() for part in item.split(" = "))
        if value == "-":
            assert name not in found, found[name]
            continue
        country, lat, lon = value.split()
        assert name in found, sorted(found)
        place = found[name].place
        assert place.country == country.strip("-"), found[name]
        assert abs(place.lat - float(lat)) <= 2 and abs(place.lon - float(lon)) <= 2, place
        assert text[place.span[0] : place.span[1]] == name


# Report | type of the event | wanted places of its events, "-" for none
DEEDS = """
Russian forces shelled Kharkiv on Monday. | ASSAULT | Kharkiv
Turkish forces attacked a town near Afrin, Syria. | ASSAULT | Afrin
The foreign ministers of Iran and Saudi Arabia met in Beijing. | CONSULT | Beijing
The United States and South Korea held drills in the Yellow Sea. | COOPERATE MOBILIZE | Yellow Sea
Police arrested forty protesters in Minsk. | COERCE | Minsk
France condemned China over Taiwan. | REJECT ACCUSE | -
Germany gave Ukraine tanks. | AID | -
""".strip().splitlines()


@pytest.mark.parametrize("row", DEEDS)
def test_places_of_events(row: str) -> None:
    text, types, wanted = (part.strip() for part in row.split("|"))
    events = [e for e in coder()(text, published="2024-05-01").events if e.type in types.split()]
    assert events, text
    places = {p.text for e in events for p in e.places}
    assert places == (set() if wanted == "-" else set(wanted.split("; ")))


def test_one_sense_a_report_unless_the_text_says_otherwise() -> None:
    text = "He left Paris, Texas, for Paris, France. In Texas he was a clerk."
    first, second = (x for x in coder().located(text) if x.place.text == "Paris")
    assert (first.site.country, second.site.country) == ("USA", "FRA")


def test_a_place_says_why_it_was_taken_and_what_lost() -> None:
    said = found_in("Two men were held in Paris, Texas.")["Paris"]
    assert said.reason == "the text says that it lies in Texas, USA"
    near = found_in("A Lebanon man was held near Nashville, the Wilson County sheriff said.")["Lebanon"]
    assert near.reason.startswith("it goes with ") and "nashville" in near.reason
    assert "LBN" in {lost.site.country for lost in near.lost}
    assert all(lost.reason and lost.site.where.startswith("places/") for lost in near.lost)
    alone = found_in("They met in Vienna.")["Vienna"]
    assert "best known" in alone.reason and alone.lost


def test_a_report_gives_the_same_twice() -> None:
    text = "Rebels from Valencia marched to Cordoba. Cordoba fell, said officials in Merida and Leon."
    assert coder().located(text) == coder().located(text)
