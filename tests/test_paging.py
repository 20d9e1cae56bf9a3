"""Pages by cursor: every record once, in one order, whatever comes in meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from communique.errors import QueryError
from communique.store import Correction, Filters, ReportSummary, Store
from communique.store.paged import cursor_of, place_of
from factories import coding, codings

EVERY = Filters()
KINDS = ("events", "statements", "positions", "reports")


WRONG = ("", "x", "é", "bm90", cursor_of(("2022", "r1", -1)), "W10", "e30", "null", "\0", "A" * 9999)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def name_of(found: Any) -> str:
    return str(found.report.id if isinstance(found, ReportSummary) else found.id)


def all_pages(store: Store, kind: str, limit: int, filters: Filters = EVERY) -> list[str]:
    found, after = [], None
    while True:
        page = store.page(kind, filters, limit=limit, after=after)
        found += map(name_of, page.items)
        assert len(page.items) <= limit
        if page.next is None:
            return found
        assert len(page.items) == limit
        after = page.next


def test_pages_give_what_a_question_gives_the_newest_first(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store:
        for start in range(0, 30, 10):
            store.writer.add([coding(n, paragraphs=2) for n in range(start, start + 10)])
        store.correct(Correction("reject", "r000003-e0", "mb"))
        for kind in KINDS:
            for filters in (Filters(), Filters(since="2022-06"), Filters(actor="CHN")):
                if kind == "statements" and filters.actor:
                    continue
                whole = list(store.query(kind, filters))
                days = {r.report.id: r.report.published for r in store.query("reports")}
                name = (lambda r: r.report.id) if kind == "reports" else (lambda r: r.report)
                whole.sort(key=lambda r: days[name(r)], reverse=True)
                wanted = list(map(name_of, whole))
                for limit in (1, 7, 1000):
                    assert all_pages(store, kind, limit, filters) == wanted
                assert store.count(kind, filters) == len(wanted)


def test_what_comes_in_while_one_pages_shifts_nothing(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store:
        store.writer.add([coding(n) for n in range(0, 60, 2)])
        before = all_pages(store, "events", 100)
        first = store.page("events", limit=10)
        store.writer.add([coding(n) for n in range(1, 60, 2)])
        store.writer.compact()
        seen, after = [e.id for e in first.items], first.next  # type: ignore[union-attr]
        while after:
            page = store.page("events", limit=10, after=after)
            seen, after = seen + [e.id for e in page.items], page.next  # type: ignore[union-attr]
        assert len(seen) == len(set(seen))
        assert [each for each in seen if each in set(before)] == before


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data(), limit=st.integers(1, 5))
def test_any_records_are_paged_whole(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, limit: int) -> None:
    made = [data.draw(codings(number=n)) for n in range(3)]
    with Store.create(tmp_path_factory.mktemp("paging") / "s") as store:
        store.writer.add(made)
        for kind in KINDS:
            found = all_pages(store, kind, limit)
            assert len(found) == store.count(kind) == sum(1 for _ in store.query(kind))


@pytest.mark.parametrize("cursor", WRONG)
def test_a_cursor_that_is_none_of_ours_is_refused(tmp_path: Path, cursor: str) -> None:
    with Store.create(tmp_path / "s") as store:
        store.writer.add([coding(1)])
        with pytest.raises(QueryError, match="cursor is none of ours"):
            store.page("events", after=cursor)
        with pytest.raises(QueryError, match="shows nothing"):
            store.page("events", limit=0)


@given(
    st.tuples(
        TEXT,
        TEXT,
        st.integers(0, 2**40),
    )
)
def test_a_cursor_is_read_back(place: tuple[str, str, int]) -> None:
    assert place_of(cursor_of(place)) == place
    assert cursor_of(place).replace("-", "").replace("_", "").isalnum()


def test_the_version_changes_with_each_commit_and_correction_only(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store, Store.open(tmp_path / "s") as reader:
        seen = [reader.version(), reader.version()]
        assert seen[0] == seen[1]
        store.writer.add([coding(1)])
        seen.append(reader.version())
        store.writer.add([coding(1)])  # nothing new
        assert reader.version() == seen[-1]
        reader.correct(Correction("accept", "r000001-e0", "mb"))
        seen.append(reader.version())
        store.writer.add([coding(2)])
        seen.append(reader.version())
        assert len(set(seen)) == 4


def test_an_empty_store_has_an_empty_page(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s") as store:
        for kind in KINDS:
            assert store.page(kind).items == ()
            assert store.count(kind) == 0
