"""Who is at the post, the supervisor's signature of the morning, spot checks, and how shifts were kept."""

from __future__ import annotations

from datetime import date

import pytest
from tests.factories.cast import PASSWORD, Cast, make_cast
from tests.factories.duty import at, begin, hand, make_desk, prepare, write

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.rosters.models import DutyPost
from yingsheng.kernel.timers.models import Filing, Obligation, Period
from yingsheng.kernel.timers.periods import is_unchanged, open_periods
from yingsheng.processes.duty.models import Page, SpotCheck
from yingsheng.processes.duty.queries.conduct import conduct_of
from yingsheng.processes.duty.services import checks, handing, presence


@pytest.mark.rule("D-05")
def test_nobody_leaves_an_empty_post(cast: Cast, on_duty: Page) -> None:
    actor = cast.actor("front", at(10))
    with pytest.raises(Refused) as refused:
        presence.step_out(actor=actor, record=on_duty, at=at(10), reason="去看水管")
    assert (refused.value.field, refused.value.rule) == ("cover", "D-04")
    presence.step_out(actor=actor, record=on_duty, at=at(10), reason="去看水管", cover=cast.lobby)
    with pytest.raises(Refused):
        presence.step_out(actor=actor, record=on_duty, at=at(10, 5), reason="再去", cover=cast.assistant)
    presence.step_back(actor=actor, record=on_duty, at=at(10, 25))
    assert Event.objects.get(kind="duty.stepped_back").data["minutes"] == 25
    with pytest.raises(Refused):
        presence.step_back(actor=actor, record=on_duty, at=at(10, 30))


@pytest.mark.rule("D-21")
def test_the_supervisor_signs_every_page_since_the_last_signature(cast: Cast, on_duty: Page) -> None:
    open_periods(now=at(7, 30))
    write(cast, on_duty, "front", at(9))
    prepare(cast, on_duty, "front", at(15, 15))
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    actor = cast.actor("supervisor", at(8, 40, days=1))
    with pytest.raises(Refused) as refused:
        checks.sign_log(actor=actor, at=at(8, 40, days=1), password="wrong-password", remark="看过")
    assert refused.value.field == "password"
    open_periods(now=at(0, 1, days=1))
    filing = checks.sign_log(actor=actor, at=at(8, 40, days=1), password=PASSWORD, remark="看过")
    page = Page.objects.get(pk=on_duty.pk)
    assert (page.state, page.checked_by, page.remark) == (Page.State.CHECKED, cast.supervisor, "看过")
    assert is_unchanged(filing=filing) and filing.content["pages"][0]["digest"] == page.digest
    signed = Obligation.objects.filter(milestone="sign_log").order_by("due_at")
    assert signed.last().state == "met" and signed.last().due_at == at(9, days=1)  # type: ignore[union-attr]


@pytest.mark.rule("D-21")
def test_nobody_signs_the_page_that_he_closed_himself(cast: Cast, desk: DutyPost) -> None:
    desk.roles = [*desk.roles, "CS_SUP"]
    desk.save(update_fields=["roles"])
    page = begin(cast, "supervisor", at(7, 24))
    prepare(cast, page, "supervisor", at(15, 15))
    hand(cast, page, "supervisor", "assistant", at(15, 30))
    checks.sign_log(actor=cast.actor("supervisor", at(16)), at=at(16), password=PASSWORD)
    assert Page.objects.get(pk=page.pk).state == Page.State.SIGNED
    checks.sign_log(actor=cast.actor("head", at(17)), at=at(17), password=PASSWORD)
    assert Page.objects.get(pk=page.pk).checked_by == cast.head
    assert Filing.objects.filter(period__code="duty_log").count() == 2


@pytest.mark.rule("D-22")
def test_spot_checks_are_counted_and_what_is_wanting_is_demanded(cast: Cast, on_duty: Page) -> None:
    open_periods(now=at(7, 30))
    actor = cast.actor("supervisor", at(10))
    with pytest.raises(Refused) as refused:
        checks.spot_check(actor=actor, at=at(10), result="wanting", found="没穿工装", person=cast.front)
    assert refused.value.field == "demanded"
    check = checks.spot_check(
        actor=actor, at=at(10), result="wanting", found="没穿工装", person=cast.front, demanded="马上换上"
    )
    assert check.page == on_duty and Message.objects.filter(to_staff=cast.front, rule="D-22").count() == 1
    for hour in (11, 12, 13):
        checks.spot_check(actor=actor, at=at(hour), result="good", found="都在岗")
    period = Period.objects.get(code="duty_spot_check")
    assert (period.done, period.needed) == (4, 4)
    assert Obligation.objects.get(milestone="duty_spot_checks").state == "met"
    checks.mend(actor=cast.actor("front", at(10, 30)), record=check, at=at(10, 30), mended="已换")
    assert SpotCheck.objects.get(pk=check.pk).state == "mended"
    with pytest.raises(Refused):
        checks.mend(actor=cast.actor("front", at(11)), record=check, at=at(11), mended="又换")


@pytest.mark.rule("D-23")
def test_how_shifts_were_kept_is_counted_from_the_log(cast: Cast, desk: DutyPost) -> None:
    open_periods(now=at(7))
    day = begin(cast, "front", at(7, 40), arrived_at=at(7, 38))  # late, and after the alarm
    presence.step_out(
        actor=cast.actor("front", at(10)), record=day, at=at(10), reason="送人", cover=cast.lobby
    )
    checks.spot_check(
        actor=cast.actor("supervisor", at(11)), at=at(11), result="wanting", found="离岗未记", person=cast.front,
        demanded="记上",
    )  # fmt: skip
    prepare(cast, day, "front", at(15, 28))  # later than a quarter before the end
    hand(cast, day, "front", "assistant", at(15, 40))
    rows = conduct_of(site=cast.site, first=date(2025, 3, 1), last=date(2025, 3, 31), now=at(16))
    by_name = {one.staff: one for one in rows}
    mine = by_name[cast.front]
    assert (mine.shifts, mine.hours, mine.late, mine.untidy, mine.missed, mine.away, mine.wanting) == (
        1, 8, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert by_name[cast.assistant].shifts == 1 and by_name[cast.assistant].late == 1
    only = conduct_of(
        site=cast.site, first=date(2025, 3, 1), last=date(2025, 3, 31), now=at(16), staff=cast.assistant
    )
    assert [one.staff for one in only] == [cast.assistant]


def test_a_site_without_posts_owes_no_signature(db: None) -> None:
    make_cast()
    open_periods(now=at(7))
    assert Obligation.objects.get(milestone="sign_log").state == "void"


def test_a_desk_that_closes_in_the_evening_is_left_by_one_signature(db: None) -> None:
    cast = make_cast(password=PASSWORD)
    make_desk(cast=cast, shifts=("day", "evening"))
    page = begin(cast, "assistant", at(15, 25))
    prepare(cast, page, "assistant", at(23, 15))
    ended = handing.close_post(
        actor=cast.actor("assistant", at(23, 30)), record=page, at=at(23, 30), password=PASSWORD
    )
    assert (
        ended.state == Page.State.SIGNED and not hasattr(ended, "taken")
    ) or ended.closed_by == cast.assistant
    morning = begin(cast, "front", at(7, 24, days=1))
    assert morning.number == 2 and (morning.first_seq or 0) >= (ended.last_seq or 0)


@pytest.mark.rule("D-05")
def test_a_shift_that_nobody_took_over_is_left_behind_as_missed(cast: Cast, desk: DutyPost) -> None:
    open_periods(now=at(7))
    begin(cast, "assistant", at(15, 25))
    day = Page.objects.get(shift__code="day", day=at(7).date())
    assert day.state == Page.State.MISSED and day.number is None
