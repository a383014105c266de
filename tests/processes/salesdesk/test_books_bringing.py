"""An existing book brought in: good lines written, bad ones told, conflicts with both sides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales_books import make_entered, project_of

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.services.bringing import Line, bring_in, judge_lines

pytestmark = pytest.mark.django_db
OLD = date(2025, 1, 20)


def line(row: int, agent: str = "严一", day: date | None = OLD, **known: str) -> Line:
    return Line(row=row, day=day, agent=agent, known={"name": f"老客户{row}", "contact": "", **known})


def bring(cast: Cast, *lines: Line, by: str = "sales_manager") -> Any:
    return bring_in(actor=cast.actor(by), project=project_of(cast), lines=lines, at=MONDAY_NINE)


@pytest.mark.rule("J-04")
def test_every_bad_line_says_its_reason(cast: Cast) -> None:
    twin = cast.agent_b
    type(twin).objects.filter(pk=twin.pk).update(name="严一")
    judged = judge_lines(
        site=cast.site, at=MONDAY_NINE,
        lines=[
            line(2, name=""), line(3, day=None), line(4, day=date(2025, 3, 4)), line(5, agent="无名"), line(6),
            line(7, agent=cast.agent_a.username, source="长" * 61), line(8, agent=cast.agent_a.username),
        ],
    )  # fmt: skip
    assert [one.problem for one in judged] == [
        "没有客户姓名", "日期读不懂，请写成 2025-03-03", "日期在今天以后", "没有这位业务员，请写登录名或姓名",
        "有两位同名的业务员，请写登录名", "太长", "",
    ]  # fmt: skip


@pytest.mark.rule("J-05")
def test_conflicts_are_told_with_both_sides(cast: Cast) -> None:
    held = make_entered(cast, at=MONDAY_NINE - timedelta(days=3))
    assert held.entry is not None
    judged = judge_lines(
        site=cast.site, at=MONDAY_NINE,
        lines=[
            line(2, agent="华二", contact="13800138111"), line(3, agent="金三", contact="13900139000"),
            line(4, agent="华二", contact="139 0013 9000"), line(5, contact="13800138111"),
        ],
    )  # fmt: skip
    book, file = judged[0].sides
    assert (book.entry, book.agent, book.keys) == (held.entry.number, "严一", ("phone",))
    assert (file.row, file.agent) == (5, "严一")
    assert [side.row for side in judged[1].sides] == [4]
    assert [side.row for side in judged[2].sides] == [3]
    assert [side.row for side in judged[3].sides] == [2]
    assert all(one.is_fresh for one in judged)


@pytest.mark.rule("J-29")
def test_what_is_written_stands_since_its_day_and_only_once(cast: Cast) -> None:
    project_of(cast)
    before = Event.objects.count()
    bring(
        cast, line(2, contact="13900139000"), line(3, contact="13900139000", name="老客户2"), line(4, name="")
    )
    assert Event.objects.count() == before + 1
    entry = Entry.objects.get()
    assert (entry.is_imported, entry.day, entry.agent) == (True, OLD, cast.agent_a)
    assert {one.since for one in entry.proofs.all()} == {OLD}
    with pytest.raises(Refused) as caught:
        bring(cast, line(2, contact="13900139000"))
    assert caught.value.field == "table"


@pytest.mark.rule("J-29")
def test_only_who_keeps_the_register_brings_in(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        bring(cast, line(2), by="agent_a")
    with pytest.raises(Refused) as caught:
        bring(cast, *(line(number) for number in range(2, 2003)))
    assert caught.value.field == "table"
    assert not Entry.objects.exists()


@pytest.mark.rule("J-22")
def test_an_older_entry_that_comes_in_is_found_at_the_visits_after_it(cast: Cast) -> None:
    visit = make_entered(cast, at=MONDAY_NINE - timedelta(days=1))
    assert visit.owner == cast.agent_a
    bring(cast, line(2, agent="华二", contact="13800138111"))
    visit.refresh_from_db()
    found = visit.findings.get()
    assert (found.noticed, found.day, found.by) == ("after", date(2025, 3, 3), None)
    assert (visit.owner, visit.rule) == (cast.agent_b, "J-22")
