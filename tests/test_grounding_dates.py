"""When: a table of expressions, what dates a deed, and what holds for any sentence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import InputError, KnowledgeError
from communique.evaluation.dates import date_scores, read_table
from communique.grounding import calendar as cal
from communique.grounding import feasts
from communique.grounding.dates import find_dates, report_dates
from communique.grounding.deeds import event_date, undated
from communique.grounding.occasions import Occasion
from communique.grounding.words import builtin_time_words, load_time_words
from communique.knowledge.tables import read_folders
from trees import parser, tree, trees

FRIDAY = "2022-02-04"

TABLES = Path(__file__).parent.parent / "evaluation/dates"
# The second table was written before the rules it tests, and no rule was ever changed for a row of it. Its figure may
# only rise.
SECOND_RIGHT = 70


def interval(found: object) -> str:
    start, end = found.start, found.end  # type: ignore[attr-defined]
    return start if start == end and start else f"{start}..{end}"


def test_every_row_of_the_table() -> None:
    right, total, wrong = date_scores(TABLES / "phrases.csv", parser())
    assert total >= 650
    assert right == total, wrong


def test_second_table() -> None:
    right, total, wrong = date_scores(TABLES / "second.csv", parser())
    assert total >= 60
    assert right >= SECOND_RIGHT, wrong


def test_a_table_without_a_column_or_with_a_foreign_text_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("published,sentence,text,start,end\n", encoding="utf-8")
    with pytest.raises(InputError, match="'precision'"):
        date_scores(table, parser())
    table.write_text("published,sentence,text,start,end,precision\n,They met.,Friday,,,unknown\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: 'Friday'"):
        date_scores(table, parser())


# Sentence | word of the deed | wanted interval
EVENTS = """
The chancellor on Friday met the king as she landed in Oslo. | met | 2022-02-04
The chancellor on Friday met the king as she landed in Oslo. | landed | 2022-02-04
Two judges were among the guests who arrived Thursday. | arrived | 2022-02-03
The ministry said on Tuesday that rebels attacked the base. | said | 2022-02-01
The ministry said on Tuesday that rebels attacked the base. | attacked | ..2022-02-01
The ministry said on Tuesday that it will close the border. | close | 2022-02-01..
The ministry said that rebels attacked the base on Sunday. | attacked | 2022-01-30
The ministry said on Tuesday that rebels attacked the base on Sunday. | attacked | 2022-01-30
The ministry said on Tuesday that rebels attacked the base on Sunday. | said | 2022-02-01
The ministers held talks in Geneva on Thursday. | held | 2022-02-03
The ministers held talks in Geneva on Thursday. | talks | 2022-02-03
The minister condemned Thursday's attack. | attack | 2022-02-03
The minister condemned Thursday's attack. | condemned | ..2022-02-04
Iran violated the 2015 nuclear deal. | violated | ..2022-02-04
The meeting is their first since 2019. | meeting | ..2022-02-04
The talks mark a first visit since 2019. | mark | ..2022-02-04
Soldiers crossed the border on Monday and seized the town. | seized | 2022-01-31
Soldiers crossed the border on Monday and seized the town on Tuesday. | seized | 2022-02-01
Soldiers crossed the border on Monday and seized the town on Tuesday. | crossed | 2022-01-31
The president agreed on Monday to meet the rebels. | meet | 2022-01-31..
The president spoke on Monday after rebels attacked the base. | attacked | ..2022-01-31
The two countries will sign the treaty. | sign | 2022-02-04..
The two countries signed the treaty. | signed | ..2022-02-04
On Thursday, the general who led the coup in 2014 was arrested. | arrested | 2022-02-03
On Thursday, the general who led the coup in 2014 was arrested. | led | 2014-01-01..2014-12-31
The agreement signed in 2015 was suspended on Wednesday. | suspended | 2022-02-02
The agreement signed in 2015 was suspended on Wednesday. | signed | 2015-01-01..2015-12-31
In August, Polish sailors for the first time landed on Danish soil for drills. | landed | 2021-08-01..2021-08-31
Ten people were killed in the attack last week. | killed | 2022-01-24..2022-01-30
The general announced on Wednesday that troops had seized the port on Sunday. | announced | 2022-02-02
The general announced on Wednesday that troops had seized the port on Sunday. | seized | 2022-01-30
The general announced Wednesday that troops would leave the port by March 1. | leave | 2022-02-04..2022-03-01
The rebels agreed on Monday to free the hostages next week. | agreed | 2022-01-31
The rebels agreed on Monday to free the hostages next week. | free | 2022-02-07..2022-02-13
The army shelled the town on Tuesday and bombed the port on Wednesday. | shelled | 2022-02-01
The army shelled the town on Tuesday and bombed the port on Wednesday. | bombed | 2022-02-02
The army shelled the town and bombed the port on Wednesday. | bombed | 2022-02-02
On Wednesday, the army shelled the town and bombed the port. | shelled | 2022-02-02
On Wednesday, the army shelled the town and bombed the port. | bombed | 2022-02-02
The minister who fled in 2019 returned on Sunday. | returned | 2022-01-30
The minister who fled in 2019 returned on Sunday. | fled | 2019-01-01..2019-12-31
The treaty, which expired last year, was renewed on Thursday. | renewed | 2022-02-03
The treaty, which expired last year, was renewed on Thursday. | expired | 2021-01-01..2021-12-31
The two armies have fought since 2019. | fought | 2019-01-01..2022-02-04
The president has ruled since a coup in 2014. | ruled | ..2022-02-04
The king condemned the attack of 3 January. | condemned | ..2022-02-04
The king condemned the attack of 3 January. | attack | 2022-01-03
The attack of 3 January killed ten guards. | killed | 2022-01-03
Thursday's attack killed ten guards. | killed | 2022-02-03
Thursday's attack alarmed the king. | alarmed | ..2022-02-04
The king condemned the 9/11 attacks. | condemned | ..2022-02-04
The king condemned the 9/11 attacks. | attacks | 2001-09-11
Japan imposed sanctions over the annexation of Crimea. | imposed | ..2022-02-04
Japan imposed sanctions during the annexation of Crimea. | imposed | 2014-03-18
The two spies worked together during the Cold War. | worked | 1947-01-01..1991-12-31
The premier will visit Oslo on Monday to sign the treaty. | visit | 2022-02-07
The premier will visit Oslo on Monday to sign the treaty. | sign | 2022-02-07
The premier said he will visit Oslo on Monday. | visit | 2022-02-07
The premier said he will visit Oslo on Monday. | said | ..2022-02-04
The premier told reporters on Thursday that he had met the rebels two days earlier. | met | 2022-02-01
The premier told reporters on Thursday that he had met the rebels two days earlier. | told | 2022-02-03
Speaking on Thursday, the premier accused the rebels of murder. | accused | 2022-02-03
Police arrested a clerk on Monday, a day after gunmen killed the mayor. | arrested | 2022-01-31
Police arrested a clerk on Monday, a day after gunmen killed the mayor. | killed | ..2022-01-31
The bank froze the assets after the council imposed sanctions on 20 January. | imposed | 2022-01-20
The bank froze the assets after the council imposed sanctions on 20 January. | froze | 2022-01-20..2022-02-04
Ministers met on the morning of 2 February. | met | 2022-02-02
Ministers met at the NATO summit in Brussels last year. | met | 2021-06-14
Ministers will meet at the NATO summit in Madrid. | meet | 2022-06-28..2022-06-30
The rebels signed the 2020 peace deal. | signed | ..2022-02-04
The rebels threatened on Monday to attack the capital. | threatened | 2022-01-31
The rebels threatened on Monday to attack the capital. | attack | 2022-01-31..
The rebels refused on Monday to attend the talks. | refused | 2022-01-31
The court jailed the editor for six years on Wednesday. | jailed | 2022-02-02
The envoy arrived in Oslo last week and left on Tuesday. | arrived | 2022-01-24..2022-01-30
The envoy arrived in Oslo last week and left on Tuesday. | left | 2022-02-01
The plane, shot down in January, carried 20 soldiers. | shot | 2022-01-01..2022-01-31
Talks between the two sides collapsed on Monday. | Talks | 2022-01-31
Talks between the two sides collapsed on Monday. | collapsed | 2022-01-31
A car bomb exploded early Thursday, killing nine people. | killing | 2022-02-03
The raid recalls last April, when the navy fired on the port. | fired | 2021-04-01..2021-04-30
There are echoes of 2003, when the king refused to join the war. | refused | 2003-01-01..2003-12-31
The two sides signed a deal on Monday to free the prisoners. | free | 2022-01-31..
The two sides signed a deal on Monday to free the prisoners. | signed | 2022-01-31
The ministers will meet on Monday when the king hosts a dinner. | hosts | 2022-02-07
The vote was put off until April. | put | ..2022-02-04
A car bomb exploded early Thursday, killing nine people. | exploded | 2022-02-03
""".strip().splitlines()


@pytest.mark.parametrize("row", EVENTS)
def test_event_dates(row: str) -> None:
    text, word, wanted = (part.strip() for part in row.split("|"))
    s = tree(text)
    assert interval(event_date(s, s.words.index(word), "none", FRIDAY)) == wanted


def test_precision_and_text() -> None:
    wanted = {
        "They met on Friday.": ("day", "Friday"),
        "They met in recent days.": ("days", "in recent days"),
        "They met last week.": ("week", "last week"),
        "They met in August.": ("month", "August"),
        "They met last summer.": ("season", "last summer"),
        "They met in 2014.": ("year", "2014"),
        "They met in the 1990s.": ("years", "the 1990s"),
        "They have fought since 2014.": ("years", "since 2014"),
        "They fought until 2014.": ("unknown", "until 2014"),
    }
    for text, (precision, words) in wanted.items():
        ((span, _, _, found),) = find_dates(tree(text), FRIDAY)
        assert (found.precision, found.text) == (precision, words)
        assert text[slice(*span)] == words


def test_unknown_publication_keeps_the_text() -> None:
    s = tree("They met last week.")
    found = event_date(s, 1, "past", "")
    assert (found.start, found.end, found.precision, found.text) == ("", "", "unknown", "last week")


def test_what_counts_from_a_date_finds_it_in_the_sentence_before() -> None:
    text = "On 4 June the army fired on the crowd. The next day, the king fled. Nobody spoke. He died a week later."
    found = [[interval(d[3]) for d in dates] for dates in report_dates(trees(text), "2019-06-20")]
    assert found == [["2019-06-04"], ["2019-06-05"], [], ["2019-06-10..2019-06-16"]]


def test_undated_deeds_are_bounded_by_publication() -> None:
    assert undated("past", FRIDAY) == undated("present", FRIDAY)
    assert (undated("past", FRIDAY).start, undated("past", FRIDAY).end) == ("", FRIDAY)
    assert (undated("future", FRIDAY).start, undated("future", FRIDAY).end) == (FRIDAY, "")
    assert undated("past", "") == undated("future", "no date")


days = st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31))


@given(
    days,
    st.sampled_from(("past", "present", "future", "none")),
    st.sampled_from([row.sentence for row in read_table(TABLES / "phrases.csv")[::40] if ". " not in row.sentence]),
)
def test_intervals_run_forward_and_spans_cut_their_text(published: date, tense: str, text: str) -> None:
    s = tree(text, start=7)
    for span, first, last, found in find_dates(s, published.isoformat()):
        assert not (found.start and found.end) or found.start <= found.end
        assert re.sub(r"\s+", " ", text[span[0] - 7 : span[1] - 7]) == found.text
        assert s.cut(first, last) == span
    assert find_dates(s, published.isoformat()) == find_dates(s, published.isoformat())
    event_date(s, 0, tense, published.isoformat())


@given(days, st.integers(0, 6))
def test_weekdays_are_within_a_week_and_on_the_right_side(published: date, number: int) -> None:
    past, future = cal.weekday(number, "past", published).start, cal.weekday(number, "future", published).start
    assert past is not None and future is not None
    assert past.weekday() == future.weekday() == number
    assert timedelta(0) <= published - past < timedelta(7)
    assert timedelta(0) <= future - published < timedelta(7)


def test_movable_feasts() -> None:
    assert feasts.easter(2022) == date(2022, 4, 17) and feasts.easter(2024) == date(2024, 3, 31)
    assert feasts.easter(2022, orthodox=True) == date(2022, 4, 24)
    assert feasts.easter(2024, orthodox=True) == date(2024, 5, 5)
    assert feasts.islamic(2022, 9, 1) == [date(2022, 4, 2)]
    assert len(feasts.islamic(2030, 9, 1)) == 2  # twice in one year
    assert feasts.islamic(2090, 9, 1) == []  # not announced so far ahead
    assert feasts.hebrew(2023, 7, 10) == [date(2023, 9, 25)]
    assert feasts.hebrew(2024, 12, 14) == [date(2024, 3, 24)]  # Purim of a leap year
    occasions = builtin_time_words().occasions
    assert occasions["thanksgiving"].of(2022)[0].start == date(2022, 11, 24)
    assert occasions["memorial day"].of(2022)[0].start == date(2022, 5, 30)
    assert occasions["election day"].of(2022)[0].start == date(2022, 11, 8)


def test_every_occasion_gives_days_that_run_forward() -> None:
    for name, occasion in builtin_time_words().occasions.items():
        found = [] if occasion.no_date else occasion.around(2022)
        assert bool(found) != occasion.no_date, name
        assert all(d.start and d.end and d.start <= d.end for d in found), name
        assert [d.start for d in found] == sorted(d.start for d in found if d.start), name


def test_own_occasions_come_from_a_file(tmp_path: object) -> None:
    folder = tmp_path  # type: ignore[assignment]
    (folder / "mine.toml").write_text('[[occasion]]\nnames = ["Founders Day"]\nfixed = "10-09"\n', encoding="utf-8")  # type: ignore[attr-defined]
    words = load_time_words(read_folders((folder,)))  # type: ignore[arg-type]
    assert [interval(d[3]) for d in find_dates(tree("They met on Founders Day."), FRIDAY, words)] == ["2021-10-09"]
    assert isinstance(words.occasions["founders day"], Occasion)


def test_an_occasion_with_two_rules_is_refused(tmp_path: object) -> None:
    folder = tmp_path  # type: ignore[assignment]
    (folder / "mine.toml").write_text(
        '[[occasion]]\nnames = ["X Day"]\nfixed = "10-09"\neaster = 1\n', encoding="utf-8"
    )  # type: ignore[attr-defined]
    with pytest.raises(KnowledgeError, match="exactly one"):
        load_time_words(read_folders((folder,)))  # type: ignore[arg-type]
