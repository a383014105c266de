"""Worklists: saved views, one step for several cases, and parts that refresh themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.cast import Cast, make_cast
from tests.processes.story import classified, handled, registered, working

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case, SavedView
from yingsheng.kernel.cases.views import MOST, keep_view, list_views
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=3)


def at_desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def test_a_query_is_kept_under_a_name_and_found_among_the_tabs(cast: Cast) -> None:
    client = at_desk(cast.supervisor)
    page = client.get("/complaints/?view=all&category=repair").content.decode()
    assert "存为视图" in page
    assert "存为视图" not in client.get("/complaints/?view=all").content.decode()
    there = client.post("/views/complaints/", {"name": " 漏水 ", "query": "view=all&category=repair"})
    assert (there.status_code, there["Location"]) == (303, "/complaints/?view=all&category=repair")
    page = client.get("/complaints/?category=repair&view=all").content.decode()
    assert 'aria-current="page">漏水' in page and "删除视图" in page
    assert "漏水" not in at_desk(cast.front).get("/complaints/").content.decode()
    client.post("/views/complaints/", {"name": "漏水", "drop": "1"})
    assert not SavedView.objects.exists()
    assert list(
        Event.objects.filter(kind__startswith="cases.view").order_by("seq").values_list("kind", flat=True)
    ) == [
        "cases.view_kept",
        "cases.view_dropped",
    ]


def test_a_view_has_a_name_and_there_are_not_too_many(cast: Cast) -> None:
    actor, at = cast.actor("supervisor"), timezone.now()
    with pytest.raises(Refused):
        keep_view(actor=actor, process="complaints", name="  ", query="view=all", at=at)
    for number in range(MOST):
        keep_view(actor=actor, process="complaints", name=f"视图{number}", query="view=all", at=at)
    with pytest.raises(Refused):
        keep_view(actor=actor, process="complaints", name="再来一个", query="view=all", at=at)
    keep_view(actor=actor, process="complaints", name="视图0", query="view=mine", at=at)
    assert list_views(actor=actor, process="complaints").get(name="视图0").query == "view=mine"


def bulk(client: Client, *, step: str, cases: list[Case], **typed: Any) -> Any:
    return client.post("/bulk/complaints/", {"step": step, "chosen": [case.key for case in cases], **typed})


def test_one_step_is_done_for_several_cases_and_each_tells_how_it_went(cast: Cast) -> None:
    ready = [classified(cast, home=number) for number in range(2)]
    early = registered(cast, home=2)
    client = at_desk(cast.supervisor)
    form = bulk(client, step="dispatch", cases=[*ready, early]).content.decode()
    assert form.count("可以办") == 2 and form.count("这个状态下办不了") == 1
    typed = {
        "doing": "1",
        "form_key": "k" * 20,
        "bulk-department": cast.department("engineering").pk,
        "bulk-handler": cast.engineer.pk,
        "bulk-tracker": cast.area_admin.pk,
    }
    done = bulk(client, step="dispatch", cases=[*ready, early], **typed).content.decode()
    assert done.count("已办") == 2 and done.count("没有办成") == 1
    for case in ready:
        case.refresh_from_db()
        assert (case.state, case.handler) == ("dispatched", cast.engineer)
    early.refresh_from_db()
    assert early.state == "registered"
    # sent once more, nothing is done twice
    assert bulk(client, step="dispatch", cases=ready, **typed).status_code == 200
    assert Event.objects.filter(kind="complaints.dispatched").count() == 2


def test_a_case_somebody_changed_meanwhile_is_left_alone(cast: Cast) -> None:
    case = classified(cast)
    answer = bulk(
        at_desk(cast.supervisor),
        step="progress",
        cases=[case],
        **{"doing": "1", f"seen:{case.key}": case.version - 1, "bulk-text": "已约师傅"},
    )
    assert "没有办成" in answer.content.decode()


def test_bulk_asks_for_the_permission_and_for_cases(cast: Cast) -> None:
    case = classified(cast)
    assert bulk(at_desk(cast.supervisor), step="dispatch", cases=[]).status_code == 422
    assert bulk(at_desk(cast.supervisor), step="reply", cases=[case]).status_code == 422
    assert bulk(at_desk(cast.front), step="close", cases=[case]).status_code == 403
    assert bulk(at_desk(make_cast(code="other").supervisor), step="dispatch", cases=[case]).status_code == 422


def test_what_is_typed_wrong_is_shown_again_with_the_cases(cast: Cast) -> None:
    case = classified(cast)
    answer = bulk(at_desk(cast.supervisor), step="pause", cases=[case], doing="1")
    assert answer.status_code == 422
    assert case.number in answer.content.decode()


def test_a_page_that_refreshes_itself_keeps_no_session_alive(cast: Cast) -> None:
    client = at_desk(cast.supervisor)
    client.get("/")
    session = client.session
    session["seen"] = int((timezone.now() - timedelta(minutes=10)).timestamp())
    session.save()
    assert client.get("/", headers={"X-Live": "1"}).status_code == 200
    assert client.session["seen"] == session["seen"]
    client.get("/")
    assert client.session["seen"] > session["seen"]


def test_a_live_part_of_somebody_logged_out_sends_the_page_to_the_log_in(cast: Cast) -> None:
    answer = Client().get("/complaints/", headers={"X-Live": "1"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login/?next=/complaints/")


def test_a_reminder_of_recurring_work_leads_to_where_it_is_done(cast: Cast) -> None:
    now = timezone.now()
    open_periods(now=now)
    owed = Obligation.objects.get(subject_type="timers.period", milestone="unanswered")
    for staff in (cast.supervisor, cast.engineer):
        message = Message.objects.create(
            site=cast.site, channel="bell", to_staff=staff, subject_type="timers.obligation", subject_id=owed.pk,
            text="核对未答复的投诉", dedup_key=f"one-{staff.pk}", queued_at=now,
        )  # fmt: skip
        Notice.objects.create(message=message, staff=staff, arrived_at=now)
    there = f'<a href="{reverse("complaints:unanswered")}">核对未答复的投诉</a>'
    assert there in at_desk(cast.supervisor).get(reverse("ui:inbox")).content.decode()
    assert there not in at_desk(cast.engineer).get(reverse("ui:inbox")).content.decode()


def test_a_visit_owed_is_reached_by_a_link_of_its_line(cast: Cast) -> None:
    case = handled(cast)
    page = at_desk(cast.supervisor).get(reverse("followups:list")).content.decode()
    assert f'href="{reverse("followups:visit", args=[case.follow_ups.get().pk])}">{case.title}</a>' in page


def test_whoever_handles_a_case_finds_the_home_and_goes_on_to_a_page_of_his(cast: Cast) -> None:
    case = working(cast)
    home = reverse("ui:household", args=[case.household_id])
    page = at_desk(cast.supervisor).get(reverse("ui:case", args=[case.key])).content.decode()
    assert f'<a href="{home}">{case.room.label}</a>' in page and "138****8000" in page
    assert case.caller_phone not in page
    for staff, place in ((cast.front, "enquiries:reception"), (cast.engineer, "ui:today")):
        done = at_desk(staff).get(f"{reverse('ui:case', args=[case.key])}?did=registered")
        assert [link.url for link in done.context["result"].links] == [reverse(place)]


def test_the_first_page_says_until_when(cast: Cast) -> None:
    registered(cast, at=timezone.now())
    assert re.search(r"(今天|明天) \d\d:\d\d 前", at_desk(cast.supervisor).get("/").content.decode())
