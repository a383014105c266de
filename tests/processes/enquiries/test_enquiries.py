"""A question is answered at once, or gets a time by which it will be; a suggestion gets a decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast, make_cast
from tests.processes.story import NINE, clock, later, registered

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.tick import tick
from yingsheng.processes.enquiries.models import Contact, Enquiry
from yingsheng.processes.enquiries.queries import contact_figures, last_contacts, list_contacts
from yingsheng.processes.enquiries.rules import reply_promise, rings_kept
from yingsheng.processes.enquiries.services import (
    answer_at_once,
    answer_enquiry,
    decide_suggestion,
    note_contact,
    promise_answer,
)


def answered(cast: Cast, **more: Any) -> Contact:
    """A question answered on the phone."""
    fields: dict[str, Any] = {
        "site": cast.site, "caller": cast.caller(), "channel": "phone", "reason": "装修要办什么手续",
        "answer": "带身份证和图纸到前台", "by": cast.front, "at": NINE, **more,
    }  # fmt: skip
    return answer_at_once(**fields)


def promised(cast: Cast, **more: Any) -> Case:
    """A question that needs looking up."""
    fields: dict[str, Any] = {
        "site": cast.site, "caller": cast.caller(), "channel": "phone", "title": "车位什么时候能租",
        "by": cast.front, "at": NINE, **more,
    }  # fmt: skip
    return promise_answer(**fields)


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, Case, Contact, Enquiry, Obligation, Message))


@pytest.mark.rule("B-02", "B-03", "B-04")
def test_a_question_answered_at_once_is_one_line_of_the_register(cast: Cast) -> None:
    before = Event.objects.count()
    contact = answered(cast, rings=2)
    assert (contact.outcome, contact.case_id, contact.at) == ("answered", None, NINE)
    assert (contact.caller_name, contact.caller_phone, contact.household) == (
        "钱女士", "13800138000", cast.homes[0],
    )  # fmt: skip
    assert (contact.reason, contact.answer) == ("装修要办什么手续", "带身份证和图纸到前台")
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("seq").kind == "enquiries.answered_at_once"
    assert not Case.objects.exists() and not Obligation.objects.exists()
    assert list(list_contacts(actor=cast.actor("front"))) == [contact]
    assert list(last_contacts(household=cast.homes[0], actor=cast.actor("front"))) == [contact]


@pytest.mark.rule("B-03", "B-04")
@pytest.mark.parametrize(
    ("change", "field", "rule"), [({"answer": "  "}, "answer", "B-03"), ({"reason": " "}, "reason", "B-04")]
)
def test_a_line_without_its_reason_or_answer_is_refused(
    cast: Cast, change: dict[str, str], field: str, rule: str
) -> None:
    before = written()
    with pytest.raises(Refused) as refused:
        answered(cast, **change)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert written() == before


@pytest.mark.rule("B-02")
def test_what_cannot_be_answered_at_once_gets_four_hours(cast: Cast) -> None:
    before = Event.objects.count()
    case = promised(cast)
    assert case.number == "ZX-20250303-0001"
    promise = clock(case, "reply")
    assert (promise.rule, promise.due_at, promise.responsible_staff) == ("B-02", later(4), cast.front)
    assert Event.objects.count() == before + 2  # its own, and that of the question left open (B-09)
    told = Message.objects.get(to_household=cast.homes[0])
    assert told.params["number"] == case.number
    assert datetime.fromisoformat(told.params["due"]) == later(4)
    assert Contact.objects.get().case == case
    assert Contact.objects.get().outcome == "promised"


@pytest.mark.rule("B-06")
def test_an_e_mail_is_answered_within_the_hour(cast: Cast) -> None:
    promise = clock(promised(cast, channel="email"), "reply")
    assert (promise.rule, promise.due_at) == ("B-06", later(1))


@pytest.mark.rule("B-02")
@pytest.mark.parametrize("channel", ["phone", "email"])
def test_a_time_agreed_with_the_caller_prevails(cast: Cast, channel: str) -> None:
    case = promised(cast, channel=channel, agreed_at=later(26))
    assert clock(case, "reply").due_at == later(26)
    assert case.enquiry.agreed_at == later(26)


@pytest.mark.rule("B-02")
def test_a_site_that_promises_less_time_keeps_it_from_that_day_on(cast: Cast) -> None:
    early = promised(cast)
    override_parameter(
        site=cast.site, path="B-02.reply_within", value=2, active_from=later(1), reason="业委会要求",
        by=cast.head, at=NINE,
    )  # fmt: skip
    late = promised(cast, at=later(1))
    assert clock(late, "reply").due_at == later(3)
    assert clock(early, "reply").due_at == later(4)


@pytest.mark.rule("B-02")
def test_where_nothing_is_asked_nothing_is_promised_but_an_agreed_time(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="B-02.reply_within", value="silent", active_from=NINE, reason="无此规定",
        by=cast.head, at=NINE,
    )  # fmt: skip
    case = promised(cast)
    assert not Obligation.objects.filter(subject_type="cases.case", subject_id=case.pk).exists()
    assert Message.objects.get(to_household=cast.homes[0]).params["due"] == ""
    assert clock(promised(cast, agreed_at=later(9)), "reply").due_at == later(9)


@pytest.mark.rule("B-02", "B-04")
@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"title": "  "}, "title", "B-04"),
        ({"caller": Caller(name="无名")}, "caller_phone", "B-04"),
        ({"agreed_at": NINE}, "agreed_at", "B-02"),
        ({"agreed_at": NINE - timedelta(days=1)}, "agreed_at", "B-02"),
    ],
)
def test_what_could_not_be_answered_is_not_taken_in(
    cast: Cast, change: dict[str, Any], field: str, rule: str
) -> None:
    before = written()
    with pytest.raises(Refused) as refused:
        promised(cast, **change)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert written() == before
    assert promised(cast).number == "ZX-20250303-0001"


@pytest.mark.rule("B-04")
def test_somebody_without_a_home_leaves_his_phone(cast: Cast) -> None:
    case = promised(cast, caller=Caller(name="孙外人", phone="13911112222"))
    told = Message.objects.get(subject_id=case.pk, to_staff=None)
    assert (told.to_household, told.to_name) == (None, "孙外人")


@pytest.mark.rule("B-02", "B-03", "B-07")
def test_the_promised_answer_ends_the_matter_and_keeps_the_promise(cast: Cast) -> None:
    case = promised(cast)
    before = Event.objects.count()
    answer_enquiry(case=case, by=cast.front, at=later(4), answer="下月一日起登记")
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.handled_at) == ("answered", later(4), later(4))
    assert (case.enquiry.answer, case.enquiry.answered_at) == ("下月一日起登记", later(4))
    promise = clock(case, "reply")
    assert promise.ended_at == later(4) and promise.state == Obligation.State.MET
    assert Event.objects.count() == before + 1
    told = Message.objects.filter(to_household=cast.homes[0]).latest("pk")
    assert told.params["answer"] == "下月一日起登记"
    assert case.next_due_at is None


@pytest.mark.rule("B-02")
def test_a_late_answer_is_late_and_was_announced(cast: Cast) -> None:
    case = promised(cast)
    tick(now=later(4.01))
    assert Message.objects.filter(to_staff=cast.front, dedup_key__startswith="alarm:").exists()
    answer_enquiry(case=case, by=cast.front, at=later(5), answer="下月一日起登记")
    assert clock(case, "reply").state == Obligation.State.LATE


@pytest.mark.rule("B-07")
def test_a_problem_is_classified_recorded_passed_on_solved_and_fed_back(cast: Cast) -> None:
    case = promised(cast, department=cast.department("engineering"))
    answer_enquiry(case=case, by=cast.engineer, at=later(1), answer="已查明")
    story = list(Event.objects.filter(subject_id=case.pk, kind__startswith="enquiries.").order_by("seq"))
    assert [event.kind for event in story] == ["enquiries.promised", "enquiries.answered"]
    assert (case.category, case.department) == ("enquiry", cast.department("engineering"))
    assert Message.objects.filter(subject_id=case.pk, to_household=cast.homes[0]).count() == 2


def test_an_answer_is_given_once(cast: Cast) -> None:
    case = promised(cast)
    answer_enquiry(case=case, by=cast.front, at=later(1), answer="一")
    before = written()
    with pytest.raises(Refused) as refused:
        answer_enquiry(case=case, by=cast.front, at=later(2), answer="二")
    assert refused.value.code == "illegal_step"
    with pytest.raises(Conflict):
        answer_enquiry(case=promised(cast), by=cast.front, at=later(2), answer="三", seen=99)
    assert Enquiry.objects.get(case=case).answer == "一"
    assert written()[3] == before[3] + 1


@pytest.mark.rule("B-08", "B-17")
def test_a_suggestion_is_a_class_of_its_own_and_goes_to_the_site_head_at_once(cast: Cast) -> None:
    case = promised(cast, kind="suggestion", title="加装快递柜")
    assert (case.category, case.enquiry.kind) == ("suggestion", "suggestion")
    passed_on = Message.objects.get(to_staff__isnull=False)
    assert (passed_on.to_staff, passed_on.rule, passed_on.queued_at) == (cast.head, "B-08", NINE)
    assert passed_on.params["number"] == case.number
    assert not Message.objects.filter(
        subject_id=promised(cast, at=later(1)).pk, to_staff__isnull=False
    ).exists()


@pytest.mark.rule("B-08")
def test_without_a_site_head_the_suggestion_goes_to_the_post_above(cast: Cast) -> None:
    cast.head.appointments.update(active_to=NINE - timedelta(days=1))
    promised(cast, kind="suggestion")
    assert Message.objects.filter(to_staff__isnull=False).exclude(to_staff=cast.head).exists()


@pytest.mark.rule("B-08")
@pytest.mark.parametrize("decision", ["adopted", "declined"])
def test_a_suggestion_is_decided_and_its_author_hears_of_it(cast: Cast, decision: str) -> None:
    case = promised(cast, kind="suggestion")
    before = Event.objects.count()
    decide_suggestion(case=case, by=cast.head, at=later(2), decision=decision, answer="下季度做")
    enquiry = Enquiry.objects.get(case=case)
    assert (enquiry.decision, enquiry.answer, enquiry.answered_at) == (decision, "下季度做", later(2))
    assert Case.objects.get(pk=case.pk).state == "answered"
    assert clock(case, "reply").ended_at == later(2)
    assert Event.objects.count() == before + 1
    told = Message.objects.filter(to_household=cast.homes[0]).latest("pk")
    assert (told.params["answer"], told.rule) == ("下季度做", "B-08")


@pytest.mark.rule("B-08")
def test_only_a_suggestion_is_decided(cast: Cast) -> None:
    case = promised(cast)
    before = written()
    with pytest.raises(Refused) as refused:
        decide_suggestion(case=case, by=cast.head, at=later(1), decision="adopted", answer="好")
    assert refused.value.rule == "B-08"
    assert written() == before
    assert Case.objects.get(pk=case.pk).state == "open"


@pytest.mark.rule("B-04", "B-07")
def test_a_call_that_became_a_case_stands_in_the_register_too(cast: Cast) -> None:
    case = registered(cast)
    before = Event.objects.count()
    contact = note_contact(
        site=cast.site, caller=cast.caller(), channel="phone", case=case, by=cast.front, at=NINE, rings=3
    )
    assert (contact.outcome, contact.case, contact.reason) == ("case", case, case.title)
    assert Event.objects.count() == before + 1


@pytest.mark.rule("B-06")
def test_figures_count_first_contacts_and_rings(cast: Cast) -> None:
    """KPI-09: answered at first contact of all contacts. KPI-11: in time of those whose rings were counted."""
    answered(cast, rings=1)
    answered(cast, rings=3)
    answered(cast, rings=4)
    answered(cast)
    promised(cast, rings=2)
    answered(cast, at=later(24), rings=9)
    other = make_cast(code="other", homes=1)
    answered(other, rings=1)
    limit = figure(path="B-06.rings", site=cast.site, at=NINE)
    found = contact_figures(site=cast.site, start=NINE, end=later(24), ring_limit=limit)
    assert (found.contacts, found.first_contact) == (5, 4)
    assert (found.rings_counted, found.rings_kept) == (4, 3)
    empty = contact_figures(site=cast.site, start=later(99), end=later(100), ring_limit=limit)
    assert (empty.contacts, empty.rings_counted) == (0, 0)


def test_the_register_shows_its_own_site_newest_first(cast: Cast) -> None:
    first, second = answered(cast), answered(cast, at=later(1))
    answered(make_cast(code="other", homes=1))
    assert list(list_contacts(actor=cast.actor("front"))) == [second, first]


@pytest.mark.rule("B-02", "B-06")
@given(
    channel=st.sampled_from(["phone", "visit", "letter", "fax", "email"]),
    agreed=st.none() | st.integers(min_value=1, max_value=10_000).map(lambda hours: later(hours)),
)
def test_an_agreed_time_always_prevails(channel: str, agreed: datetime | None) -> None:
    promise = reply_promise(channel=channel, agreed_at=agreed)
    assert promise.fixed_due_at == agreed
    expected = "B-06.email_within" if channel == "email" and agreed is None else "B-02.reply_within"
    assert promise.path == expected


@pytest.mark.rule("B-06")
@given(rings=st.none() | st.integers(1, 30), limit=st.none() | st.integers(1, 10))
def test_rings_are_judged_only_when_counted_and_asked_for(rings: int | None, limit: int | None) -> None:
    kept = rings_kept(rings=rings, limit=limit)
    if rings is None or limit is None:
        assert kept is None
    else:
        assert kept is (rings <= limit)
