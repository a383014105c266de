"""A notice is reported, passed on in time, told at the desk, and its end is confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.cast import Cast, make_cast, make_home
from tests.factories.registers import make_notice
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.notices.models import Notice, NoticeRead
from yingsheng.processes.notices.process import BOOK, NOTICES
from yingsheng.processes.notices.queries import notices_for, text_for
from yingsheng.processes.notices.services import (
    cancel_notice,
    change_notice,
    end_notice,
    keep_open,
    mark_seen,
    publish_notice,
    record_poster_print,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast(homes=2)
    cast.homes.append(make_home(site=cast.site, number=9, building="5"))
    return cast


def clock(notice: Notice, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type="notices.notice", subject_id=notice.pk, milestone=milestone
    ).latest("round")


def desk(cast: Cast, who: str = "front") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


@pytest.mark.rule("Z-04")
def test_a_reported_cut_is_owed_to_those_concerned_from_that_moment(cast: Cast) -> None:
    before = Event.objects.count()
    notice = make_notice(cast, publish=False)
    promise = clock(notice, "pass_on_notice")
    assert (promise.rule, promise.due_at) == ("Z-04", later(0.5))
    assert Event.objects.count() == before + 1
    assert not Message.objects.filter(subject_type="notices.notice").exists()
    publish_notice(actor=cast.actor("front"), record=notice, at=later(0.25))
    assert clock(notice, "pass_on_notice").state == Obligation.State.MET
    told = set(Message.objects.filter(subject_type="notices.notice").values_list("to_staff__name", flat=True))
    assert "冯部长" in told and "李主管" in told
    assert Event.objects.count() == before + 2


@pytest.mark.rule("X-09")
def test_a_sudden_cut_is_passed_on_by_the_figure_for_emergencies(cast: Cast) -> None:
    override_parameter(
        site=cast.site,
        path="X-09.pass_on_within",
        value=10,
        active_from=NINE,
        reason="更快",
        by=cast.head,
        at=NINE,
    )
    notice = make_notice(cast, publish=False, sudden=True)
    assert (clock(notice, "pass_on_notice").rule, clock(notice, "pass_on_notice").due_at) == (
        "X-09", NINE + timedelta(minutes=10),
    )  # fmt: skip
    publish_notice(actor=cast.actor("front"), record=notice, at=later(1))
    assert clock(notice, "pass_on_notice").state == Obligation.State.LATE


@pytest.mark.rule("Z-16")
def test_measures_and_tips_have_their_own_time(cast: Cast) -> None:
    tip = make_notice(cast, kind="tip", title="收好花盆", publish=False)
    assert (clock(tip, "pass_on_notice").rule, clock(tip, "pass_on_notice").due_at) == ("Z-16", later(4))


@pytest.mark.rule("Z-04")
def test_slips_go_to_the_affected_homes_alone(cast: Cast) -> None:
    five = cast.homes[2].room.building
    notice = make_notice(cast, buildings=[five], slips=True)
    homes = Message.objects.filter(subject_type="notices.notice", to_household__isnull=False)
    assert list(homes.values_list("to_household_id", flat=True)) == [cast.homes[2].pk]
    assert not notice.whole_site
    make_notice(cast, title="全停", slips=True)
    assert homes.count() == 4


@pytest.mark.rule("Z-04")
def test_a_home_hears_at_the_desk_of_what_touches_it(cast: Cast) -> None:
    five = cast.homes[2].room.building
    make_notice(cast, buildings=[five])
    make_notice(cast, title="还没发布", publish=False)
    assert [one.title for one in notices_for(household=cast.homes[2], now=NINE)] == ["三栋停电"]
    assert notices_for(household=cast.homes[0], now=NINE) == []
    assert notices_for(household=cast.homes[2], now=later(6)) == []
    override_parameter(
        site=cast.site,
        path="Z-04.hint_ahead",
        value=1,
        active_from=NINE,
        reason="只看眼前",
        by=cast.head,
        at=NINE,
    )
    cast.homes[2].site.refresh_from_db()
    assert notices_for(household=cast.homes[2], now=NINE) == []


@pytest.mark.rule("Z-04")
def test_the_end_is_confirmed_by_somebody_or_looked_at_again(cast: Cast) -> None:
    notice = make_notice(cast)
    assert clock(notice, "confirm_end").due_at == later(7)  # an hour after its end
    notice = keep_open(
        actor=cast.actor("front"), record=notice, at=later(6.5), ends_at=later(8), reason="还没修好"
    )
    first, second = Obligation.objects.filter(
        subject_type="notices.notice", milestone="confirm_end"
    ).order_by("round")
    assert (first.state, second.due_at) == (Obligation.State.MET, later(9))
    notice = end_notice(actor=cast.actor("front"), record=notice, at=later(9.5))
    assert clock(notice, "confirm_end").state == Obligation.State.LATE
    assert Notice.objects.get().state == "ended"
    unknown = make_notice(cast, ends_at=None)
    assert clock(unknown, "confirm_end").due_at == later(6)  # four hours after it begins


@pytest.mark.rule("Z-04")
def test_a_change_is_told_again_and_a_cancelled_notice_owes_nothing(cast: Cast) -> None:
    notice = make_notice(cast)
    rung = Message.objects.filter(subject_type="notices.notice").count()
    notice = change_notice(
        actor=cast.actor("front"), record=notice, at=later(1), title="三栋停电", text="改到下午。",
        starts_at=later(5), ends_at=later(9), reason="配件晚到", seen=notice.version,
    )  # fmt: skip
    assert clock(notice, "confirm_end").due_at == later(10)
    assert Message.objects.filter(subject_type="notices.notice").count() == 2 * rung
    with pytest.raises(Conflict):
        cancel_notice(actor=cast.actor("front"), record=notice, at=later(1), reason="取消", seen=1)
    cancel_notice(actor=cast.actor("front"), record=notice, at=later(2), reason="不修了")
    assert not Obligation.objects.filter(subject_type="notices.notice", state="armed").exists()
    with pytest.raises(Refused):
        end_notice(actor=cast.actor("front"), record=notice, at=later(3))


def test_nonsense_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        make_notice(cast, ends_at=NINE)
    assert refused.value.field == "ends_at"
    notice = make_notice(cast)
    with pytest.raises(Refused):
        keep_open(actor=cast.actor("front"), record=notice, at=NINE, ends_at=later(3), reason="早于原定")
    with pytest.raises(Forbidden):
        publish_notice(actor=cast.actor("engineer"), record=notice, at=NINE)


@pytest.mark.rule("Z-04")
def test_staff_say_once_that_they_have_read_it(cast: Cast) -> None:
    notice = make_notice(cast)
    mark_seen(actor=cast.actor("engineer"), record=notice, at=later(1))
    with pytest.raises(Refused):
        mark_seen(actor=cast.actor("engineer"), record=notice, at=later(2))
    assert NoticeRead.objects.get().staff == cast.engineer
    page = desk(cast, "supervisor").get(reverse("notices:bulletins_one", args=[notice.pk])).content.decode()
    assert "赵工程" in page


def test_the_poster_is_large_counted_and_names_nobody(cast: Cast) -> None:
    notice = make_notice(cast)
    url = reverse("notices:poster", args=[notice.pk])
    client = desk(cast)
    assert "预览" in client.get(url).content.decode()
    first, second = client.post(url).content.decode(), client.post(url).content.decode()
    assert "poster-kind" in first and "补打 1" not in first and "补打 1" in second
    assert record_poster_print(actor=cast.actor("front"), notice=notice, at=later(1)) == 3


@pytest.mark.rule("Z-04", "Z-16")
def test_the_form_starts_with_words_of_the_kind(cast: Cast) -> None:
    page = desk(cast).get(reverse("notices:bulletins_new", args=["lift"])).content.decode()
    assert "电梯检修，上述时间内停用" in page
    assert text_for(kind="nothing") == {}
    for code, _label in Notice.Kind.choices:
        assert {"kind", "title", "text"} == set(text_for(kind=code))


@pytest.mark.rule("Z-04")
def test_from_the_form_to_reception_and_the_first_page(cast: Cast) -> None:
    client = desk(cast)
    now = timezone.localtime()
    sent = {
        "kind": "water", "title": "五栋停水", "text": "洗水箱", "starts_at": now.strftime("%Y-%m-%dT%H:%M"),
        "buildings": [str(cast.homes[2].room.building_id)], "publish": "on",
    }  # fmt: skip
    made = client.post(reverse("notices:bulletins"), sent)
    assert made.status_code == 303, made.content.decode()[:500]
    reception = reverse("enquiries:reception")
    assert "五栋停水" in client.get(f"{reception}?household={cast.homes[2].pk}").content.decode()
    assert "五栋停水" not in client.get(f"{reception}?household={cast.homes[0].pk}").content.decode()
    assert "五栋停水" in client.get(reverse("ui:today_lists")).content.decode()
    assert NOTICES.today is not None and NOTICES.today(actor=cast.actor("front"), now=now)[0].count == 1
    assert [verb.code for verb in BOOK.verbs if "published" in verb.sources]
