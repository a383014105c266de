"""Taking complaints in: what is kept, what starts, who is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import NINE, classified, clock, later, registered

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.tick import tick
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process.words import CHANNELS
from yingsheng.processes.complaints.services import answering, handling, intake, night


@pytest.mark.rule("C-01", "C-04")
@pytest.mark.parametrize("channel", [code for code, _label in CHANNELS])
def test_every_channel_is_taken_in_and_numbered_by_the_centre(cast: Cast, channel: str):
    case = registered(cast, channel=channel)
    assert case.channel == channel
    assert case.number == "TS-20250303-0001"


@pytest.mark.rule("C-01", "C-55")
@pytest.mark.parametrize(
    ("channel", "forwarded"),
    [("hotline", True), ("company_fax", True), ("company_mail", True), ("fax", False), ("email", False)],
)
def test_what_came_through_the_company_is_reported_back_to_it(cast: Cast, channel: str, forwarded: bool):
    assert Complaint.objects.get(case=registered(cast, channel=channel)).forwarded_by_hq is forwarded


@pytest.mark.rule("C-03")
def test_complaints_are_taken_at_any_hour(cast: Cast):
    case = registered(cast, at=later(18))  # three in the night
    assert clock(case, "contact").due_at == later(20)


@pytest.mark.rule("C-09", "C-10")
def test_the_record_keeps_what_was_said(cast: Cast):
    case = registered(
        cast,
        place="厨房",
        happened_at=later(-2),
        respondent="维修班",
        demand="今天修好",
        situation="facilities",
    )
    complaint = Complaint.objects.get(case=case)
    assert (complaint.place, complaint.happened_at, complaint.respondent, complaint.demand) == (
        "厨房",
        later(-2),
        "维修班",
        "今天修好",
    )
    assert (case.caller_name, case.caller_phone, case.room) == ("钱女士", "13800138000", cast.homes[0].room)


@pytest.mark.rule("C-09")
@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": "  "}, "title"), ({"caller": Caller(name="无名")}, "caller_phone")],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_written(
    cast: Cast, change: dict[str, object], field: str
):
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        registered(cast, **change)
    assert refused.value.field == field
    assert not Case.objects.exists()
    assert Event.objects.count() == before


@pytest.mark.rule("C-33", "C-87", "C-16")
def test_clocks_start_at_registration_and_the_caller_learns_the_time(cast: Cast):
    case = registered(cast)
    promised = {row.milestone: row.due_at for row in Obligation.objects.filter(subject_id=case.pk)}
    assert promised == {"assign": later(2), "contact": later(2), "verify": later(2)}
    case.refresh_from_db()
    assert case.next_due_at == later(2)
    told = Message.objects.get(to_household=cast.homes[0])
    assert told.params["due"].startswith("2025-03-03T03:00")
    assert told.params["number"] == case.number


@pytest.mark.rule("C-13", "C-71")
def test_the_supervisor_is_told(cast: Cast):
    case = registered(cast)
    assert Message.objects.filter(to_staff=cast.supervisor, subject_id=case.pk, rule="C-13").count() == 1


@pytest.mark.rule("C-84")
def test_a_passer_by_is_taken_in_without_a_home(cast: Cast):
    case = registered(cast, caller=Caller(name="孙外人", phone="13911112222"))
    assert case.household is None
    assert Message.objects.filter(to_household__isnull=True, to_name="孙外人").exists()


@pytest.mark.rule("C-78")
def test_a_complaint_about_a_colleague_is_sealed_until_decided(cast: Cast):
    case = registered(cast, respondent_staff=cast.assistant)
    assert case.confidentiality == "sealed"


@pytest.mark.rule("C-05", "C-12")
def test_who_heard_it_first_is_kept(cast: Cast):
    case = registered(cast, first_heard_by=cast.lobby)
    assert Complaint.objects.get(case=case).first_heard_by == cast.lobby


@pytest.mark.example("T-C01")
@pytest.mark.rule("C-12", "C-13", "C-42", "C-61")
def test_example_c01_solved_in_the_lobby(cast: Cast):
    case = registered(cast, first_heard_by=cast.lobby)
    case = intake.solve_on_spot(
        case=case, by=cast.front, at=later(0.5), result="当场清理", solved_at=later(1 / 3)
    )
    assert case.state == "handled"
    assert clock(case, "onspot_report").due_at.astimezone(SHANGHAI).strftime("%H:%M") == "10:20"
    assert clock(case, "onspot_report").state == "met"
    assert clock(case, "onspot_reply").due_at.astimezone(SHANGHAI).strftime("%H:%M") == "11:20"
    assert clock(case, "contact").state == "void"


def test_a_solution_in_the_future_is_refused(cast: Cast):
    case = registered(cast)
    with pytest.raises(Refused) as refused:
        intake.solve_on_spot(case=case, by=cast.front, at=later(1), result="x", solved_at=later(2))
    assert refused.value.field == "solved_at"


@pytest.mark.rule("C-18", "C-22", "C-26", "C-37", "C-39", "C-40")
def test_classification_sets_both_axes_and_starts_the_limits(cast: Cast):
    case = classified(cast, situation="facilities")
    assert (case.state, case.validity, case.severity) == ("classified", "valid", "serious")
    assert clock(case, "solve").due_at == later(72)
    assert clock(case, "escalate").state == "met"
    assert Message.objects.filter(to_staff=cast.area_supervisor, subject_id=case.pk).exists()


@pytest.mark.rule("C-37")
def test_a_late_classification_is_a_late_report(cast: Cast):
    case = classified(cast, at=later(3))
    assert clock(case, "escalate").state == "late"


@pytest.mark.example("T-C07")
@pytest.mark.rule("C-23")
@pytest.mark.rule("C-46")
def test_example_c07_municipal_noise(cast: Cast):
    case = classified(cast, cause="environment")
    assert (case.validity, case.severity) == ("assist", "minor")
    assert clock(case, "negotiate").due_at == later(24, minutes=20)


@pytest.mark.rule("C-19", "C-20", "C-29")
@pytest.mark.parametrize(
    ("preset", "detail"), [("C/composite", "valid"), ("C/001-H", "valid_1"), ("C/001-I", "valid")]
)
def test_the_adopted_regulation_names_the_class(cast: Cast, preset: str, detail: str):
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)
    case = classified(cast)
    assert Complaint.objects.get(case=case).validity_detail == detail


@pytest.mark.rule("C-19", "B-17", "R-15")
def test_a_demand_is_no_complaint(cast: Cast):
    case = classified(cast, cause="paid_repair")
    assert case.state == "converted"
    assert case.closed_at is not None
    assert not Obligation.objects.filter(subject_id=case.pk, state="armed").exists()


@pytest.mark.rule("C-21")
def test_loss_above_the_threshold_is_major(cast: Cast):
    assert classified(cast, loss_fen=600_000).severity == "major"


@pytest.mark.rule("C-21")
def test_severity_is_made_lighter_only_with_a_reason(cast: Cast):
    case = classified(cast, severity="major")
    with pytest.raises(Refused) as refused:
        intake.classify_complaint(case=case, by=cast.supervisor, at=later(1), cause="own_service")
    assert refused.value.field == "reason"
    case = intake.classify_complaint(
        case=case, by=cast.supervisor, at=later(1), cause="own_service", our_fault=True, reason="登记时听错"
    )
    assert case.severity == "serious"


@pytest.mark.rule("C-67")
def test_an_invalid_one_loses_its_other_clocks(cast: Cast):
    case = classified(cast, cause="grumbling")
    assert clock(case, "contact").state == "void"
    assert clock(case, "reply").due_at == later(2, minutes=20)


@pytest.mark.rule("C-21", "C-24")
def test_after_a_month_unsolved_it_becomes_major_by_itself(cast: Cast):
    case = classified(cast)
    tick(now=later(24 * 32))
    case.refresh_from_db()
    assert case.severity == "major"
    assert clock(case, "auto_upgrade").state in ("met", "late")
    assert clock(case, "major_report").state in ("met", "late")
    assert clock(case, "solve").round == 2
    assert Event.objects.filter(kind="complaints.upgraded", subject_id=case.pk, rule="C-24").count() == 1
    assert Message.objects.filter(to_staff=cast.head, subject_id=case.pk, rule="C-37").exists()


def test_two_supervisors_at_once_one_is_told(cast: Cast):
    case = registered(cast)
    intake.classify_complaint(
        case=case, by=cast.supervisor, at=later(0.1), cause="own_service", seen=case.version
    )
    with pytest.raises(Conflict):
        intake.classify_complaint(
            case=case, by=cast.head, at=later(0.2), cause="developer", seen=case.version
        )


def test_registering_costs_no_more_than_fifteen_statements(cast: Cast):
    registered(cast)
    caller = cast.caller(1)
    with CaptureQueriesContext(connection) as queries:
        registered(cast, caller=caller)
    # two of them look up rule versions, which a running program has committed and remembers
    assert len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 15


@pytest.mark.rule("C-12", "C-61")
def test_example_c01_entered_after_it_was_settled_the_hour_counts_from_settling(cast: Cast):
    case = registered(cast, at=later(1.5), first_heard_by=cast.lobby)
    case = intake.solve_on_spot(
        case=case, by=cast.front, at=later(1.6), result="当场清理", solved_at=later(1 / 3)
    )
    report = clock(case, "onspot_report")
    assert (report.due_at, report.state) == (later(4 / 3), "late")
    assert clock(case, "onspot_reply").due_at == later(7 / 3)
    assert case.received_at == later(1 / 3)


@pytest.mark.rule("C-13", "C-33")
def test_what_was_heard_earlier_runs_from_then_and_shows_that_it_was_entered_late(cast: Cast):
    case = registered(cast, at=later(1), heard_at=NINE)
    assert clock(case, "contact").due_at == later(2)
    assert (clock(case, "log").state, clock(case, "log").rule) == ("late", "C-13")
    assert clock(registered(cast, at=later(1.1), heard_at=later(1)), "log").state == "met"
    with pytest.raises(Refused) as refused:
        registered(cast, at=later(1), heard_at=later(2))
    assert refused.value.field == "heard_at"


@pytest.mark.rule("C-80", "C-33", "C-87")
def test_what_came_at_night_is_promised_from_the_morning_on(cast: Cast):
    night_log = {"channel": "night_log", "heard_at": later(14)}  # eleven at night, copied in the morning
    case = registered(cast, at=later(24.5), **night_log)
    assert clock(case, "night_open").due_at == later(24)
    assert clock(case, "contact").due_at == later(26)
    assert clock(case, "assign").due_at == later(26)
    early = registered(cast, at=later(23), **night_log)
    night.take_over(case=early, by=cast.assistant, at=later(23.5), department=cast.department("engineering"))
    assert clock(early, "night_open").state == "met"
    assert clock(early, "contact").due_at == later(25.5)
    assert not Obligation.objects.filter(subject_id=case.pk, milestone="log").exists()


@pytest.mark.rule("B-06", "C-33")
@pytest.mark.parametrize("first", ["contact", "reply"])
def test_a_complaint_by_e_mail_is_answered_within_the_hour_of_e_mails(cast: Cast, first: str):
    case = registered(cast, channel="email")
    promise = clock(case, "email_answer")
    assert (promise.rule, promise.due_at, promise.responsible_role) == ("B-06", later(1), "FRONT_DESK")
    receipt = Message.objects.get(to_household=cast.homes[0], rule="C-33")
    assert datetime.fromisoformat(str(receipt.params["due"])) == later(1)
    if first == "contact":
        handling.contact_household(
            case=case, by=cast.front, at=later(0.8), person="钱女士", agreed_reply_at=later(20)
        )
    else:
        case = intake.solve_on_spot(case=case, by=cast.front, at=later(0.5), result="已换灯泡")
        answering.reply_to_household(
            case=case, by=cast.front, at=later(0.8), modes=["face", "email"], said="已换好"
        )
    assert clock(case, "email_answer").state == "met"
    assert not Obligation.objects.filter(
        subject_id=registered(cast, home=1).pk, milestone="email_answer"
    ).exists()


@pytest.mark.example("T-C31")
@pytest.mark.rule("C-19", "C-29")
@pytest.mark.parametrize(("cause", "detail"), [("no_claim", "invalid_c"), ("grumbling", "invalid_c")])
def test_example_c31_in_an_office_building_grumbling_without_a_respondent_is_invalid(
    cast: Cast, cause: str, detail: str
):
    adopt_preset(site=cast.site, preset="C/001-H", active_from=NINE, reason="写字楼", by=cast.head, at=NINE)
    case = registered(cast, title="就是觉得不好", respondent="", demand="")
    case = intake.classify_complaint(case=case, by=cast.supervisor, at=later(0.3), cause=cause)
    assert (case.validity, Complaint.objects.get(case=case).validity_detail) == ("invalid", detail)
    assert Event.objects.get(kind="complaints.classified", subject_id=case.pk).rule == "C-19"
