"""The month's figures against a plain recount, spot checks, and what stands on the pages beside them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import classified, handled, later, registered, replied

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.month import (
    REPORT,
    STATISTICS,
    all_of_month,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.complaints.services import answering, grouping
from yingsheng.processes.complaints.services.checks import export_month, record_spot_check, spot_check_figures
from yingsheng.ui.tips import tips_for

LATER = later(24 * 20)


def window(cast: Cast, kind: str = REPORT):
    return window_of(kind=kind, year=2025, month=3, site=cast.site, at=LATER)


@pytest.mark.rule("C-73", "C-74", "C-75", "Y-01", "Y-06")
def test_figures_equal_a_plain_recount(cast: Cast):
    content = replied(cast)
    answering.record_opinion(case=content, by=cast.front, at=later(7), satisfied=True, opinion="好")
    handled(cast, home=1, done_at=later(80))  # a serious one, after its three days
    classified(cast, home=2, cause="grumbling", category="cleaning")
    registered(cast, home=3, at=later(24 * 26))  # the 29th: this month's report, next month's statistics
    found = month_figures(site=cast.site, window=window(cast), now=LATER)
    received = Case.objects.filter(received_at__year=2025, received_at__month=3)
    assert found.accepted == received.count() == 4
    assert found.by_category == {"repair": 3, "cleaning": 1}
    assert (found.valid.count, found.valid.base) == (2, 4)
    assert (found.satisfied.count, found.satisfied.base) == (1, 1)
    # one solved in time, one late, and an invalid one nobody explained
    assert (found.timely.count, found.timely.base) == (1, 3)
    statistics = month_figures(site=cast.site, window=window(cast, STATISTICS), now=LATER)
    assert statistics.accepted == 3
    assert window(cast).due == date(2025, 4, 5)


@pytest.mark.rule("C-74", "C-75", "C-19")
def test_a_group_counts_once_for_each_household_and_a_demand_is_no_complaint(cast: Cast):
    five = [
        registered(cast, home=number, title="电梯停运两天", category="repair", at=later(number))
        for number in range(5)
    ]
    grouping.merge_group(cases=five, title="电梯停运", by=cast.supervisor, at=later(6))
    classified(cast, cause="suggestion")
    found = month_figures(site=cast.site, window=window(cast), now=LATER)
    assert found.accepted == found.valid.base == 5
    assert set(all_of_month(site=cast.site, window=window(cast))) == set(five)


@pytest.mark.rule("C-74")
def test_a_complaint_with_two_limits_is_timely_only_if_both_were_kept(cast: Cast):
    override_parameter(
        site=cast.site,
        path="C-35.handle_within",
        value=4,
        active_from=later(),
        reason="试行",
        by=cast.head,
        at=later(),
    )
    handled(cast)  # within the three days of C-39, not within the four hours
    found = month_figures(site=cast.site, window=window(cast), now=LATER)
    assert (found.timely.count, found.timely.base) == (0, 1)


@pytest.mark.rule("C-73")
def test_the_rows_behind_the_figures_are_those_one_may_see(cast: Cast):
    registered(cast)
    registered(cast, home=1, respondent_staff=cast.assistant)
    assert list_month(actor=cast.actor("supervisor"), window=window(cast)).count() == 2
    assert list_month(actor=cast.actor("front"), window=window(cast)).count() == 1


@pytest.mark.rule("C-76")
def test_a_check_of_the_records_counts_what_was_found_and_what_was_recorded(cast: Cast):
    with pytest.raises(Refused) as refused:
        record_spot_check(
            site=cast.site,
            kind="records",
            finding="x",
            by=cast.head,
            at=later(1),
            found_count=1,
            recorded_count=2,
        )
    assert refused.value.field == "recorded_count"
    record_spot_check(
        site=cast.site,
        kind="records",
        finding="抽查五份",
        by=cast.head,
        at=later(1),
        found_count=5,
        recorded_count=4,
    )
    checks, targets = spot_check_figures(site=cast.site, now=later(2))
    assert [check.finding for check in checks] == ["抽查五份"]
    assert (targets["records"], targets["records_target"], targets["found"], targets["recorded"]) == (
        1,
        4,
        5,
        4,
    )


@pytest.mark.rule("C-77", "F-24")
def test_a_visit_to_a_complainant_names_the_complaint(cast: Cast):
    with pytest.raises(Refused) as refused:
        record_spot_check(site=cast.site, kind="complainant", finding="满意", by=cast.head, at=later(1))
    assert refused.value.field == "number"
    case = registered(cast)
    record_spot_check(
        site=cast.site,
        kind="complainant",
        finding="满意",
        by=cast.head,
        at=later(1),
        case=case,
        satisfied=True,
    )
    assert Event.objects.get(kind="complaints.spot_checked").subject_id == case.pk
    assert spot_check_figures(site=cast.site, now=later(2))[1]["visits"] == 1


def test_an_export_has_a_reason_on_record(cast: Cast):
    with pytest.raises(Refused):
        export_month(actor=cast.actor("supervisor"), window=window(cast), count=3, reason="", at=later(1))
    export_month(actor=cast.actor("supervisor"), window=window(cast), count=3, reason="月会", at=later(1))
    assert Event.objects.get(kind="complaints.exported").data["reason"] == "月会"


@pytest.mark.rule("C-17")
def test_harm_that_goes_on_is_kept_with_the_complaint(cast: Cast):
    case = registered(cast, ongoing_harm=True)
    assert Complaint.objects.get(case=case).ongoing_harm


@pytest.mark.rule(
    "C-06", "C-07", "C-08", "C-17", "C-50", "C-58", "C-81", "C-83", "C-86", "B-03", "B-14", "B-16"
)
def test_the_words_beside_the_form_each_name_their_rule():
    rules = {tip["rule"] for tip in tips_for(process="complaints")}
    assert rules == {
        "C-06", "C-07", "C-08", "C-11", "C-17", "C-50", "C-58", "C-81", "C-82", "C-83", "C-86",
    }  # fmt: skip
    assert {tip["rule"] for tip in tips_for(process="enquiries")} == {"B-02", "B-03", "B-05", "B-14", "B-16"}
    assert {tip["rule"] for tip in tips_for(process="repairs")} == {"R-01", "R-07", "R-16", "R-18", "R-22"}


@pytest.mark.rule("C-02")
def test_the_four_published_contacts_stand_in_the_settings(cast: Cast):
    cast.site.duty_phone = "010-1000"
    cast.site.save(update_fields=["duty_phone"])
    client = Client()
    client.force_login(cast.head, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get("/settings/contacts/").content.decode()
    for word in ("010-1000", "公司投诉热线", "公司传真", "投诉邮箱"):
        assert word in page
