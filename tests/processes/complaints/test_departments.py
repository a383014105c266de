"""The site's table from category to department: proposed, followed where nobody chooses, changed by the site."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import NINE, classified, later
from tests.rules.complaints.figures import book_figures

from yingsheng.base.refusal import Refused
from yingsheng.kernel.org.models import Department
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process.sheets import describe
from yingsheng.processes.complaints.process.words import CATEGORIES
from yingsheng.processes.complaints.queries.explain import Supposed, explain_complaint
from yingsheng.processes.complaints.rules.departments import TABLE, proposed_department
from yingsheng.processes.complaints.services import handling


def change(cast: Cast, value: str) -> None:
    override_parameter(
        site=cast.site,
        path="C-27.repair",
        value=value,
        active_from=NINE,
        reason="本处分工",
        by=cast.head,
        at=NINE,
    )


@pytest.mark.rule("C-27", "C-25")
@pytest.mark.parametrize("category", [code for code, _label in CATEGORIES])
def test_every_category_has_a_department_that_a_site_has(cast: Cast, category: str):
    code = proposed_department(category=category, figures=book_figures())
    assert Department.objects.filter(site=cast.site, code=code).exists()
    assert set(TABLE) == {one for one, _label in CATEGORIES}
    assert proposed_department(category="", figures=book_figures()) == ""


@pytest.mark.rule("C-27")
def test_the_table_proposes_and_decides_where_nobody_chooses(cast: Cast):
    case = classified(cast, category="repair")
    assert ("建议派发", "工程维修部 (C-27)") in describe(Complaint.objects.get(case=case).case)
    case = handling.dispatch_complaint(case=case, by=cast.supervisor, at=later(0.5), tracker=cast.area_admin)
    assert case.department == cast.department("engineering")
    assert "建议派发" not in dict(describe(Complaint.objects.get(case=case).case))


@pytest.mark.rule("C-27")
def test_the_site_changes_its_table_in_the_rule_book(cast: Cast):
    change(cast, "security_department")
    case = handling.dispatch_complaint(
        case=classified(cast, category="repair"), by=cast.supervisor, at=later(0.5), tracker=cast.area_admin
    )
    assert case.department == cast.department("security")


@pytest.mark.rule("C-27")
def test_where_the_table_names_no_department_in_use_one_has_to_be_chosen(cast: Cast):
    change(cast, "silent")
    with pytest.raises(Refused) as refused:
        handling.dispatch_complaint(
            case=classified(cast, category="repair"),
            by=cast.supervisor,
            at=later(0.5),
            tracker=cast.area_admin,
        )
    assert (refused.value.field, refused.value.rule) == ("department", "C-27")


@pytest.mark.rule("C-27")
def test_the_try_out_says_where_it_would_go(cast: Cast):
    found = explain_complaint(
        site=cast.site, at=NINE, supposed=Supposed(received_at=NINE, category="greening")
    )
    assert found.department == "environment"
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get("/rules/explain/?received_at=2025-03-03T09:00&category=greening").content.decode()
    assert "环境管理部" in page
