"""From one shift to the next: prepared, signed by both, refused, blocked, let go by the supervisor."""

from __future__ import annotations

import pytest
from tests.factories.cast import PASSWORD, Cast
from tests.factories.duty import at, begin, hand, prepare, write

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.kernel.timers.tick import tick
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.services import change_day
from yingsheng.processes.complaints.services.intake import register_complaint
from yingsheng.processes.duty.models import Handover, Page
from yingsheng.processes.duty.queries.carrying import carried_over, stoppers
from yingsheng.processes.duty.rules import pages_join
from yingsheng.processes.duty.services import handing, preparing
from yingsheng.processes.duty.services.entries import settle_item


def promise(page: Page, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type="duty.page", subject_id=page.pk, milestone=milestone
    ).latest("round")  # fmt: skip


@pytest.mark.rule("D-15", "D-17")
def test_a_day_of_three_shifts_leaves_pages_that_join(cast: Cast, on_duty: Page) -> None:
    write(cast, on_duty, "front", at(9))
    prepare(cast, on_duty, "front", at(15, 10))
    evening = hand(cast, on_duty, "front", "assistant", at(15, 30), arrived_at=at(15, 22))
    write(cast, evening, "assistant", at(18))
    prepare(cast, evening, "assistant", at(23, 12))
    night = hand(cast, evening, "assistant", "lobby", at(23, 31), arrived_at=at(23, 28))
    assert [page.number for page in Page.objects.filter(number__isnull=False).order_by("pk")] == [1, 2, 3]
    pages = list(Page.objects.filter(state=Page.State.SIGNED).order_by("number"))
    spans = [(page.first_seq or 0, page.last_seq or 0) for page in pages]
    assert pages_join(spans=[*spans, (night.first_seq or 0, 10**9)])
    assert promise(evening, "arrive").state == "met"
    assert promise(night, "arrive").state == "late"
    assert list(verify_chain(site_id=cast.site.pk)) == []
    signed = Handover.objects.get(before=on_duty)
    assert (signed.outgoing, signed.incoming, signed.is_rostered) == (cast.front, cast.assistant, True)


@pytest.mark.rule("D-17")
def test_both_sign_with_their_own_password(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 15))
    for field in ("outgoing_password", "incoming_password"):
        with pytest.raises(Refused) as refused:
            hand(cast, on_duty, "front", "assistant", at(15, 30), **{field: "not-the-password"})
        assert refused.value.field == field
    with pytest.raises(Refused):
        hand(cast, on_duty, "front", "front", at(15, 30))
    assert Page.objects.get(pk=on_duty.pk).state == Page.State.HANDING


@pytest.mark.rule("D-15")
def test_nobody_takes_over_what_he_has_not_read(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 15))
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "assistant", at(15, 30), has_read=False)
    assert (refused.value.field, refused.value.rule) == ("has_read", "D-15")
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "assistant", at(15, 30), arrived_at=at(15, 40))
    assert refused.value.field == "arrived_at"


@pytest.mark.rule("D-16")
def test_something_unusual_is_explained_before_anybody_takes_over(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 15))
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "assistant", at(15, 30), area="abnormal", area_note="大堂灯不亮")
    assert (refused.value.field, refused.value.rule) == ("area_explained", "D-16")
    hand(
        cast, on_duty, "front", "assistant", at(15, 30), area="abnormal", area_note="大堂灯不亮",
        area_explained="已报修，下午来换",
    )  # fmt: skip
    assert Event.objects.get(kind="duty.handed_over").data["area_explained"] == "已报修，下午来换"


@pytest.mark.rule("D-18", "D-19")
@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [({"tidied": False}, "tidied", "D-18"), ({"evidence": False}, "evidence", "D-19")],
)
def test_nobody_hands_over_untidied_or_unwritten(
    cast: Cast, on_duty: Page, fields: dict[str, bool], field: str, rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        prepare(cast, on_duty, "front", at(15, 15), **fields)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    with pytest.raises(Refused):
        hand(cast, on_duty, "front", "assistant", at(15, 30))


@pytest.mark.rule("D-18")
def test_tidying_is_due_a_quarter_of_an_hour_before_the_end(cast: Cast, on_duty: Page) -> None:
    tidy = promise(on_duty, "tidy_post")
    assert tidy.due_at == at(15, 15) and tidy.responsible_staff == cast.front
    prepare(cast, on_duty, "front", at(15, 15))
    tidy.refresh_from_db()
    assert tidy.state == "met"


@pytest.mark.rule("D-19", "D-20")
def test_important_work_stops_the_handover_until_it_is_done(cast: Cast, on_duty: Page) -> None:
    line = write(
        cast, on_duty, "front", at(14), kind="repair", content="3栋水箱溢水", important=True, is_open=True
    )
    with pytest.raises(Refused) as refused:
        prepare(cast, on_duty, "front", at(15, 15), told="")
    assert (refused.value.field, refused.value.rule) == ("told", "D-19")
    prepare(cast, on_duty, "front", at(15, 15), told="3栋水箱还在溢")
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "assistant", at(15, 30))
    assert refused.value.rule == "D-20"
    items = carried_over(page=on_duty, at=at(15, 31))
    assert stoppers(page=on_duty, items=items, at=at(15, 31)) == [f"line:{line.item.pk}"]
    settle_item(actor=cast.actor("front", at(15, 40)), record=line.item, at=at(15, 40), note="浮球已换")
    assert hand(cast, on_duty, "front", "assistant", at(15, 45)).state == Page.State.ON_DUTY


@pytest.mark.rule("D-20")
def test_the_supervisor_lets_it_go_over_and_his_name_stays(cast: Cast, on_duty: Page) -> None:
    write(cast, on_duty, "front", at(14), kind="repair", content="3栋水箱溢水", important=True, is_open=True)
    prepare(cast, on_duty, "front", at(15, 15))
    with pytest.raises(Refused):
        preparing.accept_open(
            actor=cast.actor("supervisor", at(15, 20)),
            record=on_duty,
            at=at(15, 20),
            reason="夜班接着盯",
            numbers="7",
        )
    preparing.accept_open(
        actor=cast.actor("supervisor", at(15, 20)),
        record=on_duty,
        at=at(15, 20),
        reason="夜班接着盯",
        numbers="1",
    )
    evening = hand(cast, on_duty, "front", "assistant", at(15, 30))
    event = Event.objects.get(kind="duty.open_accepted")
    assert event.by == cast.supervisor and event.data["count"] == 1 and "水箱" in event.data["items"]
    items = carried_over(page=evening, at=at(16))
    assert [item.fact.accepted for item in items if item.key.startswith("line:")] == [True]


@pytest.mark.rule("D-20")
def test_nobody_accepts_his_own_unfinished_work(cast: Cast, on_duty: Page) -> None:
    write(cast, on_duty, "front", at(14), content="重要的事", important=True, is_open=True)
    with pytest.raises(Forbidden):
        preparing.accept_open(actor=cast.actor("front", at(15)), record=on_duty, at=at(15), reason="急着走")


@pytest.mark.rule("D-16", "D-20")
def test_whoever_comes_may_refuse_and_the_shift_goes_on(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 15))
    preparing.refuse_handover(
        actor=cast.actor("assistant", at(15, 30)), record=on_duty, at=at(15, 30), incoming=cast.assistant,
        reason="钥匙少一把，没有说明",
    )  # fmt: skip
    page = Page.objects.get(pk=on_duty.pk)
    assert page.state == Page.State.ON_DUTY
    told = Message.objects.filter(to_staff=cast.supervisor, rule="D-20")
    assert "钥匙少一把" in str(told.get().params)
    assert promise(page, "tidy_post").state == "armed"
    prepare(cast, page, "front", at(15, 50))
    assert hand(cast, page, "front", "assistant", at(15, 55)).number == 2
    assert len(Handover.objects.get(before=page).refusals) == 1


@pytest.mark.rule("D-05")
def test_an_unmanned_post_is_an_alarm_to_the_posts_above(cast: Cast, desk: object) -> None:
    open_periods(now=at(7))
    day = Page.objects.get(shift__code="day", day=at(7).date())
    assert promise(day, "man_post").due_at == at(7, 35)
    tick(now=at(7, 35), limit=100)
    tick(now=at(7, 36), limit=100)
    told = Event.objects.get(kind="timers.overdue", rule="D-05").data
    assert told["about"] == ["duty.page", day.pk]
    assert set(told["told"]) >= {cast.front.pk, cast.supervisor.pk}
    tick(now=at(7, 51), limit=100)
    assert Message.objects.filter(to_staff=cast.head, rule="D-05").exists()
    taken = begin(cast, "front", at(7, 55), arrived_at=at(7, 53))
    assert taken.pk == day.pk and promise(day, "man_post").state == "late"


@pytest.mark.rule("D-05")
def test_a_manned_post_is_handed_on_in_person(cast: Cast, on_duty: Page) -> None:
    with pytest.raises(Refused) as refused:
        begin(cast, "assistant", at(15, 25))
    assert refused.value.rule == "D-05"
    prepare(cast, on_duty, "front", at(15, 15))
    with pytest.raises(Refused) as refused:
        handing.close_post(
            actor=cast.actor("front", at(15, 30)), record=on_duty, at=at(15, 30), password=PASSWORD
        )
    assert refused.value.rule == "D-05"


def test_nobody_takes_over_much_too_early_or_at_a_post_that_is_not_his(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(12))
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "assistant", at(12, 30))
    assert refused.value.rule == "D-15"
    with pytest.raises(Refused) as refused:
        hand(cast, on_duty, "front", "engineer", at(15, 30))
    assert refused.value.field == "incoming"


def test_a_page_that_moved_on_is_not_signed_twice(cast: Cast, on_duty: Page) -> None:
    seen = on_duty.version
    prepare(cast, on_duty, "front", at(15, 15))
    with pytest.raises(Conflict):
        hand(cast, on_duty, "front", "assistant", at(15, 30), seen=seen)
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    with pytest.raises(Refused):
        hand(cast, on_duty, "front", "assistant", at(15, 31))


@pytest.mark.rule("D-26")
def test_complaints_that_were_taken_are_put_before_the_supervisor(cast: Cast, on_duty: Page) -> None:
    register_complaint(
        site=cast.site,
        caller=cast.caller(),
        by=cast.front,
        at=at(10),
        title="楼上漏水",
        body="滴到厨房",
        channel="phone",
    )
    prepare(cast, on_duty, "front", at(15, 15))
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    told = Message.objects.get(to_staff=cast.supervisor, rule="D-26")
    assert told.params["count"] == 1


@pytest.mark.rule("D-05")
def test_a_holiday_is_manned_like_any_day(cast: Cast, desk: object) -> None:
    calendar = Calendar.objects.get(site=cast.site, code="service")
    for days in (1, 2):
        change_day(
            calendar=calendar, date=at(0, days=days).date(), windows=(), kind="holiday", name="休息", by=cast.head,
            at=at(6),
        )  # fmt: skip
    open_periods(now=at(7))
    days = Page.objects.order_by("day").values_list("day", flat=True).distinct()
    assert list(days) == [at(0, days=number).date() for number in range(3)]
    tick(now=at(7, 40, days=1), limit=200)
    assert Message.objects.filter(to_staff=cast.supervisor, rule="D-05").exists()
    open_periods(now=at(0, 5, days=3))
    assert Page.objects.filter(day=at(0, days=3).date()).count() == 3
    assert Event.objects.filter(kind="duty.day_scheduled").count() == 4
