"""What goes on beside the handling: confirming, asking a department, the night, a leak, scope and posts by the book."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import Cast, make_home
from tests.processes.story import NINE, classified, clock, handled, later, prepared, registered, working

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process.sheets import describe
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.queries.unanswered import list_of_the_night
from yingsheng.processes.complaints.rules.clocks import (
    ESCALATE,
    NEGOTIATE,
    NIGHT,
    decide_clocks,
    in_the_night,
    next_morning,
)
from yingsheng.processes.complaints.rules.facts import Facts
from yingsheng.processes.complaints.services import answering, asking, handling, intake, night, recording

ZONE = ZoneInfo("Asia/Shanghai")
ELEVEN_AT_NIGHT = datetime(2025, 3, 3, 23, 0, tzinfo=ZONE)
HOURS = st.times().map(lambda clock: clock.strftime("%H:%M"))
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(ZONE)
)


def hired(cast: Cast, role: str, *, department: str | None = "service") -> Staff:
    staff = org.hire(
        site=cast.site, username=f"x-{role}".lower(), name="常夜班", password=None, by=None, at=later(-99)
    )
    org.appoint(staff=staff, site=cast.site, role=role, department=department, by=None, at=later(-99))
    return staff


# -- C-11 ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("C-11")
def test_the_household_confirms_the_record_and_the_sheet_shows_it(cast: Cast):
    case = registered(cast)
    with pytest.raises(Refused) as refused:
        recording.confirm_record(case=case, by=cast.front, at=later(1), signed_by="钱女士")
    assert refused.value.rule == "C-11"
    recording.confirm_record(case=case, by=cast.front, at=later(1), signed_by="钱女士", reference="YJ-0031")
    complaint = Complaint.objects.get(case=case)
    assert (complaint.record_confirmed_by, complaint.record_confirmed_at) == ("钱女士", later(1))
    assert Event.objects.filter(kind="complaints.record_confirmed", subject_id=case.pk).count() == 1
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    sheet = client.get(f"/cases/{case.key}/sheets/opinion/").content.decode()
    for words in ("用户意见受理表", "钱女士", "YJ-0031", "2025-03-03 10:00"):
        assert words in sheet
    assert "YJ-0031" in client.get(f"/cases/{case.key}/").content.decode()


@pytest.mark.rule("C-11")
def test_where_the_rule_wants_the_owners_words_a_signature_is_not_enough(cast: Cast):
    override_parameter(
        site=cast.site, path="C-11.confirmation", value="own_statement", active_from=NINE, reason="001",
        by=cast.head, at=NINE,
    )  # fmt: skip
    case = registered(cast)
    with pytest.raises(Refused) as refused:
        recording.confirm_record(case=case, by=cast.front, at=later(1), signed_by="钱女士", reference="1")
    assert refused.value.field == "statement"
    recording.confirm_record(case=case, by=cast.front, at=later(1), signed_by="钱女士", statement="属实")


# -- C-43 ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("C-43", "C-85")
def test_another_department_is_asked_sees_the_case_and_answers_to_the_owner(cast: Cast):
    security = hired(cast, "SEC_HEAD", department="security")
    case = working(cast)
    from yingsheng.kernel.org.access import actor_for

    its = actor_for(staff=security, site=cast.site, at=later(1))
    assert not visible_cases(actor=its).filter(pk=case.pk).exists()
    asking.ask_department(
        case=case,
        by=cast.engineer,
        at=later(1),
        department=cast.department("security"),
        question="能否调监控",
    )
    assert visible_cases(actor=its).filter(pk=case.pk).exists()
    owed = clock(case, "consult")
    assert (owed.rule, owed.responsible_staff, owed.due_at) == ("C-43", security, later(5))
    assert Message.objects.filter(to_staff=security, rule="C-43").count() == 1
    with pytest.raises(Refused):
        asking.ask_department(
            case=case, by=cast.engineer, at=later(2), department=cast.department("security"), question="再问"
        )
    with pytest.raises(Refused, match="人答复"):
        asking.answer_asked(case=case, actor=cast.actor("engineer"), at=later(3), answer="我替他答")
    asking.answer_asked(case=case, actor=its, at=later(3), answer="已调，明早给结果")
    assert clock(case, "consult").state == "met"
    assert Message.objects.filter(to_staff=cast.engineer, rule="C-43").count() == 1
    assert Message.objects.filter(to_household=case.household, rule="C-43").count() == 1
    assert not visible_cases(actor=its).filter(pk=case.pk).exists()
    asking.ask_department(
        case=case, by=cast.engineer, at=later(4), department=cast.department("security"), question="还有一处"
    )
    assert clock(case, "consult").round == 2


@pytest.mark.rule("C-43")
def test_an_answer_still_owed_falls_away_with_the_matter_settled(cast: Cast):
    case = working(cast)
    asking.ask_department(
        case=case, by=cast.engineer, at=later(1), department=cast.department("service"), question="备件有吗"
    )
    handling.finish_handling(
        case=prepared(cast, case, at=later(1.5)),
        by=cast.engineer,
        at=later(2),
        method="更换",
        result="修好",
        prevention="每季巡检",
    )
    assert clock(case, "consult").state == "void"


# -- C-80, C-03 ---------------------------------------------------------------------------------------------


@given(MOMENTS, HOURS)
@pytest.mark.rule("C-80")
def test_the_next_morning_is_ahead_and_within_a_day(at: datetime, hour: str):
    morning = next_morning(at=at, hour=hour)
    assert timedelta(0) < morning - at <= timedelta(days=1)
    assert morning.astimezone(ZONE).strftime("%H:%M") == hour


@given(MOMENTS, HOURS, HOURS)
@pytest.mark.rule("C-80")
def test_every_moment_is_of_the_day_or_of_the_night(at: datetime, begins: str, ends: str):
    if begins != ends:
        assert in_the_night(at=at, begins=begins, ends=ends) != in_the_night(at=at, begins=ends, ends=begins)


@pytest.mark.rule("C-03", "C-80")
def test_at_night_a_complaint_is_taken_and_waits_for_the_morning(cast: Cast):
    keeper, duty = hired(cast, "NIGHT_DUTY"), hired(cast, "DUTY")
    case = registered(cast, by=keeper, at=ELEVEN_AT_NIGHT)
    owed = clock(case, NIGHT)
    assert owed.due_at == datetime(2025, 3, 4, 9, 0, tzinfo=ZONE)
    assert (owed.rule, owed.responsible_role) == ("C-80", "CS_ASSIST")
    assert Message.objects.filter(to_staff=duty, rule="C-03").count() == 1
    assert [one.pk for one in list_of_the_night(actor=cast.actor("assistant"))] == [case.pk]
    client = Client()
    client.force_login(cast.assistant, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get("/today/lists/").content.decode()
    assert "昨夜来件" in page and case.number in page
    eight = datetime(2025, 3, 4, 8, 0, tzinfo=ZONE)
    night.take_over(case=case, by=cast.assistant, at=eight, department=cast.department("engineering"))
    assert clock(case, NIGHT).state == "met"
    assert Message.objects.filter(to_staff=cast.engineering_head, rule="C-80").count() == 1
    assert not list_of_the_night(actor=cast.actor("assistant")).exists()
    assert "昨夜来件" not in client.get("/today/lists/").content.decode()


@pytest.mark.rule("C-80")
def test_by_day_or_while_harm_goes_on_nothing_waits(cast: Cast):
    keeper = hired(cast, "NIGHT_DUTY")
    by_day = registered(cast, by=keeper)
    harm = registered(cast, home=1, by=keeper, at=ELEVEN_AT_NIGHT, ongoing_harm=True)
    logged = registered(cast, home=2, channel="night_log")
    assert list(Complaint.objects.filter(night=True).values_list("case_id", flat=True)) == [logged.pk]
    for case in (by_day, harm):
        with pytest.raises(Refused):
            night.take_over(
                case=case, by=cast.assistant, at=later(20), department=cast.department("engineering")
            )


@pytest.mark.rule("C-80")
def test_classifying_in_the_morning_opens_it_too(cast: Cast):
    case = registered(cast, channel="night_log", at=ELEVEN_AT_NIGHT)
    intake.classify_complaint(
        case=case, by=cast.supervisor, at=datetime(2025, 3, 4, 8, 30, tzinfo=ZONE), cause="own_service"
    )
    assert clock(case, NIGHT).state == "met"


# -- C-82 ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("C-82")
def test_a_leak_from_above_names_the_other_home_and_the_contact_with_it(cast: Cast):
    above = make_home(site=cast.site, number=100).room
    case = registered(cast)
    with pytest.raises(Refused) as refused:
        intake.classify_complaint(
            case=case, by=cast.supervisor, at=later(0.2), cause="own_service", liable="upstairs"
        )
    assert (refused.value.rule, refused.value.field) == ("C-82", "other_room")
    case = intake.classify_complaint(
        case=case, by=cast.supervisor, at=later(0.2), cause="own_service", liable="upstairs", other_room=above
    )
    handling.dispatch_complaint(
        case=case,
        by=cast.supervisor,
        at=later(0.5),
        department=cast.department("engineering"),
        handler=cast.engineer,
    )
    sent = Event.objects.get(kind="complaints.dispatched").data
    assert (sent["liable"], sent["other_room"]) == ("upstairs", above.label)
    prepared(cast, case)
    finish = {"method": "通知楼上维修", "result": "已修", "prevention": "巡查"}
    with pytest.raises(Refused) as unheard:
        handling.finish_handling(case=case, by=cast.engineer, at=later(1), **finish)
    assert unheard.value.rule == "C-82"
    recording.contact_other_household(
        case=case, by=cast.engineer, at=later(2), person="孙业主", reached=False, said="楼上出差，后天回来"
    )
    told = Message.objects.filter(to_household=case.household, rule="C-82")
    assert told.get().params["note"] == "楼上出差，后天回来"
    handling.finish_handling(case=case, by=cast.engineer, at=later(3), **finish)


@pytest.mark.rule("C-82")
def test_without_another_home_there_is_nobody_to_contact(cast: Cast):
    with pytest.raises(Refused):
        recording.contact_other_household(
            case=classified(cast), by=cast.engineer, at=later(1), person="谁", reached=True, said="好"
        )


# -- presets and posts by the book --------------------------------------------------------------------------


@pytest.mark.rule("C-29")
def test_what_the_adopted_regulation_does_not_mean_is_answered_and_no_more(cast: Cast):
    facts = Facts(received_at=NINE, validity="assist", classified_at=NINE)
    everything = figures_under(site=cast.site, at=NINE)
    own_only = figures_under(site=cast.site, at=NINE, preset="C/000")
    assert NEGOTIATE in {one.milestone for one in decide_clocks(facts=facts, figures=everything)}
    assert decide_clocks(facts=facts, figures=own_only) == ()
    serious = Facts(received_at=NINE, validity="valid", severity="serious", classified_at=NINE)
    assert ESCALATE in {one.milestone for one in decide_clocks(facts=serious, figures=own_only)}


@pytest.mark.rule("C-38")
def test_a_serious_one_reaches_the_post_that_handles_it(cast: Cast):
    override_parameter(
        site=cast.site, path="C-38.serious_handler", value="DEPT_MGR", active_from=NINE, reason="000", by=cast.head,
        at=NINE,
    )  # fmt: skip
    classified(cast, severity="serious")
    assert Message.objects.filter(rule="C-38", to_staff=cast.department_manager).count() == 1


@pytest.mark.rule("B-15")
def test_a_major_one_reaches_the_site_head_whatever_the_ladder_says(cast: Cast):
    override_parameter(
        site=cast.site,
        path="C-37.major_report_to",
        value="CO_MGR",
        active_from=NINE,
        reason="000",
        by=cast.head,
        at=NINE,
    )
    classified(cast, severity="major")
    assert Message.objects.filter(rule="B-15", to_staff=cast.head).count() == 1


@pytest.mark.rule("C-51")
def test_in_a_park_the_result_goes_to_unit_and_manager_too(cast: Cast):
    handled(cast)
    assert not Message.objects.filter(rule="C-51").exists()
    adopt_preset(
        site=cast.site, preset="C/003-4", active_from=later(9), reason="园区", by=cast.head, at=later(9)
    )
    handling.finish_handling(
        case=prepared(cast, working(cast, home=1)),
        by=cast.engineer,
        at=later(10),
        method="更换",
        result="修好",
        prevention="巡检",
    )
    told = {message.to_staff for message in Message.objects.filter(rule="C-51")}
    assert told == {cast.engineering_head, cast.head}
    assert Message.objects.filter(rule="C-60", to_household=cast.homes[1]).exists()


@pytest.mark.rule("C-04", "C-71")
def test_every_form_of_complaint_is_one_register_and_the_result_comes_back(cast: Cast):
    numbers = []
    for number, channel in enumerate(("letter", "fax", "forum", "relay")):
        numbers.append(registered(cast, home=number, channel=channel).number)
    assert numbers == [f"TS-20250303-{number:04d}" for number in range(1, 5)]
    case = handled(cast, home=4)
    assert Message.objects.filter(to_household=case.household, rule="C-60").exists()
    assert Message.objects.filter(to_staff=cast.engineering_head, rule="C-31").exists()


@pytest.mark.rule("C-85", "C-86")
def test_a_plan_is_agreed_with_the_household_before_it_is_carried_out(cast: Cast):
    override_parameter(
        site=cast.site, path="C-58.consent_required", value=True, active_from=NINE, reason="一起找办法", by=cast.head,
        at=NINE,
    )  # fmt: skip
    case = handling.verify_facts(case=working(cast), by=cast.engineer, at=later(0.9), finding="软管老化")
    handling.give_plan(case=case, by=cast.engineer, at=later(1), plan="今天下午换管", consent=False)
    done = {"method": "更换", "result": "修好", "prevention": "巡检"}
    with pytest.raises(Refused):
        handling.finish_handling(case=case, by=cast.engineer, at=later(2), **done)
    handling.give_plan(case=case, by=cast.engineer, at=later(2), plan="明早换管", consent=True)
    assert handling.finish_handling(case=case, by=cast.engineer, at=later(3), **done).state == "handled"
    kinds = set(Event.objects.filter(subject_id=case.pk).values_list("kind", flat=True))
    assert {
        "complaints.registered",
        "complaints.dispatched",
        "complaints.planned",
        "complaints.handled",
    } <= kinds


@pytest.mark.rule("C-85")
def test_what_belongs_together_can_only_be_archived_complete(cast: Cast):
    case = handled(cast)
    with pytest.raises(Refused):
        answering.close_complaint(case=case, by=cast.supervisor, at=later(6))
    close = processes.get("complaints").step("close")
    assert "C-85" in close.rules


def test_a_room_typed_for_the_other_home_must_exist(cast: Cast):
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    case = registered(cast)
    url = f"/cases/{case.key}/steps/classify/"
    words = {
        "classify-cause": "own_service",
        "classify-liable": "upstairs",
        "classify-other_room": "9栋9单元9999",
    }
    assert client.post(url, words).status_code == 422
    made = client.post(url, {**words, "classify-other_room": cast.homes[1].room.label, "form_key": "k"})
    assert made.status_code == 303
    assert Complaint.objects.get(case=case).other_room == cast.homes[1].room


def shown(case: Case, label: str) -> object:
    return dict(describe(Case.objects.select_related("complaint", "site").get(pk=case.pk))).get(label)


@pytest.mark.rule("C-09")
def test_what_was_not_asked_at_intake_is_shown_and_can_be_added(cast: Cast):
    case = registered(cast)
    assert shown(case, "还没有记的要素") == "发生时间、地点、被投诉的人或部门、住户的要求"
    case = recording.supplement_record(
        case=case, by=cast.front, at=later(1), happened_at=NINE, place="大堂", respondent="保洁"
    )
    assert shown(case, "还没有记的要素") == "住户的要求"
    assert shown(case, "地点") == "大堂"
    event = Event.objects.get(kind="complaints.supplemented")
    assert (event.data["place"], event.data["before"]["place"]) == ("大堂", "")
    with pytest.raises(Refused) as refused:
        recording.supplement_record(case=case, by=cast.front, at=later(2))
    assert refused.value.rule == "C-09"


@pytest.mark.rule("C-09")
def test_which_elements_are_wanted_is_the_regulations_choice(cast: Cast):
    override_parameter(
        site=cast.site, path="C-09.required_fields", value="name,phone", active_from=NINE, reason="试行", by=cast.head,
        at=NINE,
    )  # fmt: skip
    assert shown(registered(cast), "还没有记的要素") is None
