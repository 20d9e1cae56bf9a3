"""The language of a report: English that looks foreign, foreign that looks English, and quotations."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archives import FIRST, SECOND
from communique.reading.language_of import language_code, language_of

NEWS = Path("/work/shared/data/news.jsonl")

ENGLISH = (
    "Oslo.", "Putin visits Beijing.", "China condemns Japan.", "Norway supports seabed mining.", "Lavrov: no deal.",
    "Erdogan, Zelenskyy, Guterres sign deal in Istanbul.", "Xi Jinping and Vladimir Putin met.",
    "Abdel Fattah el-Sisi met Abdelmadjid Tebboune in Algiers.", "NATO expels eight Russians.", "Le Pen visits Orban.",
    "Recep Tayyip Erdogan hosted Ilham Aliyev, Nikol Pashinyan and Kassym-Jomart Tokayev in Ankara.",
    "Ntaganda, Kagame, Tshisekedi meet in Luanda.", "Der Spiegel interviewed Scholz.",
    "Gustavo Petro, Nicolas Maduro meet in Caracas.", "Saleh Mohammed Al Aroor killed.", "x", "1. 2. 3.", "",
    "Mullah Mohammad Omar, Abdul Ghani Baradar and Hibatullah Akhundzada met Zalmay Khalilzad in Doha.",
    "Ursula von der Leyen, Olaf Scholz, Emmanuel Macron, Giorgia Meloni and Pedro Sánchez visit Kyiv.",
    "Angela Merkel and Frank-Walter Steinmeier condemned the Alternative für Deutschland.",
    "Le Monde and Le Figaro quoted Jean-Yves Le Drian.", "SYRIA: ISIL CLAIMS ATTACK ON KURDISH POST NEAR HASAKAH",
)  # fmt: skip
FOREIGN = {
    "de": "Der Bundeskanzler traf am Montag den französischen Präsidenten in Paris, um über die Hilfe zu sprechen.",
    "fr": "Le ministre des Affaires étrangères a rencontré son homologue turc à Ankara pour parler de la crise.",
    "es": "El presidente de Argentina se reunió el lunes con su homólogo brasileño para hablar del comercio.",
    "it": "Il ministro degli Esteri ha incontrato lunedì a Roma il suo collega russo per parlare della guerra.",
    "pt": "O presidente do Brasil reuniu-se na segunda-feira com o primeiro-ministro português em Lisboa.",
    "nl": "De minister van Buitenlandse Zaken sprak maandag met zijn Duitse collega over de oorlog in Oekraïne.",
    "sv": "Utrikesministern träffade på måndagen sin finländska kollega i Stockholm för att tala om Nato.",
    "no": "Utenriksministeren møtte mandag sin svenske kollega i Oslo for å snakke om Nato og Russland.",
    "pl": "Minister spraw zagranicznych spotkał się w poniedziałek w Warszawie ze swoim odpowiednikiem.",
    "cs": "Ministr zahraničí se v pondělí v Praze sešel se svým slovenským protějškem kvůli válce na Ukrajině.",
    "tr": "Dışişleri Bakanı pazartesi günü Ankara'da Rus mevkidaşıyla görüştü ve Suriye'deki durumu ele aldı.",
    "ro": "Ministrul de externe s-a întâlnit luni la București cu omologul său moldovean.",
    "hu": "A külügyminiszter hétfőn Budapesten találkozott szlovák kollégájával.",
    "fi": "Ulkoministeri tapasi maanantaina Helsingissä virolaisen kollegansa ja keskusteli Venäjästä.",
    "sw": "Waziri wa mambo ya nje alikutana na mwenzake wa Tanzania mjini Nairobi siku ya Jumatatu.",
    "vi": "Bộ trưởng Ngoại giao đã gặp người đồng cấp Trung Quốc tại Hà Nội hôm thứ Hai.",
    "ru": "Министр иностранных дел встретился в понедельник со своим китайским коллегой.",
    "uk": "Міністр закордонних справ зустрівся в понеділок зі своїм польським колегою у Києві.",
    "ar": "التقى وزير الخارجية نظيره التركي في أنقرة يوم الاثنين.",
    "fa": "وزیر امور خارجه روز دوشنبه در تهران با همتای روس خود دیدار کرد.",
    "he": "שר החוץ נפגש ביום שני בירושלים עם עמיתו היווני.",
    "el": "Ο υπουργός Εξωτερικών συναντήθηκε τη Δευτέρα στην Αθήνα με τον Κύπριο ομόλογό του.",
    "hi": "विदेश मंत्री ने सोमवार को दिल्ली में अपने रूसी समकक्ष से मुलाकात की।",
    "zh": "外交部长星期一在北京会见了俄罗斯外长。",
    "ja": "外務大臣は月曜日に東京で韓国の外相と会談した。",
    "ko": "외교부 장관은 월요일 서울에서 일본 외무상과 만났다.",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_short_and_name_heavy_english_is_english(text: str) -> None:
    assert language_of([text], "en") == "en"


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_known(language: str) -> None:
    assert language_of([FOREIGN[language]], "en") == language
    assert language_of([FOREIGN[language]] * 30, "en") == language


@pytest.mark.parametrize(
    "text",
    ["Polska zamyka granicę.", "Sverige fördömer Ryssland.", "Rusia condamnă România.", "Rutte bezoekt Kiev.",
     "Россия осуждает США.", "Norge stenger ambassaden i Minsk.", "México rechaza las sanciones contra Cuba."],
)  # fmt: skip
def test_short_sentences_in_other_languages_are_not_english(text: str) -> None:
    assert language_of([text], "en") != "en"


@pytest.mark.parametrize("language", FOREIGN)
def test_a_long_quotation_does_not_carry_a_report_with_it(language: str) -> None:
    quotation = FOREIGN[language] * max(1, 250 // len(FOREIGN[language]))
    english = f"{FIRST} {SECOND} "
    assert language_of([english, quotation, english], "en") == "en"
    assert language_of([quotation, english[:100], quotation, quotation], "en") == language
    assert language_of([english * 20, quotation * 5, english * 20], "en") == "en"


def test_what_is_expected_decides_where_nothing_speaks() -> None:
    assert language_of(["Oslo 2022"], "de") == "de"
    assert language_of([FOREIGN["de"]], "de") == "de"
    assert language_of([FIRST, SECOND], "de") == "en"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("en", "en"), ("EN-gb", "en"), ("en_US", "en"), ("eng", "en"), ("English", "en"), ("ger", "de"), ("deu", "de"),
        ("Deutsch", "de"), ("zh-Hans", "zh"), ("français", "fr"), ("xyz", "xyz"), ("", ""), ("und", ""),
        ("Unknown", ""),
        (" ", ""), ("fil", "tl"),
    ],
)  # fmt: skip
def test_the_names_of_languages(given: str, code: str) -> None:
    assert language_code(given) == code


def test_plain_english_asks_no_model() -> None:
    code = (
        "import sys; from communique.reading.language_of import language_of\n"
        "assert language_of(sys.argv[1:], 'en') == 'en'\nprint('py3langid' in sys.modules)"
    )
    text = f"{FIRST} The minister of the region and the head of the agency said so."
    for words, loaded in ((text, "False"), (FOREIGN["de"] + " in and", "True")):
        done = subprocess.run([sys.executable, "-c", code, words], capture_output=True, text=True, check=False)
        assert loaded == "True" or done.stdout.strip() == loaded, done.stderr


@pytest.mark.skipif(not NEWS.exists(), reason="the shared news sample is not here")
def test_no_english_news_is_lost() -> None:
    texts = [json.loads(line)["text"] for line in NEWS.read_text(encoding="utf-8").splitlines()]
    assert [text[:80] for text in texts if language_of([text], "en") != "en"] == []
    sentences = [s for text in texts for s in re.split(r"(?<=[.!?]) +", text[:1500]) if len(s) > 20]
    lost = [s for s in sentences if language_of([s], "en") != "en"]
    assert len(lost) <= 0.001 * len(sentences), lost
