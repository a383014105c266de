"""The pages of rosters: what each shows, bad input with words, printing, tables and calendars in and out."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from openpyxl import Workbook, load_workbook
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.turns import first_turn, make_leave, make_month, make_posts, put

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.processes.turns.models import CallAttempt, Leave, PlanRun, Swap
from yingsheng.processes.turns.rules.month import month_from, to_plain
from yingsheng.processes.turns.rules.planner import propose
from yingsheng.processes.turns.services.planning import do_next_plan

NOW = MONDAY_NINE
MARCH = "?month=2025-03"


@pytest.fixture
def cast(db: None, time_machine_at_monday: None) -> Cast:
    return make_cast()


@pytest.fixture
def time_machine_at_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yingsheng.ui.desk.timezone.now", lambda: NOW)


def at(cast: Cast, who: str, *, language: str = "zh-hans") -> Client:
    staff = cast.staff[who]
    staff.language = language
    staff.save(update_fields=["language"])
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def solve(asked: dict[str, Any]) -> dict[str, Any]:
    return to_plain(propose(month=month_from({**asked, "seconds": 3.0, "workers": 1})))


@pytest.mark.rule("D-01", "D-04")
def test_the_month_is_seen_published_and_printed(cast: Cast) -> None:
    make_month(cast, published=False)
    boss = at(cast, "supervisor")
    turn = first_turn(cast, "front")
    Assignment.objects.filter(pk=turn.pk).update(active=False, ended_at=NOW)
    page = text_of(boss.get(reverse("turns:month") + MARCH))
    assert "编排中" in page and "还有 1 个班人手不够" in page
    front = at(cast, "front")
    assert "还没有发布" in text_of(front.get(reverse("turns:month") + MARCH))
    refused = boss.post(reverse("turns:publish") + MARCH, {})
    assert refused.status_code == 422
    assert f"{turn.day:%m-%d}" in text_of(refused)
    Assignment.objects.filter(pk=turn.pk).update(active=True, ended_at=None)
    seen = Roster.objects.get().version
    assert boss.post(reverse("turns:publish") + MARCH, {"seen": seen}).status_code == 303
    for query in (MARCH, f"{MARCH}&by=posts", f"{MARCH}&did=published"):
        page = text_of(boss.get(reverse("turns:month") + query))
        assert "已发布" in page
    assert "Published" in text_of(at(cast, "front", language="en").get(reverse("turns:month") + MARCH))

    preview = boss.get(reverse("turns:sheet") + MARCH)
    assert "预览" in text_of(preview) and "FM-12" in text_of(preview) and "is-wide" in text_of(preview)
    assert "预览" not in text_of(boss.post(reverse("turns:sheet") + MARCH))
    assert "补打 1" in text_of(boss.post(reverse("turns:sheet") + MARCH))
    assert Event.objects.filter(kind="turns.roster_printed").count() == 2
    pdf = boss.post(reverse("turns:sheet") + MARCH + "&as=pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert boss.get(reverse("turns:sheet") + "?month=2025-09").status_code == 303
    assert boss.get(reverse("turns:next_month"))["Location"].endswith("?month=2025-04")
    assert boss.get(reverse("turns:month") + "?month=nonsense").status_code == 200


@pytest.mark.rule("D-01", "D-04")
def test_a_day_is_filled_by_hand_with_an_immediate_check(cast: Cast) -> None:
    shifts = make_posts(cast)
    boss = at(cast, "supervisor")
    day = date(2025, 3, 12)
    page = reverse("turns:day", args=[day])
    assert "缺人" in text_of(boss.get(page))
    early, late = shifts["A"].pk, shifts["P"].pk
    sent = boss.post(reverse("turns:assign", args=[day, early]), {f"s{early}-staff": cast.front.pk})
    assert sent.status_code == 303
    assert "王前台" in text_of(boss.get(sent["Location"]))
    refused = boss.post(reverse("turns:assign", args=[day, late]), {f"s{late}-staff": cast.front.pk})
    assert refused.status_code == 422
    assert "休息不足11小时" in text_of(refused)
    assert f'<option value="{cast.front.pk}" selected' in text_of(refused)
    assert boss.post(reverse("turns:assign", args=[day, late]), {}).status_code == 422
    turn = Assignment.objects.get()
    assert boss.post(reverse("turns:fix", args=[turn.pk])).status_code == 303
    turn.refresh_from_db()
    assert not turn.is_fixed
    assert boss.post(reverse("turns:take_back", args=[turn.pk]), {}).status_code == 303
    assert boss.get(reverse("turns:day", args=["2025-13-45"])).status_code == 404
    assert boss.post(reverse("turns:assign", args=[day, 10**9]), {}).status_code == 404
    assert at(cast, "front").post(reverse("turns:assign", args=[day, early]), {}).status_code == 403


@pytest.mark.rule("D-01")
def test_a_published_turn_is_taken_back_only_with_a_reason(cast: Cast) -> None:
    make_month(cast)
    boss = at(cast, "supervisor")
    turn = first_turn(cast, "front")
    url = reverse("turns:take_back", args=[turn.pk])
    assert "要写明改动原因" in text_of(boss.post(url, {f"t{turn.pk}-reason": ""}))
    assert boss.post(url, {f"t{turn.pk}-reason": "培训"}).status_code == 303
    front = text_of(at(cast, "lobby").get(reverse("turns:day", args=[turn.day])))
    assert "撤下" not in front


@pytest.mark.rule("D-01", "D-04")
def test_the_planner_is_asked_watched_and_accepted_on_its_page(cast: Cast) -> None:
    make_posts(cast, night=True)  # nobody here is a worker: the nights stay open, and the page says why
    boss = at(cast, "supervisor")
    page = reverse("turns:plan") + "?month=2025-04"
    assert "还没有方案" in text_of(boss.get(page))
    assert boss.post(page, {}).status_code == 303
    assert 'http-equiv="refresh"' in text_of(boss.get(page))
    assert boss.post(page, {}).status_code == 422
    assert do_next_plan(now=NOW, solve=solve)
    shown = text_of(boss.get(page))
    assert "没能排上的班和原因" in shown and "夜间维修夜修还缺1人" in shown and "岗位不符" in shown
    assert "离最优最多差" in shown and "逐格排法" in shown
    run = PlanRun.objects.get()
    accept = reverse("turns:accept", args=[run.pk])
    some = boss.post(accept, {"person": [cast.front.pk], "first": "2025-04-01", "last": "2025-04-10"})
    assert some.status_code == 303
    assert set(Assignment.objects.values_list("staff_id", flat=True)) == {cast.front.pk}
    assert boss.post(accept, {"first": "gestern"}).status_code == 422
    assert boss.post(accept, {"all": "1"}).status_code == 303
    assert "方案已排入" in text_of(boss.get(page + "&did=accepted"))
    assert boss.post(accept, {"all": "1"}).status_code == 422  # nothing is left of it
    assert "Unfairness" in text_of(at(cast, "head", language="en").get(page))


@pytest.mark.rule("D-02", "D-03")
def test_posts_and_shifts_are_set_up_on_their_page(cast: Cast) -> None:
    boss = at(cast, "supervisor")
    page = reverse("turns:posts")
    assert "还没有值班岗位" in text_of(boss.get(page))
    assert "设置值班岗位" in text_of(boss.get(reverse("turns:month")))
    assert "已按规程设置" in text_of(boss.post(page, {"adopt": "1"}))
    desk = DutyPost.objects.get(code="desk")
    post = {"code": "gate", "name": "岗亭", "roles": ["LOBBY"]}
    assert boss.post(page, post).status_code == 303
    again = boss.post(page, post)
    assert again.status_code == 422 and "已经有这个代码" in text_of(again)
    shift = {
        "code": "X",
        "name": "加班",
        "starts": "9:00",
        "ends": "25:00",
        "needs": "1",
        "weekdays": ["5", "6"],
    }
    new = reverse("turns:shift_new", args=[desk.pk])
    assert boss.get(new).status_code == 200
    wrong = boss.post(new, shift)
    assert wrong.status_code == 422 and "07:30 的样子" in text_of(wrong) and 'value="25:00"' in text_of(wrong)
    assert boss.post(new, {**shift, "ends": "18：30"}).status_code == 303
    made = Shift.objects.get(code="X")
    assert (f"{made.ends:%H:%M}", made.weekdays) == ("18:30", [5, 6])
    change = reverse("turns:shift", args=[made.pk])
    assert boss.get(change).status_code == 200
    assert boss.post(change, {**shift, "ends": "18:30", "needs": "2", "active": "on"}).status_code == 303
    assert (
        boss.post(reverse("turns:post", args=[desk.pk]), {"name": "总台", "active": "on"}).status_code == 303
    )
    assert "总台" in text_of(boss.get(page + "?did=post"))
    assert boss.post(reverse("turns:post", args=[desk.pk]), {}).status_code == 422


@pytest.mark.rule("D-11", "D-28")
def test_leave_and_swap_begin_at_a_turn_of_mine(cast: Cast) -> None:
    make_month(cast)
    front = at(cast, "front")
    page = text_of(front.get(reverse("turns:mine")))
    turn = first_turn(cast, "front")
    assert reverse("turns:leaves_new", args=[turn.pk]) in page
    form = text_of(front.get(reverse("turns:leaves_new", args=[turn.pk])))
    assert f"{turn.day}T" in form
    assert str(turn.day) in text_of(front.get(reverse("turns:swaps_new", args=[turn.pk])))
    # somebody else's turn fills nothing
    other = first_turn(cast, "lobby")
    assert front.get(reverse("turns:leaves_new", args=[other.pk])).status_code == 200
    begins, ends = timezone.localtime(turn.starts_at), timezone.localtime(turn.ends_at)
    sent = {
        "kind": "sick",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{ends:%Y-%m-%dT%H:%M}",
        "reason": "发烧",
    }
    assert front.post(reverse("turns:leaves"), {**sent, "reason": ""}).status_code == 422
    assert front.post(reverse("turns:leaves"), sent).status_code == 303
    row = Leave.objects.get()
    boss = at(cast, "supervisor")
    step = reverse("turns:leaves_step", args=[row.pk, "approve"])
    no = boss.post(step, {"approve-substitute": cast.engineer.pk, "seen": row.version})
    assert no.status_code == 422 and "不担任" in text_of(no)
    assert boss.post(step, {"seen": row.version}).status_code == 303
    shown = text_of(boss.get(reverse("turns:leaves_one", args=[row.pk])))
    assert "还没有人替" in shown and "定好替班的人" in shown
    swap = {"day": str(first_turn(cast, "front").day), "colleague": cast.lobby.pk, "reason": "换一下"}
    assert front.post(reverse("turns:swaps"), swap).status_code == 303
    lobby = at(cast, "lobby")
    one = Swap.objects.get()
    assert "同意" in text_of(lobby.get(reverse("turns:swaps_one", args=[one.pk])))
    assert lobby.post(reverse("turns:swaps_step", args=[one.pk, "agree"]), {"seen": 1}).status_code == 303
    assert "⇄" in text_of(boss.get(reverse("turns:swaps")))


@pytest.mark.rule("D-08", "D-28")
def test_the_list_of_a_month_is_for_whoever_plans_and_oneself(cast: Cast) -> None:
    make_month(cast)
    url = reverse("turns:hours") + MARCH
    everything, own = text_of(at(cast, "supervisor").get(url)), text_of(at(cast, "front").get(url))
    assert "郑大堂" in everything and "请假扣款" in everything
    assert "王前台" in own and "郑大堂" not in own
    assert at(cast, "engineer").get(reverse("turns:mine")).status_code == 200


@pytest.mark.rule("D-13")
def test_the_on_call_list_leads_to_a_noted_call(cast: Cast) -> None:
    cast.head.phone = "13900001111"
    cast.head.save(update_fields=["phone"])
    front = at(cast, "front")
    page = text_of(front.get(reverse("turns:on_call")))
    assert "陈主任" in page and "tel:13900001111" in page and "没有登记电话" in page
    form = text_of(front.get(reverse("turns:calls_new", args=[cast.head.pk])))
    assert f'<option value="{cast.head.pk}" selected' in form
    sent = {"staff": cast.head.pk, "outcome": "coming", "reason": "水泵房进水"}
    assert front.post(reverse("turns:calls"), sent).status_code == 303
    call = CallAttempt.objects.get()
    assert front.post(reverse("turns:calls_step", args=[call.pk, "came"]), {"seen": 1}).status_code == 303
    assert "已回到现场" in text_of(front.get(reverse("turns:on_call")))
    assert "13900001111" in text_of(front.get(reverse("turns:on_call_sheet")))


def grid_file(rows: list[list[object]]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("roster.xlsx", out.getvalue())


@pytest.mark.rule("D-01")
def test_a_month_goes_out_as_a_table_and_comes_back(cast: Cast) -> None:
    shifts = make_posts(cast)
    put(cast, shifts["A"], date(2025, 3, 20), "front")
    boss = at(cast, "supervisor")
    book = load_workbook(io.BytesIO(boss.get(reverse("turns:table") + MARCH).content))
    page = book.worksheets[0]
    row = next(line for line in page.iter_rows(values_only=True) if line[0] == "王前台")
    assert (page.cell(1, 21).value, row[20]) == (20, "A")

    url = reverse("turns:import") + MARCH
    assert boss.get(url).status_code == 200
    bad = boss.post(
        url, {"table": grid_file([["姓名", 20, 21], ["王前台", "P", "Q"], ["孙外人", None, "A"]])}
    )
    shown = text_of(bad)
    assert "没有这个班次代码：Q" in shown and "没有这位同事：孙外人" in shown and "时间重叠" not in shown
    assert "休息不足" in shown and 'name="lines"' not in shown
    good = boss.post(
        url, {"table": grid_file([["姓名", 20, 22], ["王前台", "A", "a"], ["郑大堂", "N", None]])}
    )
    assert "可以排入 2 个班" in text_of(good) and "已经在表里" in text_of(good)
    assert Assignment.objects.count() == 1  # looked through, nothing written
    found = re.search(r'name="lines" value="([^"]+)"', text_of(good))
    assert found is not None
    confirm = reverse("turns:import_confirm") + MARCH
    assert boss.post(confirm, {"lines": found[1]}).status_code == 303
    assert Assignment.objects.filter(active=True).count() == 3
    assert boss.post(confirm, {"lines": "forged"}).status_code == 422


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"no spreadsheet", "打不开"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "读不懂"),
        (b"x" * (2 * 1024 * 1024 + 1), "文件太大"),
    ],
)
def test_a_file_that_is_none_is_refused_with_words(cast: Cast, body: bytes, said: str) -> None:
    answer = at(cast, "supervisor").post(
        reverse("turns:import") + MARCH, {"table": SimpleUploadedFile("a.xlsx", body)}
    )
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_table_without_days_is_refused(cast: Cast) -> None:
    answer = at(cast, "supervisor").post(
        reverse("turns:import") + MARCH, {"table": grid_file([["姓名", "x"]])}
    )
    assert answer.status_code == 422


@pytest.mark.rule("D-01")
def test_calendars_go_out_and_come_back_by_their_uid(cast: Cast) -> None:
    make_month(cast)
    boss, front = at(cast, "supervisor"), at(cast, "front")
    own = Calendar.from_ical(front.get(reverse("turns:own_calendar")).content)
    turns = list(Assignment.objects.filter(staff=cast.front, active=True).order_by("starts_at"))
    events = own.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [turn.starts_at for turn in turns]
    everything = boss.get(reverse("turns:site_calendar") + MARCH)
    assert len(Calendar.from_ical(everything.content).walk("VEVENT")) == 93
    # back into an empty month: the same turns are found by their UIDs
    Assignment.objects.update(active=False, ended_at=NOW)
    Roster.objects.update(state="draft", published_at=None, published_by=None)
    sent = SimpleUploadedFile("a.ics", everything.content)
    checked = text_of(boss.post(reverse("turns:import") + MARCH, {"table": sent}))
    assert "可以排入 93 个班" in checked
    # and one that another program made, by the name of the shift and of the person
    foreign = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@elsewhere\r\nDTSTAMP:20250301T000000Z\r\n"
        "DTSTART:20250319T233000Z\r\nDTEND:20250320T073000Z\r\nSUMMARY:前台 早班 王前台\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2@elsewhere\r\nDTSTAMP:20250301T000000Z\r\nDTSTART;VALUE=DATE:20250325\r\nSUMMARY:休息\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    shown = text_of(
        boss.post(reverse("turns:import") + MARCH, {"table": SimpleUploadedFile("b.ics", foreign.encode())})
    )
    assert "2025-03-20" in shown and "没有这位同事：休息" in shown


def test_the_feed_of_a_telephone_needs_its_key_and_ends_with_the_sessions(cast: Cast) -> None:
    make_month(cast)
    page = text_of(at(cast, "front").get(reverse("turns:mine")))
    found = re.search(r'value="http://testserver(/turns/feed\.ics\?key=[^"]+)"', page)
    assert found is not None
    answer = Client().get(found[1])
    assert answer["Content-Type"].startswith("text/calendar")
    assert Client().get(reverse("turns:feed") + "?key=guess").status_code == 404
    cast.front.session_epoch += 1
    cast.front.save(update_fields=["session_epoch"])
    assert Client().get(found[1]).status_code == 404


@pytest.mark.rule("D-01", "D-13")
def test_the_first_page_says_who_is_on_duty_and_an_emergency_leads_to_the_list(cast: Cast) -> None:
    from yingsheng.processes.emergencies.services.intake import register_emergency

    make_month(cast)
    front = at(cast, "front")
    lists = text_of(front.get(reverse("ui:today_lists")))
    assert "当班" in lists
    case = register_emergency(
        site=cast.site, kind="burst_pipe", place="3栋大堂", body="水管爆了", by=cast.front, at=NOW
    )
    page = text_of(front.get(reverse("ui:case", args=[case.key])))
    assert reverse("turns:on_call") in page
    make_leave(cast, "lobby", starts_at=NOW + timedelta(days=5), ends_at=NOW + timedelta(days=6))
    assert "请假与换班待答复" in text_of(at(cast, "supervisor").get(reverse("ui:today_lists")))
