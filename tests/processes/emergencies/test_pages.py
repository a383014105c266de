"""The pages of emergencies: from the desk's one press to the figures of the month, without a script."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.processes.emergencies.conftest import Raise
from tests.processes.story import later

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.processes.emergencies.models import Affected, Drill, Tick
from yingsheng.processes.emergencies.services import acting, ending
from yingsheng.processes.enquiries.models import Contact

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.mark.rule("X-01", "X-03")
def test_what_goes_on_stands_first_and_is_told_of_once(cast: Cast, raised: Raise) -> None:
    case = raised(at=timezone.now())
    desk = sitting(cast, "front")
    lists = desk.get("/today/lists/").context["lists"]
    assert lists[0].rule == "X-01" and [one.rank for one in lists] == sorted(one.rank for one in lists)
    empty_desk = desk.get(reverse("enquiries:reception"))
    assert "btn-danger" in empty_desk.content.decode() and "start=emergencies" in empty_desk.content.decode()
    page = desk.get(reverse("enquiries:reception"), {"household": cast.homes[1].pk})
    assert [hint.number for hint in page.context["hints"]] == [case.number]
    assert all(line["case"].number != case.number for line in page.context["known"])


def sitting(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


@pytest.mark.rule("X-01")
def test_the_form_opens_from_everywhere_without_asking_who_calls(cast: Cast):
    front = sitting(cast, "front")
    assert 'href="/reception/?start=emergencies" data-hotkey="!"' in front.get("/").content.decode()
    page = front.get("/reception/?start=emergencies").content.decode()
    assert page.index('name="kind"') < page.index('name="body"') < page.index('name="caller_name"')
    answer = front.post(
        "/reception/emergencies/", {"kind": "fire", "place": "地下车库", "body": "有烟", "channel": ""}
    )
    case = Case.objects.get(process="emergencies")
    assert answer.status_code == 303 and answer["Location"].endswith(f"done={case.key}")
    assert Contact.objects.get(case=case).reason == case.title
    done = front.get(answer["Location"]).content.decode()
    assert "已登记并报警" in done and case.number in done
    # whoever stands at the desk stays there when the form is opened from above
    home = cast.homes[0].pk
    page = front.get(f"/reception/?household={home}").content.decode()
    assert f"/reception/?start=emergencies&amp;household={home}" in page


@pytest.mark.rule("X-03")
def test_a_second_caller_is_told_and_noted_with_one_press(cast: Cast, raised: Raise):
    case = raised()
    front = sitting(cast, "front")
    home = cast.homes[1]
    page = front.get(f"/reception/?household={home.pk}").content.decode()
    assert case.title in page and "又一户来电" in page and "工程人员正在关阀" in page
    url = reverse("emergencies:join", args=[case.key])
    person = cast.caller(1).person
    assert person is not None
    for _time in range(2):
        answer = front.post(url, {"household": home.pk, "person": person.pk})
        assert answer.status_code == 303
    assert Affected.objects.get(case=case, household=home).caller_name == person.call_as
    page = front.get(answer["Location"]).content.decode()
    assert "已记入来电名单" in page and 'data-hotkey="+"' not in page
    assert front.post(url, {"household": "x"})["Location"] == "/reception/"
    english = cast.front
    english.language = "en"
    english.save(update_fields=["language"])
    page = front.get(f"/reception/?household={cast.homes[2].pk}").content.decode()
    assert "engineering is shutting the valve" in page


@pytest.mark.rule("X-02", "X-03", "X-11")
def test_the_page_of_an_emergency_ticks_line_by_line(cast: Cast, raised: Raise):
    case = raised()
    head = sitting(cast, "engineering_head")
    url = reverse("ui:case", args=[case.key])
    page = head.get(url).content.decode()
    for words in ("处置清单", "关断漏点上游的阀门", "来电住户", "通知了谁", "班组", "0/6"):
        assert words in page
    answer = head.post(reverse("ui:case_step", args=[case.key, "tick"]), {"tick-number": "1"})
    assert answer.status_code == 303
    assert Tick.objects.get(case=case).by == cast.engineering_head
    assert "1/6" in head.get(url).content.decode()
    assert "开报修单" in page


@pytest.mark.rule("X-03")
def test_after_it_is_over_each_home_is_rung_from_the_list(cast: Cast, over: Raise):
    case = over()
    front = sitting(cast, "front")
    page = front.get(reverse("ui:case", args=[case.key])).content.decode()
    assert 'name="call_back-room" value="3栋2单元1802"' in page
    today = front.get("/today/lists/").content.decode()
    assert "突发事件后给住户回电" in today and "还有1户" in today
    step = reverse("ui:case_step", args=[case.key, "call_back"])
    assert front.post(step, {"call_back-room": "3栋2单元1802"}).status_code == 303
    assert "还有1户" not in front.get("/today/lists/").content.decode()


@pytest.mark.rule("X-01")
def test_the_board_shows_what_runs_with_its_minutes(cast: Cast, raised: Raise, over: Raise):
    running, done = raised(kind="lift"), over(kind="gas")
    page = sitting(cast, "head").get("/emergencies/").content.decode()
    assert running.number in page and "还没有人接警" in page
    assert "60 分钟" in page and done.number in page and "还要回电 1 户" in page
    assert "正在发生的突发事件" in sitting(cast, "engineering_head").get("/today/lists/").content.decode()


@pytest.mark.rule("X-07")
def test_the_month_shows_minutes_and_reports_with_the_rows_behind(cast: Cast, raised: Raise, over: Raise):
    case = over()
    ending.write_report(case=case, by=cast.front, at=later(3), course="九点接报")
    wrong = raised(kind="fire")
    ending.call_off(case=wrong, by=cast.head, at=later(minutes=5), reason="水汽")
    head = sitting(cast, "head")
    page = head.get("/emergencies/month/?month=2025-03").content.decode()
    assert "100.0" in page and case.number in page and wrong.number in page
    only = head.get("/emergencies/month/?month=2025-03&only=false_alarm").content.decode()
    assert wrong.number in only and case.number not in only
    kind = head.get("/emergencies/month/?month=2025-03&kind=burst_pipe").content.decode()
    assert wrong.number not in kind
    reports = head.get("/emergencies/month/?month=2025-03&only=reports").content.decode()
    assert case.number in reports and wrong.number not in reports
    for nonsense in ("2025-13", "x", "0001-01"):
        assert head.get(f"/emergencies/month/?month={nonsense}").status_code == 200
    refused = head.post("/emergencies/month/export/?month=2025-03", {"reason": " "})
    assert refused.status_code == 422
    file = head.post("/emergencies/month/export/?month=2025-03", {"reason": "报公司"})
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert "报公司" in rows[0][0] and len(rows) == 4
    assert Event.objects.latest("seq").kind == "emergencies.exported"


@pytest.mark.rule("X-11")
def test_a_drill_is_practised_printed_and_recorded(cast: Cast):
    head = sitting(cast, "head")
    assert head.get("/emergencies/drills/nowhere/").status_code == 404
    plan = head.get("/emergencies/drills/fire/").content.decode()
    sheet = head.get("/emergencies/drills/fire/sheet/").content.decode()
    for page in (plan, sheet):
        assert "秩序维护部主管" in page and "在集合点清点人数" in page
    answer = head.post(
        "/emergencies/drills/",
        {"kind": "fire", "held_on": "2025-03-01", "participants": "全体当班", "findings": "无"},
    )
    assert answer.status_code == 303 and Drill.objects.get().participants == "全体当班"
    assert "全体当班" in head.get("/emergencies/drills/").content.decode()
    refused = head.post(
        "/emergencies/drills/", {"kind": "fire", "held_on": "2999-03-01", "participants": "全体"}
    )
    assert refused.status_code == 422 and "全体" in refused.content.decode()


@pytest.mark.rule("X-07")
def test_the_report_is_printed_with_what_was_registered(cast: Cast, over: Raise):
    case = over()
    acting.call_outside(case=case, by=cast.front, at=later(1), body="water_company", answered="调度员")
    ending.write_report(case=case, by=cast.front, at=later(3), course="九点接报", lessons="每季查接头")
    page = (
        sitting(cast, "head").get(reverse("ui:sheet", args=[case.key, "emergency_report"])).content.decode()
    )
    for words in (
        "特别事件报告单",
        "FM-20",
        "九点接报",
        "每季查接头",
        "1,200.00",
        "供水单位",
        "3栋2单元1802",
        "赵工程",
    ):
        assert words in page
