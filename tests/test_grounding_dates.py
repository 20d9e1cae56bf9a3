"""When: a table of expressions, what dates a deed, and what holds for any sentence."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import KnowledgeError
from communique.grounding import calendar as cal
from communique.grounding.dates import event_date, find_dates, undated
from communique.grounding.words import Occasion, builtin_time_words, load_time_words
from communique.knowledge.tables import read_folders
from trees import tree

FRIDAY = "2022-02-04"

# Sentence | wanted intervals, "start..end" or one day, separated by blanks; "-" for none.
# Published on Friday, 4 February 2022.
ON_FRIDAY = """
The ministers met on Friday. | 2022-02-04
The ministers met on Thursday. | 2022-02-03
The ministers met on Saturday. | 2022-01-29
The ministers arrived Thursday. | 2022-02-03
The ministers will meet on Friday. | 2022-02-04
The ministers will meet on Monday. | 2022-02-07
The ministers meet on Tuesday. | 2022-02-08
The ministers are meeting on Sunday. | 2022-02-06
The court convicted him last Friday. | 2022-01-28
The court convicted him last Monday. | 2022-01-31
The court will hear him next Friday. | 2022-02-11
The court will hear him next Monday. | 2022-02-07
The court heard him this Tuesday. | 2022-02-01
The court will hear him this Saturday. | 2022-02-05
The court will hear him this coming Tuesday. | 2022-02-08
The court heard him this past Wednesday. | 2022-02-02
The two sides met on Friday last week. | 2022-01-28
The two sides will meet on Wednesday next week. | 2022-02-09
Troops entered the town on Friday morning. | 2022-02-04
Troops entered the town late on Thursday. | 2022-02-03
Troops entered the town in the early hours of Friday. | 2022-02-04
Troops entered the town early Wednesday. | 2022-02-02
Troops entered the town on Thursday night. | 2022-02-03
Protesters marched on Wednesday and Thursday. | 2022-02-02..2022-02-03
Protesters marched from Monday to Wednesday. | 2022-01-31..2022-02-02
The envoys will negotiate from Tuesday to Thursday. | 2022-02-08..2022-02-10
The envoy returned yesterday. | 2022-02-03
The envoy returned today. | 2022-02-04
The envoy will return tomorrow. | 2022-02-05
The envoy will speak tonight. | 2022-02-04
The envoy spoke last night. | 2022-02-03
The envoy returned the day before yesterday. | 2022-02-02
The envoy will return the day after tomorrow. | 2022-02-06
Rockets hit the port overnight. | 2022-02-03..2022-02-04
The envoy resigned this morning. | 2022-02-04
The envoy resigned yesterday evening. | 2022-02-03
The envoy warned the king in a letter last week. | 2022-01-24..2022-01-30
The parties will sign next week. | 2022-02-07..2022-02-13
The parties signed this week. | 2022-01-31..2022-02-04
The parties will sign this week. | 2022-02-04..2022-02-06
The parties signed earlier this week. | 2022-01-31..2022-02-04
The parties will sign later this week. | 2022-02-04..2022-02-06
The parties signed last month. | 2022-01-01..2022-01-31
The parties will sign next month. | 2022-03-01..2022-03-31
The parties signed earlier this month. | 2022-02-01..2022-02-04
The parties will sign later this month. | 2022-02-04..2022-02-28
The parties signed last year. | 2021-01-01..2021-12-31
The parties will sign next year. | 2023-01-01..2023-12-31
The parties signed this year. | 2022-01-01..2022-02-04
The parties will sign this year. | 2022-02-04..2022-12-31
The parties signed earlier this year. | 2022-01-01..2022-02-04
The parties will sign later this year. | 2022-02-04..2022-12-31
The parties signed late last year. | 2021-09-01..2021-12-31
The parties will sign early next year. | 2023-01-01..2023-04-30
The parties signed at the end of last month. | 2022-01-21..2022-01-31
The parties signed at the beginning of last year. | 2021-01-01..2021-04-30
The parties must sign by the end of the year. | 2022-02-04..2022-12-31
The parties must sign by year-end. | 2022-02-04..2022-12-31
The parties must sign by the end of the month. | 2022-02-04..2022-02-28
The army withdrew last summer. | 2021-06-01..2021-08-31
The army withdrew last winter. | 2020-12-01..2021-02-28
The army will withdraw next summer. | 2022-06-01..2022-08-31
The army will withdraw this summer. | 2022-06-01..2022-08-31
The army withdrew in the summer of 2014. | 2014-06-01..2014-08-31
The army withdrew in autumn 2019. | 2019-09-01..2019-11-30
The army withdrew in the spring. | 2021-03-01..2021-05-31
The army will withdraw in the fall. | 2022-09-01..2022-11-30
The army withdrew in the winter of 2020. | 2020-12-01..2021-02-28
The rebels attacked over the weekend. | 2022-01-29..2022-01-30
The rebels attacked last weekend. | 2022-01-29..2022-01-30
The leaders will meet at the weekend. | 2022-02-05..2022-02-06
The leaders will meet next weekend. | 2022-02-12..2022-02-13
In August, Indian sailors landed in Oman. | 2021-08-01..2021-08-31
Indian sailors will land in August. | 2022-08-01..2022-08-31
Troops invaded in January. | 2022-01-01..2022-01-31
Troops invaded in February. | 2022-02-01..2022-02-04
Troops invaded in late August. | 2021-08-21..2021-08-31
Troops invaded in early August. | 2021-08-01..2021-08-10
Troops invaded in mid-August. | 2021-08-11..2021-08-20
Troops invaded at the end of August. | 2021-08-21..2021-08-31
Troops invaded last August. | 2021-08-01..2021-08-31
Troops will invade next March. | 2022-03-01..2022-03-31
Troops invaded in March 2003. | 2003-03-01..2003-03-31
Troops invaded in early March 2003. | 2003-03-01..2003-03-10
Troops invaded in August of last year. | 2021-08-01..2021-08-31
Troops invaded in the first week of January. | 2022-01-01..2022-01-07
Troops invaded in the last week of January. | 2022-01-25..2022-01-31
They may meet in May. | 2022-05-01..2022-05-31
The army will march to the capital. | -
Theresa May met the chancellor. | -
The president may visit the front. | -
April Smith chaired the panel. | -
Officials signed the deal on Feb. 2, 2022. | 2022-02-02
Officials signed the deal on 2 February 2022. | 2022-02-02
Officials signed the deal on February 2nd, 2022. | 2022-02-02
Officials signed the deal on the 2nd of February 2022. | 2022-02-02
Officials signed the deal on 2022-02-02. | 2022-02-02
Officials signed the deal on 02.02.2022. | 2022-02-02
Officials signed the deal on 14/01/2022. | 2022-01-14
Officials signed the deal on 14 janvier 2022. | 2022-01-14
Officials signed the deal on January 20. | 2022-01-20
Officials signed the deal on 20 December. | 2021-12-20
Officials signed the deal on Feb. 3. | 2022-02-03
Officials will sign the deal on March 5. | 2022-03-05
Officials will sign the deal on January 5. | 2023-01-05
Officials signed the deal on Wednesday, February 2. | 2022-02-02
Officials signed the deal on Wednesday, 2 February 2022. | 2022-02-02
Officials signed the deal on Tuesday, 29 January. | 2019-01-29
The summit, scheduled for March 5, was cancelled. | 2022-03-05
The vote planned for April was cancelled. | 2022-04-01..2022-04-30
The summit took place from 3 to 5 January. | 2022-01-03..2022-01-05
The summit took place on 3-5 May 2021. | 2021-05-03..2021-05-05
The summit took place on May 3-5, 2021. | 2021-05-03..2021-05-05
The summit took place between 10 and 12 January. | 2022-01-10..2022-01-12
The summit took place from January 30 to February 2. | 2022-01-30..2022-02-02
The summit took place from December 30 to January 2. | 2021-12-30..2022-01-02
The summit will take place from May 3 to May 5. | 2022-05-03..2022-05-05
The summit will take place from 28 April until 2 May. | 2022-04-28..2022-05-02
Fighting raged in July and August. | 2021-07-01..2021-08-31
Fighting raged from November to January. | 2021-11-01..2022-01-31
Fighting raged between March and June 2016. | 2016-03-01..2016-06-30
Russia seized the peninsula in 2014. | 2014-01-01..2014-12-31
Russia seized the peninsula in early 2014. | 2014-01-01..2014-04-30
Russia seized the peninsula in late 2014. | 2014-09-01..2014-12-31
Russia seized the peninsula in mid-2014. | 2014-05-01..2014-08-31
The war has lasted since 2014. | 2014-01-01..2022-02-04
The war has lasted since March 2014. | 2014-03-01..2022-02-04
The war has lasted since Monday. | 2022-01-31..2022-02-04
The war has lasted since last week. | 2022-01-24..2022-02-04
The war has lasted since the 1990s. | 1990-01-01..2022-02-04
The war has lasted since early 2021. | 2021-01-01..2022-02-04
They governed from 2014 to 2020. | 2014-01-01..2020-12-31
They governed between 2014 and 2020. | 2014-01-01..2020-12-31
They governed in 2014-2020. | 2014-01-01..2020-12-31
They governed in 2019-20. | 2019-01-01..2020-12-31
They governed until 2020. | ..2020-12-31
The mandate will run until 2025. | 2022-02-04..2025-12-31
The mandate will run until Sunday. | 2022-02-04..2022-02-06
The deal must be done by Monday. | 2022-02-04..2022-02-07
The state will be carbon neutral by 2060. | 2022-02-04..2060-12-31
They met before Thursday. | ..2022-02-02
They met after Monday. | 2022-01-31..2022-02-04
The deal collapsed after Monday's attack. | 2022-01-31
They discussed the February 2 strike. | 2022-02-02
Yugoslavia broke up in the 1990s. | 1990-01-01..1999-12-31
Yugoslavia broke up in the early 1990s. | 1990-01-01..1993-12-31
Yugoslavia broke up in the late 1980s. | 1987-01-01..1989-12-31
The empire fell in the 19th century. | 1801-01-01..1900-12-31
The two leaders met two days ago. | 2022-02-02
The two leaders met three weeks ago. | 2022-01-10..2022-01-16
The two leaders met two months ago. | 2021-12-01..2021-12-31
The two leaders met a month ago. | 2022-01-01..2022-01-31
The two leaders met two years ago. | 2020-01-01..2020-12-31
The two leaders met a year ago. | 2021-01-01..2021-12-31
The two leaders met a few days ago. | 2022-02-01
The two leaders met about ten days ago. | 2022-01-25
The two leaders met two days earlier. | 2022-02-02
The strike began on Monday and ended two days later. | 2022-01-31 2022-02-02
The strike began on Monday and spread the next day. | 2022-01-31 2022-02-01
The two leaders met several hours ago. | 2022-02-04
Troops have clashed in recent days. | 2022-01-28..2022-02-04
Troops have clashed in recent weeks. | 2022-01-07..2022-02-04
Troops have clashed in recent months. | 2021-11-04..2022-02-04
Troops have clashed over the past three days. | 2022-02-01..2022-02-04
Troops have clashed over the past week. | 2022-01-28..2022-02-04
Troops have clashed during the last two weeks. | 2022-01-21..2022-02-04
Troops have clashed in the past year. | 2021-02-04..2022-02-04
Troops have clashed for three days. | 2022-02-01..2022-02-04
Troops have clashed for two decades. | 2002-02-04..2022-02-04
Troops clashed for three days. | ..2022-02-04
Troops will stay for three months. | 2022-02-04..
Troops will leave in the coming days. | 2022-02-04..2022-02-11
Troops will leave in the next two weeks. | 2022-02-04..2022-02-18
Troops will leave within 48 hours. | 2022-02-04..2022-02-06
Troops will leave in three days. | 2022-02-07
Troops will leave in two weeks. | 2022-02-14..2022-02-20
Troops took the town in three days. | -
Output fell in the first quarter of 2021. | 2021-01-01..2021-03-31
Output fell in the second half of last year. | 2021-07-01..2021-12-31
Output will rise in the first half of this year. | 2022-01-01..2022-06-30
The truce began at Christmas. | 2021-12-25
The truce will begin on Good Friday. | 2022-04-15
The truce began on New Year's Eve. | 2021-12-31
The truce will begin during Ramadan. | 2022-04-02..2022-05-03
The truce broke on Easter Sunday 2016. | 2016-03-27
The truce began on Lunar New Year. | 2022-02-01
Police killed 2000 soldiers in 12 villages. | -
Some 2,000 soldiers arrived. | -
Protesters rallied in 2000 villages. | -
The agreement is about trade. | -
They meet every Friday. | -
He signed the Good Friday Agreement. | -
The president fled on the night of 3 January. | 2022-01-03
They discussed the 2020 elections. | 2020-01-01..2020-12-31
The visit comes two weeks before the Games. | -
He came for the Winter Olympic Games. | -
The Arab Spring spread. | -
The winter of discontent is over. | -
They met four and a half years earlier. | 2018-01-01..2018-12-31
He ruled in the last decade. | 2012-02-04..2022-02-04
""".strip().splitlines()

# Day of publication | sentence | wanted
OTHER_DAYS = """
2022-02-07 | The minister resigned on Monday. | 2022-02-07
2022-02-07 | The minister resigned on Sunday. | 2022-02-06
2022-02-06 | The rebels attacked over the weekend. | 2022-02-05..2022-02-06
2022-02-07 | The rebels attacked over the weekend. | 2022-02-05..2022-02-06
2022-02-07 | The minister resigned last week. | 2022-01-31..2022-02-06
2022-01-01 | The minister resigned last month. | 2021-12-01..2021-12-31
2022-01-01 | The minister resigned yesterday. | 2021-12-31
2022-01-03 | The minister resigned in December. | 2021-12-01..2021-12-31
2022-12-30 | The minister will resign in January. | 2023-01-01..2023-01-31
2024-03-01 | The minister resigned on February 29. | 2024-02-29
2023-03-01 | The minister resigned on February 29. | 2020-02-29
2022-07-20 | The army withdrew last summer. | 2021-06-01..2021-08-31
2022-09-20 | The army withdrew last summer. | 2022-06-01..2022-08-31
2022-07-20 | The army has fought this summer. | 2022-06-01..2022-07-20
2022-01-15 | The army has fought this winter. | 2021-12-01..2022-01-15
1999-06-15 | The war has lasted since March. | 1999-03-01..1999-06-15
2022-02-04T23:59:00Z | The ministers met on Friday. | 2022-02-04
 | The ministers met on Friday. | ..
 | The ministers met last week. | ..
 | The ministers met in August. | ..
 | The ministers met three days ago. | ..
 | The ministers met on 3 May 2021. | 2021-05-03
 | The ministers met in 2014. | 2014-01-01..2014-12-31
 | The war has lasted since 2019. | 2019-01-01..
 | The ministers met yesterday. | ..
""".strip("\n").splitlines()


def interval(found: object) -> str:
    start, end = found.start, found.end  # type: ignore[attr-defined]
    return start if start == end and start else f"{start}..{end}"


@pytest.mark.parametrize("row", ON_FRIDAY)
def test_expressions(row: str) -> None:
    text, wanted = (part.strip() for part in row.split("|"))
    found = [interval(d[3]) for d in find_dates(tree(text), FRIDAY)]
    assert found == ([] if wanted == "-" else wanted.split())


@pytest.mark.parametrize("row", OTHER_DAYS)
def test_other_days_of_publication(row: str) -> None:
    published, text, wanted = (part.strip() for part in row.split("|"))
    assert [interval(d[3]) for d in find_dates(tree(text), published)] == [wanted]


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


def test_undated_deeds_are_bounded_by_publication() -> None:
    assert undated("past", FRIDAY) == undated("present", FRIDAY)
    assert (undated("past", FRIDAY).start, undated("past", FRIDAY).end) == ("", FRIDAY)
    assert (undated("future", FRIDAY).start, undated("future", FRIDAY).end) == (FRIDAY, "")
    assert undated("past", "") == undated("future", "no date")


days = st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31))


@given(
    days,
    st.sampled_from(("past", "present", "future", "none")),
    st.sampled_from([r.split("|")[0].strip() for r in ON_FRIDAY[::9]]),
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
    assert cal.easter(2022) == date(2022, 4, 17) and cal.easter(2024) == date(2024, 3, 31)
    assert cal.easter(2022, orthodox=True) == date(2022, 4, 24) and cal.easter(2024, orthodox=True) == date(2024, 5, 5)
    assert abs((cal.islamic(2022, 9, 1)[0] - date(2022, 4, 2)).days) <= 1
    assert len(cal.islamic(2030, 9, 1)) == 2  # twice in one year
    occasions = builtin_time_words().occasions
    assert occasions["thanksgiving"].of(2022)[0].start == date(2022, 11, 24)
    assert occasions["memorial day"].of(2022)[0].start == date(2022, 5, 30)
    assert occasions["election day"].of(2022)[0].start == date(2022, 11, 8)


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
