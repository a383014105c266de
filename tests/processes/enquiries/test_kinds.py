"""Suggestions, calls for help and praise go their own ways; the month tells each kind apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast
from tests.processes.story import NINE, later

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import next_steps
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.enquiries.models import Contact, Enquiry
from yingsheng.processes.enquiries.process import ENQUIRIES
from yingsheng.processes.enquiries.queries import count_praises, kind_figures
from yingsheng.processes.enquiries.rules import needs_case, plan_is_whole, reply_promise
from yingsheng.processes.enquiries.services import (
    answer_at_once,
    answer_enquiry,
    check_improvement,
    decide_suggestion,
    finish_help,
    pass_praise,
    promise_answer,
    send_help,
    thank_back,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
KINDS = ("enquiry", "suggestion", "help", "praise", "direction", "business")


def taken_in(cast: Cast, kind: str, *, at: datetime = NINE, **fields: Any) -> Case:
    return promise_answer(
        site=cast.site, caller=cast.caller(), channel="phone", title="一件事", kind=kind, by=cast.front, at=at, **fields
    )  # fmt: skip


def clock(case: Case, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type="cases.case", subject_id=case.pk, milestone=milestone
    ).latest("round")


@pytest.mark.rule("B-02", "B-06", "B-07", "B-08")
@pytest.mark.parametrize(
    ("kind", "channel", "path"),
    [
        ("enquiry", "phone", "B-02.reply_within"), ("enquiry", "email", "B-06.email_within"),
        ("direction", "visit", "B-02.reply_within"), ("suggestion", "email", "B-08.decide_within"),
        ("help", "phone", "B-07.help_told_within"), ("praise", "letter", "B-07.thank_within"),
    ],
)  # fmt: skip
def test_each_kind_has_its_own_promise(kind: str, channel: str, path: str) -> None:
    assert reply_promise(kind=kind, channel=channel, agreed_at=None).path == path


@given(kind=st.sampled_from(KINDS), channel=st.sampled_from(("phone", "email", "visit")))
def test_what_was_agreed_with_the_caller_prevails_for_every_kind(kind: str, channel: str) -> None:
    assert reply_promise(kind=kind, channel=channel, agreed_at=NINE).fixed_due_at == NINE


@pytest.mark.rule("B-08")
@given(
    plan=st.text(max_size=5),
    day=st.none() | st.dates(),
    decision=st.sampled_from(("adopted", "improve", "declined")),
)
def test_only_a_promised_improvement_needs_a_plan(plan: str, day: date | None, decision: str) -> None:
    whole = plan_is_whole(decision=decision, plan=plan, plan_date=day)
    assert whole is (decision != "improve" or bool(plan.strip() and day))


@pytest.mark.rule("B-08")
def test_an_improvement_is_planned_checked_and_told(cast: Cast) -> None:
    case = taken_in(cast, "suggestion")
    assert clock(case, "reply").rule == "B-08"
    for plan, day, field in (("", None, "plan"), ("加一排架子", date(2025, 3, 1), "plan_date")):
        with pytest.raises(Refused) as refused:
            decide_suggestion(
                case=case,
                by=cast.head,
                at=later(2),
                decision="improve",
                answer="会改",
                plan=plan,
                plan_date=day,
            )
        assert refused.value.field == field
    before = Event.objects.count()
    case = decide_suggestion(
        case=case, by=cast.head, at=later(2), decision="improve", answer="会改", plan="加一排架子",
        plan_date=date(2025, 3, 10), responsible=cast.engineer,
    )  # fmt: skip
    assert (case.state, case.handler, case.closed_at) == ("improving", cast.engineer, None)
    assert clock(case, "reply").state == "met"
    due = clock(case, "plan_check")
    assert (due.due_at.date(), due.responsible_staff) == (date(2025, 3, 17), cast.engineer)
    at = NINE + timedelta(days=8)
    with pytest.raises(Refused):
        check_improvement(case=case, by=cast.head, at=at, done="no", finding="还没装")
    case = check_improvement(
        case=case, by=cast.head, at=at, done="no", finding="还没装", new_date=date(2025, 3, 20)
    )
    assert (case.state, clock(case, "plan_check").due_at.date()) == ("improving", date(2025, 3, 27))
    case = check_improvement(
        case=case, by=cast.head, at=at + timedelta(days=12), done="yes", finding="装好了"
    )
    assert case.state == "answered" and case.closed_at is not None
    assert "装好了" in Message.objects.filter(to_household=cast.homes[0]).latest("pk").params["answer"]
    assert Event.objects.count() == before + 3


@pytest.mark.rule("B-07")
def test_a_call_for_help_has_somebody_sent_and_its_result_told(cast: Cast) -> None:
    case = taken_in(cast, "help")
    assert clock(case, "help_sent").due_at == NINE + timedelta(minutes=10)
    assert clock(case, "reply").due_at == later(2)
    case = send_help(case=case, by=cast.front, at=NINE + timedelta(minutes=4), helper=cast.engineer)
    assert (case.state, clock(case, "help_sent").state) == ("helping", "met")
    assert clock(case, "reply").responsible_staff == cast.engineer
    assert Message.objects.filter(to_staff=cast.engineer, rule="B-07").exists()
    case = send_help(case=case, by=cast.front, at=NINE + timedelta(minutes=9), helper=cast.front)
    case = finish_help(case=case, by=cast.front, at=later(1), answer="已送回家")
    assert (case.state, clock(case, "reply").state) == ("answered", "met")
    assert Enquiry.objects.get(case=case).helper == cast.front


@pytest.mark.rule("B-07")
def test_praise_is_told_to_the_praised_and_his_superior_and_counted(cast: Cast) -> None:
    case = taken_in(cast, "praise")
    with pytest.raises(Refused):
        thank_back(case=case, by=cast.front, at=later(1), answer="谢谢您")
    case = pass_praise(case=case, by=cast.supervisor, at=later(1), praised=cast.engineer)
    assert clock(case, "praise_told").state == "met"
    told = set(
        Message.objects.filter(rule="B-07", to_staff__isnull=False).values_list("to_staff__name", flat=True)
    )
    assert told == {"赵工程", "冯部长"}
    case = thank_back(case=case, by=cast.front, at=later(20), answer="谢谢您")
    assert (case.state, clock(case, "reply").state) == ("answered", "met")
    count = {"site": cast.site, "staff_id": cast.engineer.pk}
    assert count_praises(**count, start=NINE, end=later(24)) == 1  # type: ignore[arg-type]
    assert count_praises(**count, start=later(2), end=later(24)) == 0  # type: ignore[arg-type]


@pytest.mark.rule("B-07", "B-08")
@pytest.mark.parametrize("kind", ["suggestion", "help", "praise"])
def test_none_of_them_ends_by_a_mere_answer(cast: Cast, kind: str) -> None:
    assert needs_case(kind=kind)
    case = taken_in(cast, kind)
    with pytest.raises(Refused):
        answer_enquiry(case=case, by=cast.front, at=later(1), answer="好的")
    assert ENQUIRIES.open is not None
    made = ENQUIRIES.open(
        actor=cast.actor("front"), at=later(2), caller=cast.caller(), title="又一件", answer="当场谢过", kind=kind,
        channel="phone", body="", agreed_at=None,
    )  # fmt: skip
    assert isinstance(made, Case) and made.body == "当场谢过"


@pytest.mark.rule("B-17")
@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("enquiry", {"answer"}), ("suggestion", {"decide"}), ("help", {"send_help"}),
        ("praise", {"pass_praise", "thank"}),
        ("direction", {"answer"}),
    ],
)  # fmt: skip
def test_each_kind_is_offered_its_own_steps(cast: Cast, kind: str, steps: set[str]) -> None:
    case = taken_in(cast, kind)
    offered = {one.step.code for one in next_steps(case=case, subject=case, actor=cast.actor("head"))}
    assert offered == steps | {"assign", "contact"}
    kept = processes.get("enquiries").step_keeping(milestone="reply", state="open", case=case)
    assert (kept.code if kept else "") in steps | {""}


def test_a_step_of_another_kind_is_refused(cast: Cast) -> None:
    case = taken_in(cast, "help")
    with pytest.raises(Refused):
        pass_praise(case=case, by=cast.front, at=later(1), praised=cast.engineer)


@pytest.mark.rule("B-17", "B-07")
def test_the_month_counts_each_kind(cast: Cast) -> None:
    answer_at_once(
        site=cast.site,
        caller=cast.caller(),
        channel="phone",
        reason="几点开门",
        answer="八点",
        by=cast.front,
        at=NINE,
    )
    case = taken_in(cast, "help")
    send_help(case=case, by=cast.front, at=NINE, helper=cast.front)
    finish_help(case=case, by=cast.front, at=later(3), answer="好了")
    taken_in(cast, "praise")
    found = {one.kind: one for one in kind_figures(actor=cast.actor("front"), year=2025, month=3)}
    assert set(found) == set(KINDS)
    assert found["enquiry"].settled_at_once == Contact.objects.filter(outcome="answered").count() == 1
    assert (found["help"].opened, found["help"].closed, found["help"].in_time, found["help"].late) == (
        1,
        1,
        0,
        1,
    )
    assert (found["praise"].opened, found["praise"].closed) == (1, 0)
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    page = client.get(reverse("enquiries:month"), {"month": "2025-03"}).content.decode()
    assert "求助" in page and "category=help" in page
    assert client.get(reverse("enquiries:month"), {"month": "nonsense"}).status_code == 200
    listed = client.get(reverse("enquiries:list"), {"view": "all", "category": "praise"}).content.decode()
    assert '<option value="praise" selected' in listed
    assert "ZX-20250303-0002" in listed and "ZX-20250303-0001" not in listed


def test_the_desk_chooses_the_kind_by_chips(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    url = f"{reverse('enquiries:reception')}?household={cast.homes[0].pk}&start=enquiries"
    page = client.get(url).content.decode()
    assert page.count('type="radio" name="kind"') == len(KINDS)
