"""The log itself: what comes in by itself, what is written by hand, what nobody can alter."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.factories.cast import Cast
from tests.factories.duty import at, begin, hand, prepare, write

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import guards
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.services.intake import register_complaint
from yingsheng.processes.duty.models import Line, OpenItem, Page
from yingsheng.processes.duty.queries.lines import count_lines, lines_of
from yingsheng.processes.duty.services.entries import link_item, settle_item


def complain(cast: Cast, when: object, **fields: object) -> Case:
    fields = {"title": "楼上漏水", "channel": "phone", "by": cast.front, **fields}
    return register_complaint(site=cast.site, caller=cast.caller(), at=when, **fields)  # type: ignore[arg-type]


@pytest.mark.rule("D-14", "D-24")
def test_calls_and_visits_enter_by_themselves(cast: Cast, on_duty: Page) -> None:
    case = complain(cast, at(10))
    write(cast, on_duty, "front", at(11), content="快递员问路")
    entries = lines_of(actor=cast.actor("front"), page=on_duty)
    assert [(one.event.kind, one.case and one.case[1]) for one in entries] == [
        ("complaints.registered", case.number), ("duty.noted", None),
    ]  # fmt: skip
    assert entries[1].line is not None and entries[1].line.content == "快递员问路"
    assert count_lines(page=on_duty) == 2


@pytest.mark.rule("D-14")
def test_no_line_of_one_shift_stands_on_the_page_of_another(cast: Cast, on_duty: Page) -> None:
    write(cast, on_duty, "front", at(9), content="早班的事")
    prepare(cast, on_duty, "front", at(15, 15))
    evening = hand(cast, on_duty, "front", "assistant", at(15, 30))
    write(cast, evening, "assistant", at(16), content="中班的事")
    day = Page.objects.get(pk=on_duty.pk)
    words = [
        [one.line.content for one in lines_of(actor=cast.actor("front"), page=page) if one.line]
        for page in (day, evening)
    ]
    assert words == [["早班的事"], ["中班的事"]]
    with pytest.raises(Refused) as refused:
        write(cast, day, "front", at(16, 10), content="后来想起来")
    assert refused.value.rule == "D-14"


@pytest.mark.rule("D-14")
def test_a_line_is_corrected_by_a_further_line(cast: Cast, on_duty: Page) -> None:
    first = write(cast, on_duty, "front", at(9), content="1803 报漏水")
    second = write(cast, on_duty, "front", at(9, 5), content="应是1802", corrects=first.seq)
    assert second.corrects == first and Line.objects.get(pk=first.pk).content == "1803 报漏水"
    with pytest.raises(Refused) as refused:
        write(cast, on_duty, "front", at(9, 6), content="更正", corrects=999_999)
    assert refused.value.field == "corrects"


@pytest.mark.rule("D-14")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE duty_line SET content = '改过的'",
        "DELETE FROM duty_line",
        "UPDATE events_event SET kind = 'duty.settled' WHERE kind = 'duty.noted'",
        "DELETE FROM events_event WHERE kind = 'duty.noted'",
    ],
)
def test_the_database_lets_nobody_alter_or_tear_out_a_line(cast: Cast, on_duty: Page, statement: str) -> None:
    write(cast, on_duty, "front", at(9), content="原来的话")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Line.objects.get().content == "原来的话"
    assert list(verify_chain(site_id=cast.site.pk)) == []


@pytest.mark.rule("D-14")
def test_who_forces_the_book_open_is_found_out(cast: Cast, on_duty: Page) -> None:
    """With the guards taken off by somebody who owns the database, the chain still tells."""
    write(cast, on_duty, "front", at(9), content="原来的话")
    prepare(cast, on_duty, "front", at(15, 15))
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    seq = Event.objects.get(kind="duty.noted").seq
    on_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in guards.POSTGRES_REMOVE if on_server else guards.SQLITE_REMOVE:
            cursor.execute(statement)
        cursor.execute("DELETE FROM events_event WHERE seq = %s AND site_id = %s", [seq, cast.site.pk])
        for statement in guards.POSTGRES_INSTALL if on_server else guards.SQLITE_INSTALL:
            cursor.execute(statement)
    assert list(verify_chain(site_id=cast.site.pk)) != []


@pytest.mark.rule("D-12")
def test_a_power_stands_in_the_log_and_the_other_department_is_told(cast: Cast, on_duty: Page) -> None:
    engineering = cast.department("engineering")
    with pytest.raises(Refused) as refused:
        write(cast, on_duty, "front", at(9), content="请派人关阀", department=engineering)
    assert (refused.value.field, refused.value.rule) == ("power", "D-12")
    write(cast, on_duty, "front", at(9), content="请派人关阀", department=engineering, power="mobilise")
    event = Event.objects.get(kind="duty.noted")
    assert (event.rule, event.data["power"]) == ("D-12", "mobilise")
    assert Message.objects.filter(to_staff=cast.engineering_head, rule="D-12").count() == 1


@pytest.mark.rule("D-07")
def test_something_sudden_says_how_it_was_contained_and_whom_it_was_told(cast: Cast, on_duty: Page) -> None:
    for fields, field in (({}, "action"), ({"action": "拉了警戒线"}, "told")):
        with pytest.raises(Refused) as refused:
            write(cast, on_duty, "front", at(9), kind="sudden", content="围墙倒了一段", **fields)
        assert (refused.value.field, refused.value.rule) == (field, "D-07")
    write(
        cast,
        on_duty,
        "front",
        at(9),
        kind="sudden",
        content="围墙倒了一段",
        action="拉了警戒线",
        told="李主管",
    )


@pytest.mark.rule("D-09")
@pytest.mark.parametrize(("level", "who"), [("hard", "supervisor"), ("major", "head")])
def test_what_is_too_much_is_reported_upwards_at_once(
    cast: Cast, on_duty: Page, level: str, who: str
) -> None:
    write(cast, on_duty, "front", at(9), content="住户要讨说法", level=level)
    assert Message.objects.get(rule="D-09").to_staff == cast.staff[who]


@pytest.mark.rule("D-25")
def test_what_the_night_could_not_solve_is_opened_by_the_day(cast: Cast, desk: object) -> None:
    night = begin(cast, "lobby", at(23, 25), arrived_at=at(23, 20))
    line = write(
        cast,
        night,
        "lobby",
        at(2, days=1),
        kind="complaint",
        content="隔壁太吵",
        room="3-2-1802",
        is_open=True,
    )
    urgent = write(
        cast,
        night,
        "lobby",
        at(3, days=1),
        kind="sudden",
        content="水管爆",
        action="关阀",
        told="值班电工",
        is_open=True,
    )
    assert (line.item.to_be_opened, urgent.item.to_be_opened) == (True, False)
    promise = Obligation.objects.get(milestone="open_form")
    assert promise.due_at == at(8, 30, days=1) and promise.responsible_role == "CS_ASSIST"
    case = complain(cast, at(7, 50, days=1), channel="night_log")
    line.item.refresh_from_db()
    promise.refresh_from_db()
    assert (line.item.state, line.item.case, promise.state) == ("opened", case, "met")
    assert Event.objects.get(kind="duty.form_opened").data["number"] == case.number


@pytest.mark.rule("D-25")
def test_a_number_is_written_beside_the_line_by_hand(cast: Cast, desk: object) -> None:
    night = begin(cast, "lobby", at(23, 25), arrived_at=at(23, 20))
    line = write(cast, night, "lobby", at(2, days=1), kind="repair", content="厕所堵", is_open=True)
    case = complain(cast, at(8, days=1))
    actor = cast.actor("front", at(8, days=1))
    with pytest.raises(Refused):
        link_item(actor=actor, record=line.item, at=at(8, days=1), number="XX-1")
    link_item(actor=actor, record=line.item, at=at(8, days=1), number=case.number.lower())
    assert OpenItem.objects.get().case == case


@pytest.mark.rule("D-15")
def test_what_is_done_is_settled_in_words_once(cast: Cast, on_duty: Page) -> None:
    line = write(cast, on_duty, "front", at(9), content="等快递回电", is_open=True)
    actor = cast.actor("front", at(10))
    settle_item(actor=actor, record=line.item, at=at(10), note="已取走")
    with pytest.raises(Refused):
        settle_item(actor=actor, record=line.item, at=at(11), note="再来一次")
    assert Event.objects.filter(kind="duty.settled").count() == 1


def test_a_sealed_matter_leaves_a_line_that_tells_nothing(cast: Cast, on_duty: Page) -> None:
    case = complain(cast, at(10), title="对主管的投诉")
    Case.objects.filter(pk=case.pk).update(confidentiality=Case.Confidentiality.SEALED)
    (entry,) = lines_of(actor=cast.actor("lobby"), page=on_duty)
    assert entry.is_sealed and entry.case is None
