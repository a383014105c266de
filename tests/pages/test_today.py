"""工作台: the step that keeps a promise is taken where the promise stands, and the post sees its numbers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.cast import Cast, make_cast
from tests.processes.story import registered

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=2)


def at_desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def test_a_promise_is_kept_from_its_line_and_leads_back(cast: Cast) -> None:
    case = registered(cast, at=timezone.now())
    client = at_desk(cast.supervisor)
    page = client.get("/?view=open")
    line = next(one for one in page.context["lines"] if one.case == case)
    assert line.verb and line.verb in page.content.decode()
    form = client.get(line.step_url, headers={"HX-Request": "true"}).content.decode()
    assert '<input type="hidden" name="back" value="today">' in form
    assert 'name="back"' in client.get(line.step_url).content.decode()  # the same without scripts
    code = line.step_url.split("/")[4]
    assert code == "classify"  # what was just registered is first decided on, then given to somebody
    answer = client.post(
        f"/cases/{case.key}/steps/{code}/",
        {"classify-cause": "own_service", "classify-our_fault": "on", "seen": case.version, "back": "today"},
    )
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"] == f"/?did=classify&case={case.key}"
    assert client.get(answer["Location"]).context["result"].number == case.number


def test_a_line_offers_no_step_that_would_be_refused(cast: Cast) -> None:
    registered(cast, at=timezone.now())
    lines = at_desk(cast.engineer).get("/?view=open").context["lines"]
    assert all(not line.verb for line in lines)


def test_the_numbers_of_a_post_have_their_target_and_rule(cast: Cast) -> None:
    registered(cast, at=timezone.now())
    whole = at_desk(cast.supervisor).get("/today/figures/")  # without scripts: the page with its numbers
    figures = {one.rule: one for one in whole.context["figures"]}
    part = at_desk(cast.supervisor).get("/today/figures/", headers={"HX-Request": "true"})
    assert part.content.decode().strip() in whole.content.decode()
    assert {"C-74", "F-07"} & set(figures)
    assert all(one.url and one.rule_url for one in figures.values())
    assert at_desk(cast.engineer).get("/today/figures/").context["figures"] == []


@pytest.mark.parametrize("code", [process.code for process in processes if process.kept_by])
def test_each_promise_names_a_step_and_a_milestone_that_exist(code: str) -> None:
    process = processes.get(code)
    milestones = {one.code for one in process.milestones}
    for milestone, steps in process.kept_by.items():
        assert milestone in milestones
        assert [process.step(step).code for step in steps]


def test_what_is_owed_comes_first_among_the_steps(cast: Cast) -> None:
    case = registered(cast, at=timezone.now())
    page = at_desk(cast.supervisor).get(f"/cases/{case.key}/")
    first = page.context["steps"][0]
    assert first.promise is not None and not first.why
    codes = [panel.step.code for panel in (*page.context["steps"], *page.context["other_steps"])]
    assert len(codes) == len(set(codes)) and Case.objects.get().state == "registered"
    assert 'id="other-steps"' in page.content.decode()
