"""Figures of the rule book that are edited change what is told, asked for, refused and shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import NINE, classified, handled, later, registered, replied, working
from tests.rules.complaints.figures import book_figures

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.complaints.queries.month import REPORT, month_figures, window_of
from yingsheng.processes.complaints.rules.answering import decide_reply, decide_tell
from yingsheng.processes.complaints.rules.facts import SERIOUS, VALID, Facts
from yingsheng.processes.complaints.services import answering, escalating, handling, intake
from yingsheng.processes.followups.models import FollowUp


def edit(cast: Cast, path: str, value: object) -> None:
    override_parameter(
        site=cast.site, path=path, value=value, active_from=NINE, reason="试行", by=cast.head, at=NINE
    )


def told(facts: Facts, **changes: object) -> set[tuple[str, str]]:
    found = decide_tell(facts=facts, figures=book_figures(**changes))
    return {(one.role, one.rule) for one in found}


def page_of(cast: Cast, name: str, url: str) -> str:
    client = Client()
    client.force_login(cast.staff[name], backend="yingsheng.kernel.org.login.StaffBackend")
    return client.get(url).content.decode()


def chosen_mode(cast: Cast, url: str) -> str:
    found = re.findall(r"<input[^>]*visit-mode[^>]*>", page_of(cast, "area_admin", url))
    (checked,) = [one for one in found if " checked" in one]
    return re.search(r'value="(\w+)"', checked)[1]


@pytest.mark.rule("C-18")
def test_the_post_that_classifies_hears_of_what_is_not_classified_yet():
    new = Facts(received_at=NINE)
    assert ("SHIFT_LEAD", "C-18") in told(new, C_18__decided_by="SHIFT_LEAD")
    classed = Facts(received_at=NINE, validity=VALID)
    assert ("SHIFT_LEAD", "C-18") not in told(classed, C_18__decided_by="SHIFT_LEAD")


@pytest.mark.rule("C-38")
def test_the_post_that_receives_hears_of_a_serious_one():
    serious = Facts(received_at=NINE, validity=VALID, severity=SERIOUS)
    assert ("CS_ASSIST", "C-38") in told(serious)
    assert ("AREA_ADMIN", "C-38") in told(serious, C_38__reception_role="AREA_ADMIN")


@pytest.mark.rule("C-51")
def test_in_an_industrial_park_the_area_officer_hears_of_each():
    new = Facts(received_at=NINE)
    assert ("AREA_ADMIN", "C-51") not in told(new)
    assert ("AREA_ADMIN", "C-51") in told(new, preset="C/003-4")
    assert ("LOBBY", "C-51") in told(new, preset="C/003-4", C_51__received_by="LOBBY")


@pytest.mark.rule("C-65", "X-06")
def test_each_household_of_a_group_is_answered_in_the_ways_of_both_rules():
    member = Facts(received_at=NINE, validity=VALID, in_group=True)
    assert decide_reply(facts=member, figures=book_figures()).required == {"visit"}
    by_phone = book_figures(C_65__group_reply_mode="phone", X_06__reply_mode="phone")
    assert decide_reply(facts=member, figures=by_phone).required == {"phone"}
    both = book_figures(X_06__reply_mode="phone")
    assert decide_reply(facts=member, figures=both).required == {"visit", "phone"}


@pytest.mark.rule("C-14")
def test_the_post_that_takes_over_is_called_too(cast: Cast):
    edit(cast, "C-14.taken_over_by", "SITE_HEAD")
    escalating.call_supervisor(case=registered(cast), by=cast.front, at=later(0.1))
    assert cast.head.pk in Event.objects.get(kind="complaints.supervisor_called").data["told"]


@pytest.mark.rule("C-50")
def test_a_site_may_decline_without_another_way(cast: Cast):
    edit(cast, "C-50.alternative_required", False)
    case = classified(cast, cause="outside_remit")
    case = handling.refuse_complaint(case=case, by=cast.supervisor, at=later(1), reason="超出职责")
    assert case.state == "handled"
    said = Message.objects.get(to_household=cast.homes[0], rule="C-50")
    assert "您可以" not in said.text % said.params


@pytest.mark.rule("C-21")
def test_what_stayed_unsolved_too_long_is_major_when_it_is_classified_again(cast: Cast):
    edit(cast, "C-24.upgrade_after", "silent")
    edit(cast, "C-21.unsolved_for", 2)
    case = classified(cast)
    again = {"by": cast.supervisor, "cause": "own_service", "our_fault": True}
    case = intake.classify_complaint(case=case, at=later(24 * 40), **again)
    assert case.severity == "serious"
    assert intake.classify_complaint(case=case, at=later(24 * 62), **again).severity == "major"


@pytest.mark.rule("C-72")
def test_a_site_without_a_compulsory_visit_files_what_was_answered(cast: Cast):
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=True, opinion="好"
    )
    with pytest.raises(Refused) as refused:
        answering.close_complaint(case=case, by=cast.supervisor, at=later(8))
    assert refused.value.rule == "C-72"
    edit(cast, "C-72.follow_up_required", False)
    case = Case.objects.get(pk=case.pk)
    assert answering.close_complaint(case=case, by=cast.supervisor, at=later(8)).state == "closed"


@pytest.mark.rule("C-36")
def test_the_month_shows_what_was_settled_at_first_contact_beside_its_target(cast: Cast):
    at_once = registered(cast)
    intake.solve_on_spot(case=at_once, by=cast.front, at=later(0.2), result="当场说明")
    working(cast, home=1)
    now = later(24 * 20)
    window = window_of(kind=REPORT, year=2025, month=3, site=cast.site, at=now)
    found = month_figures(site=cast.site, window=window, now=now)
    assert (found.first_contact.count, found.first_contact.base, found.first_contact_target) == (1, 2, 80)
    url = "/complaints/month/?year=2025&month=3&kind=report"
    assert "未达标" in page_of(cast, "head", url)
    edit(cast, "C-36.first_contact_target", 50)
    assert "已达标" in page_of(cast, "head", url)


@pytest.mark.rule("F-10")
def test_the_form_of_a_visit_starts_with_the_preferred_way(cast: Cast):
    handled(cast)
    row = FollowUp.objects.get(case__process="complaints")
    url = f"/followups/{row.pk}/"
    assert chosen_mode(cast, url) == "visit"
    edit(cast, "F-10.preferred_mode", "phone")
    assert chosen_mode(cast, url) == "phone"
