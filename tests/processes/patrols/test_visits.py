"""Homes are arranged, visited, counted by area; opinions become matters; a home tells when it was visited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.patrols import make_visit
from tests.processes.repairs.story import requested
from tests.processes.story import later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Area, Building, Household
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.patrols.models import Visit
from yingsheng.processes.patrols.process import asides
from yingsheng.processes.patrols.queries.visiting import coverage_by_area, proposed, what_is_known
from yingsheng.processes.patrols.services import visiting

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def arranged(cast: Cast, **fields: Any) -> list[Visit]:
    values: dict[str, Any] = {"staff": cast.area_admin, "at": later(0)}
    return visiting.arrange_visits(actor=cast.actor("supervisor"), **{**values, **fields})


def desk(cast: Cast, who: str = "area_admin") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


@pytest.mark.rule("G-03")
def test_so_many_a_day_are_owed_and_kept_by_those_that_met_somebody(cast: Cast) -> None:
    open_periods(now=later(0))
    period = Period.objects.get(code="household_visits")
    promise = Obligation.objects.get(subject_type="timers.period", subject_id=period.pk)
    assert (period.needed, promise.rule, promise.responsible_role) == (4, "G-03", "CS_SUP")
    for number in range(3):
        make_visit(cast, room=f"3-2-{1802 + number}")
    make_visit(cast, room="3-2-1805", result="absent", person_met="")
    promise.refresh_from_db()
    assert promise.state == Obligation.State.ARMED
    make_visit(cast, room="3-2-1806")
    promise.refresh_from_db()
    assert promise.state == Obligation.State.MET


@pytest.mark.rule("G-03")
def test_a_visit_says_whom_it_met_and_happens_once_a_day(cast: Cast) -> None:
    with pytest.raises(Refused, match="见到了谁"):
        make_visit(cast, person_met=" ")
    with pytest.raises(Refused, match="没有这个房号"):
        make_visit(cast, room="9-9-9999")
    open_periods(now=later(0))
    before = Event.objects.count()
    row = make_visit(cast)
    assert (row.state, row.staff, Event.objects.count()) == ("met", cast.area_admin, before + 1)
    with pytest.raises(Conflict, match="已由吴管理走访过"):
        make_visit(cast)
    assert make_visit(cast, at=later(24)).pk != row.pk
    with pytest.raises(Forbidden):
        visiting.record_visit(actor=cast.actor("front"), at=later(0), room="3-2-1803", result="absent")


@pytest.mark.rule("G-03", "G-04")
def test_the_supervisor_arranges_as_many_as_the_rule_allows(cast: Cast) -> None:
    made = arranged(cast)
    assert len(made) == 5 and {row.state for row in made} == {"planned"}
    event = Event.objects.latest("seq")
    assert event.kind == "patrols.visits_arranged" and event.data["count"] == 5
    with pytest.raises(Refused, match="最多走访5户"):
        arranged(cast, count=1)
    other = arranged(cast, staff=cast.assistant)
    assert len(other) == 1 and {row.household_id for row in other}.isdisjoint(
        row.household_id for row in made
    )
    with pytest.raises(Refused, match="没有可以安排"):
        arranged(cast, staff=cast.lobby)
    with pytest.raises(Refused, match="过去"):
        arranged(cast, day=later(0).date() - timedelta(days=1))
    with pytest.raises(Forbidden):
        visiting.arrange_visits(actor=cast.actor("area_admin"), at=later(0), staff=cast.area_admin)
    visiting.drop_visit(actor=cast.actor("supervisor"), record=made[0], at=later(1), reason="出差")
    assert len(arranged(cast, count=1)) == 1
    override_parameter(
        site=cast.site, path="G-04.arranged_by", value="SITE_HEAD", active_from=later(2), reason="主任自己排",
        by=cast.head, at=later(2),
    )  # fmt: skip
    with pytest.raises(Refused, match="规程指定的岗位"):
        visiting.arrange_visits(
            actor=cast.actor("supervisor"), at=later(3), staff=cast.lobby, day=later(48).date()
        )


@pytest.mark.rule("G-03")
def test_what_is_on_the_list_is_recorded_by_whoever_went(cast: Cast) -> None:
    [row] = arranged(cast, count=1)
    with pytest.raises(Conflict):
        visiting.record_planned(
            actor=cast.actor("assistant"), record=row, at=later(1), seen=9, result="refused"
        )
    done = visiting.record_planned(
        actor=cast.actor("assistant"), record=row, at=later(1), seen=1, result="met", person_met="老人",
        opinions="电梯慢", next_step="下周再来",
    )  # fmt: skip
    assert (done.pk, done.staff, done.arranged_by) == (row.pk, cast.assistant, cast.supervisor)
    [late] = arranged(cast, count=1)
    with pytest.raises(Refused, match="另记走访"):
        visiting.record_planned(actor=cast.actor("assistant"), record=late, at=later(30), result="absent")
    # a phone that was out of reach tells when it really was
    told = later(2)
    home = cast.homes[5]
    Visit.objects.filter(household=home).delete()
    seen = visiting.visit_home(
        actor=cast.actor("area_admin"), at=later(4), household=home, result="absent", device_at=told
    )
    assert seen.visited_at == told and Event.objects.latest("seq").device_at == told


@pytest.mark.rule("G-03")
def test_the_list_knows_visits_care_and_open_matters(cast: Cast) -> None:
    make_visit(cast)
    make_visit(cast, room="3-2-1803", result="refused", person_met="")
    requested(cast, caller=cast.caller(4))
    Household.objects.filter(pk=cast.homes[3].pk).update(is_key_customer=True)
    known = {home.id: home for home in what_is_known(site=cast.site, day=later(24).date(), at=later(24))}
    ids = [home.pk for home in cast.homes]
    assert known[ids[0]].in_round and known[ids[0]].visited == later(0).date()
    assert known[ids[1]].tried == later(0).date() and not known[ids[1]].in_round
    assert known[ids[3]].is_key and known[ids[4]].open_matters == 1
    chosen = proposed(site=cast.site, day=later(24).date(), at=later(24), count=6)
    assert [home.pk for home in chosen] == [ids[3], ids[4], ids[2], ids[5], ids[1], ids[0]]


@pytest.mark.rule("G-08")
def test_coverage_counts_each_area_by_itself_and_warns(cast: Cast) -> None:
    area = Area.objects.create(site=cast.site, name="东区")
    Building.objects.filter(site=cast.site, code="3").update(area=area)
    make_visit(cast)
    make_visit(cast, at=later(24))
    make_visit(cast, room="3-2-1803", result="refused", person_met="")
    [one] = coverage_by_area(site=cast.site, at=later(48))
    # twice at the same home counts once, a home that declined does not count
    assert (one.name, one.coverage.homes, one.coverage.visited, one.coverage.left) == ("东区", 6, 1, 5)
    assert one.coverage.is_behind
    make_visit(cast, at=later(25), room="3-2-1804")
    assert not coverage_by_area(site=cast.site, at=later(48))[0].coverage.is_behind
    december = later(24 * 290)
    [late] = coverage_by_area(site=cast.site, at=december)
    assert late.coverage.is_behind and late.coverage.needed_pace > late.coverage.pace
    titles = [one.title for one in asides.today(actor=cast.actor("supervisor", december), now=december)]
    assert "走访进度落后" in titles
    override_parameter(
        site=cast.site, path="G-08.warn_below_pace", value=False, active_from=later(1), reason="不预警", by=cast.head,
        at=later(1),
    )  # fmt: skip
    assert not coverage_by_area(site=cast.site, at=december)[0].coverage.is_behind
    override_parameter(
        site=cast.site, path="G-03.all_within", value=6, active_from=later(1), reason="半年一轮", by=cast.head,
        at=later(1),
    )  # fmt: skip
    assert coverage_by_area(site=cast.site, at=december)[0].coverage.visited == 0
    page = desk(cast, "supervisor").get(reverse("patrols:coverage")).content.decode()
    assert "东区" in page
    assert "未分片区" not in page


@pytest.mark.rule("G-04")
def test_an_opinion_becomes_a_complaint_or_a_suggestion_at_the_desk(cast: Cast) -> None:
    row = make_visit(cast)
    client = desk(cast)
    page = client.get(reverse("patrols:household_visits_one", args=[row.pk])).content.decode()
    assert "转建议" in page
    asked = {"start": "enquiries", "raised": f"patrols:v{row.pk}", "household": row.household_id}
    form = client.get(reverse("enquiries:reception"), asked).content.decode()
    assert 'value="楼道灯太暗"' in form
    sent = {
        "raised": f"patrols:v{row.pk}", "household": str(row.household_id), "title": "楼道灯太暗", "kind": "suggestion",
        "channel": "visit",
    }  # fmt: skip
    assert client.post(reverse("enquiries:start", args=["enquiries"]), sent).status_code == 303
    row.refresh_from_db()
    assert row.case == Case.objects.get() and row.case.household == row.household
    with pytest.raises(Refused, match="已经转办"):
        visiting.pass_on_visit(
            actor=cast.actor("area_admin"), record=row, at=later(1), number=row.case.number
        )
    page = client.get(reverse("patrols:household_visits_one", args=[row.pk])).content.decode()
    assert row.case.number in page and "转建议" not in page


@pytest.mark.rule("G-03")
def test_the_desk_knows_when_a_home_was_visited(cast: Cast) -> None:
    actor, home = cast.actor("front"), cast.homes[0]
    assert asides.known(actor=actor, household=home, now=later(1)) == []
    row = make_visit(cast)
    [line] = asides.known(actor=actor, household=home, now=later(1))
    assert line.text == "楼道灯太暗" and "2025-03-03" in line.note and line.url_args == (row.pk,)
    [link] = asides.of_home(home)
    assert link.url_args == ("home-3-2-1802",)
    form = desk(cast).get(reverse("patrols:household_visits_new", args=["home-3-2-1802"])).content.decode()
    assert 'value="3-2-1802"' in form


@pytest.mark.rule("G-04")
def test_arranging_on_the_page_keeps_what_was_typed_and_prints_the_day(cast: Cast) -> None:
    client = desk(cast, "supervisor")
    where = reverse("patrols:arrange")
    refused = client.post(where, {"staff": cast.area_admin.pk, "count": 40})
    assert refused.status_code == 422 and "最多走访5户" in refused.content.decode()
    assert 'value="40"' in refused.content.decode()
    done = client.post(where, {"staff": cast.area_admin.pk, "count": 2})
    assert done.status_code == 303
    assert "已安排2户" in client.get(done["Location"]).content.decode()
    row = make_visit(cast)
    for name, args in (("visit_sheet", [row.pk]), ("round_sheet", [])):
        url = reverse(f"patrols:{name}", args=args)
        assert client.get(url).status_code == 200
        again = [client.post(url).content.decode() for _turn in range(2)]
        assert "补打 1" not in again[0] and "补打 1" in again[1]
    sheet = client.get(reverse("patrols:round_sheet"), {"day": "2025-03-03"}).content.decode()
    assert "3栋2单元1802" in sheet and "FM-29" in sheet
    assert client.get(reverse("patrols:round_sheet"), {"day": "2025-99-99"}).status_code == 200
