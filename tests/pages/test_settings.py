"""The administrator's pages: typed, sent, done once, shown again with words when they cannot be done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.factories.cast import PASSWORD, Cast, make_cast
from tests.processes.story import registered

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import ApiClient, Delegation, Post, Role, Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.services import Promise, arm
from yingsheng.kernel.worktime.models import Calendar, CalendarDay
from yingsheng.kernel.worktime.queries import missing_years_key
from yingsheng.ui.pages.settings.tokens import scope_families

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


@pytest.fixture
def head(cast: Cast) -> Client:
    return sit(cast.head)


def sit(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def events(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def test_settings_open_at_the_first_page_one_may_see(cast: Cast) -> None:
    assert sit(cast.head).get("/settings/")["Location"] == reverse("ui:staff")
    assert sit(cast.supervisor).get("/settings/")["Location"] == reverse("ui:calendar")
    assert sit(cast.complaint_centre).get("/settings/")["Location"] == reverse("ui:records")
    assert sit(cast.front).get("/settings/").status_code == 403
    assert reverse("ui:settings") in text(sit(cast.supervisor), "/")
    assert reverse("ui:settings") not in text(sit(cast.front), "/")


def test_somebody_is_added_appointed_and_leaves(cast: Cast, head: Client) -> None:
    url = reverse("ui:staff_new")
    empty = head.post(url, {"name": "孙新人"})
    assert (empty.status_code, "孙新人" in empty.content.decode()) == (422, True)
    sent = {"name": "孙新人", "username": "sun", "password": PASSWORD, "form_key": "one"}
    first = head.post(url, sent)
    assert first.status_code == 303
    assert head.post(url, sent)["Location"] == first["Location"]
    new = Staff.objects.get(username="sun")
    person = reverse("ui:staff_member", args=[new.pk])
    assert "还没有岗位" in text(head, first["Location"])
    given = {"verb": "appoint", "appoint-role": "FRONT_DESK", "appoint-department": "service"}
    assert head.post(person, given).status_code == 303
    assert "前台接待员（客户服务中心）" in text(head, reverse("ui:staff"))
    held = new.appointments.get()
    assert head.post(person, {"verb": "end", "end-appointment": held.pk}).status_code == 422
    new.appointments.update(active_from=timezone.now() - timedelta(hours=1))
    left = {"verb": "end", "end-appointment": held.pk, "end-reason": "调离"}
    assert head.post(person, left).status_code == 303
    assert head.post(person, {"verb": "deactivate", "deactivate-reason": "离职"}).status_code == 303
    page = text(head, person)
    assert "不再担任" in page and "停用账户：离职" in page
    assert head.post(person, {"verb": "reactivate"}).status_code == 303
    assert head.post(person, {"verb": "burn"}).status_code == 422
    assert PASSWORD not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_supervisor_passes_his_own_post_on_and_nobody_elses(cast: Cast) -> None:
    own, other = (Post.objects.get(site=cast.site, role__code=code) for code in ("CS_SUP", "SITE_HEAD"))
    client = sit(cast.supervisor)
    begins = timezone.localtime()
    sent = {
        "post": own.pk, "to_staff": cast.lobby.pk, "active_from": begins.strftime("%Y-%m-%dT%H:%M"),
        "active_to": (begins + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "reason": "年假",
    }  # fmt: skip
    url = reverse("ui:delegate")
    assert client.post(url, {**sent, "post": other.pk}).status_code == 422
    assert client.post(url, sent)["Location"].startswith(reverse("ui:account"))
    assert "郑大堂" in text(client, reverse("ui:account"))
    assert "我正在代理" in text(sit(cast.lobby), reverse("ui:account"))
    assert reverse("ui:calendar") == sit(cast.lobby).get("/settings/")["Location"]
    row = Delegation.objects.get()
    end = reverse("ui:delegation_end", args=[row.pk])
    assert sit(cast.front).post(end).status_code == 403
    assert client.post(end).status_code == 303
    assert sit(cast.lobby).get("/settings/").status_code == 403
    assert sit(cast.deputy).post(url, sent).status_code == 422


def test_a_renamed_role_is_called_so_everywhere(cast: Cast, head: Client) -> None:
    url = reverse("ui:role", args=["CS_SUP"])
    assert head.post(url, {"name": "", "name_en": "Lead"}).status_code == 422
    assert head.post(url, {"name": "业户服务主管", "name_en": "Tenant services lead"}).status_code == 303
    promise = Obligation.objects.filter(subject_id=registered(cast).pk, responsible_role="CS_SUP")[0]
    where = reverse("ui:promise", args=[promise.pk])
    for page in (reverse("ui:staff"), reverse("ui:roles"), where):
        assert "业户服务主管" in text(head, page), page
    Staff.objects.filter(pk=cast.head.pk).update(language="en")
    assert "Tenant services lead" in text(head, where)
    assert head.get(reverse("ui:role", args=["NOBODY"])).status_code == 404
    assert Role.objects.get(code="CS_SUP").name_zh == "客服主管"


def promised(cast: Cast) -> Obligation:
    """Three working days by the office calendar, from now."""
    from yingsheng.kernel.policies.queries import resolve
    from yingsheng.kernel.worktime.arithmetic import due_at
    from yingsheng.kernel.worktime.queries import get_calendar

    now = timezone.now()
    case = registered(cast, at=now)
    calendar = get_calendar(site_id=cast.site.pk, code="office")
    due = due_at(start=now, amount=10, unit="working_days", calendar=calendar).at
    promise = Promise(
        milestone="plan", resolved=resolve(rule_id="C-35", site=cast.site, at=now), amount=10,
        unit="working_days", starts_at=now, due_at=due, responsible_role="CS_SUP", calendar="office",
        warn_percent=80,
    )  # fmt: skip
    return arm(site_id=cast.site.pk, subject=case, promises=[promise], at=now)[0]


def next_workday(cast: Cast) -> datetime:
    """A day within the next ten on which the office works."""
    from yingsheng.kernel.worktime.arithmetic import is_working_day
    from yingsheng.kernel.worktime.queries import get_calendar

    calendar = get_calendar(site_id=cast.site.pk, code="office")
    day = timezone.localtime() + timedelta(days=1)
    while not is_working_day(day=day.date(), calendar=calendar):
        day += timedelta(days=1)
    return day


def test_a_day_is_changed_and_promises_say_why_they_moved(cast: Cast, head: Client) -> None:
    row = promised(cast)
    day = next_workday(cast).date()
    url = reverse("ui:calendar_day", args=["office", day.isoformat()])
    wrong = head.post(url, {"kind": "special", "windows": "12:00-8:00", "name": "检修"})
    assert (wrong.status_code, "12:00-8:00" in wrong.content.decode()) == (422, True)
    done = head.post(url, {"kind": "holiday", "windows": "", "name": "停电"})
    assert done.status_code == 303
    assert "1项进行中的承诺随之移动" in text(head, done["Location"])
    page = text(head, reverse("ui:promise", args=[row.pk]))
    assert "为什么移动" in page and "停电" in page and "办公时间" in page
    assert row.due_at != Obligation.objects.get(pk=row.pk).due_at
    assert head.post(url, {"verb": "clear"}).status_code == 303
    assert head.post(url, {"verb": "clear"}).status_code == 422
    assert row.due_at == Obligation.objects.get(pk=row.pk).due_at
    assert not CalendarDay.objects.filter(date=day).exists()


def test_the_year_shows_its_holidays_and_what_is_missing(cast: Cast, head: Client) -> None:
    page = text(head, f"{reverse('ui:calendar')}?calendar=office&year=2025")
    assert "春节" in page and "载入于" in page
    assert "还没有载入" in text(head, f"{reverse('ui:calendar')}?calendar=office&year=2090")
    load = reverse("ui:calendar_load", args=["office"])
    assert head.post(load, {"year": "2090"}).status_code == 422
    assert head.post(load, {"year": "2024"}).status_code == 303
    assert head.post(reverse("ui:calendar_load", args=["service"]), {"year": "2025"}).status_code == 422
    assert Event.objects.get(kind="worktime.year_seeded").by == cast.head
    for nowhere in ("2025-02-30", "1999-01-01", "never"):
        assert head.get(reverse("ui:calendar_day", args=["office", nowhere])).status_code == 404
    assert head.get(reverse("ui:calendar_week", args=["none"])).status_code == 404


def test_the_week_is_typed_as_people_write_it(cast: Cast, head: Client) -> None:
    url = reverse("ui:calendar_week", args=["office"])
    typed = {f"day{number}": "8：30～12：00，13:30至18:00" for number in range(5)}
    assert head.post(url, {**typed, "day5": "late"}).status_code == 422
    assert head.post(url, typed).status_code == 303
    week = Calendar.objects.get(site=cast.site, code="office").weekly_windows
    assert week[0] == [["08:30", "12:00"], ["13:30", "18:00"]] and week[6] == []


@pytest.mark.rule("C-02")
@pytest.mark.rule("B-11")
def test_the_notice_has_what_was_published(cast: Cast, head: Client) -> None:
    assert "现在还空着" in text(head, reverse("ui:contacts"))
    sent = {
        "duty_phone": "0755-20000001", "service_hotline": "8000", "company_hotline": "0755-2", "company_fax": "0755-3",
        "complaint_email": "help@site.example", "address": "云溪路1号",
    }  # fmt: skip
    assert head.post(reverse("ui:contacts"), {**sent, "complaint_email": "x"}).status_code == 422
    assert head.post(reverse("ui:contacts"), sent).status_code == 303
    assert "现在还空着" not in text(head, reverse("ui:contacts"))
    notice = text(sit(cast.front), reverse("ui:contacts_sheet"))
    for words in (*sent.values(), cast.site.name):
        assert words in notice
    pdf = sit(cast.front).get(reverse("ui:contacts_pdf"))
    assert pdf.content.startswith(b"%PDF-")


def test_a_token_is_shown_once(cast: Cast, head: Client) -> None:
    url = reverse("ui:token_new")
    sent = {
        "name": "门禁", "acts_as": cast.front.pk, "expires_on": "2099-01-01", "form_key": "one",
        "scope_cases": ["cases.see_site"],
    }  # fmt: skip
    assert head.post(url, {**sent, "scope_cases": [], "form_key": "two"}).status_code == 422
    assert "complaints.accept" not in text(head, url)  # the head of the site may not, so his tokens may not
    beyond = {**sent, "scope_complaints": ["complaints.accept"], "form_key": "three"}
    assert head.post(url, beyond).status_code == 422
    shown = head.post(url, sent)
    assert shown.status_code == 200
    client = ApiClient.objects.get(name="门禁")
    token = next(part for part in shown.content.decode().split('"') if part.startswith("ys_"))
    assert org.hash_token(token=token) == client.token_hash
    again = head.post(url, sent)
    assert again.status_code == 303
    assert ApiClient.objects.filter(name="门禁").count() == 1
    assert token not in text(head, again["Location"])
    assert head.post(reverse("ui:token_revoke", args=[client.pk])).status_code == 303
    assert "已停用" in text(head, reverse("ui:tokens"))


def test_the_book_is_verified_on_its_page(cast: Cast, head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from yingsheng.kernel.events import queries
    from yingsheng.ui.pages.settings import records

    url = reverse("ui:records")
    assert "从第一条开始核验" in text(head, url)
    assert "条事件完好" in text(head, f"{url}?from=1")
    small = 5
    monkeypatch.setattr(
        records,
        "verify_part",
        lambda *, site_id, from_seq: queries.verify_part(site_id=site_id, from_seq=from_seq, limit=small),
    )
    part = text(head, f"{url}?from=1")
    assert "继续核验" in part and f"?from={small + 1}&amp;flaws=0" in part
    assert "有 3 处对不上" in text(head, f"{url}?from=100000&flaws=3")


def test_waiving_has_a_name_a_reason_and_an_event(cast: Cast) -> None:
    promise = Obligation.objects.filter(subject_id=registered(cast).pk).order_by("pk")[0]
    url = reverse("ui:promise", args=[promise.pk])
    front, supervisor = sit(cast.front), sit(cast.supervisor)
    assert "免除承诺要由" in text(front, url)
    assert front.post(url, {"reason": "住户取消"}).status_code == 403
    assert supervisor.post(url, {"reason": ""}).status_code == 422
    assert supervisor.post(url, {"reason": "住户取消"}).status_code == 303
    promise.refresh_from_db()
    assert (promise.state, promise.ended_by, events("timers.waived")) == ("waived", cast.supervisor, 1)
    page = text(supervisor, url)
    assert "住户取消" in page and "不再发出" in page
    assert supervisor.post(url, {"reason": "再来"}).status_code == 422
    assert front.get(reverse("ui:promise", args=[10**9])).status_code == 404


def account(client: Client, **sent: str) -> int:
    return int(client.post(reverse("ui:account"), sent).status_code)


def test_a_password_is_changed_in_our_words_and_ends_other_windows(cast: Cast) -> None:
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=timezone.now())
    here, there = sit(cast.front), sit(cast.front)
    good = {
        "act": "password",
        "current": PASSWORD,
        "password": "an-own-long-word",
        "again": "an-own-long-word",
    }
    for change, words in (
        ({"current": "wrong"}, "现在的密码不对"),
        ({"again": "another"}, "两次输入的新密码不一样"),
        ({"password": PASSWORD, "again": PASSWORD}, "新密码要和现在的不同"),
        ({"password": "short", "again": "short"}, "密码至少要有10个字符"),
        ({"password": "password123", "again": "password123"}, "这个密码太常见"),
        ({"password": cast.front.username, "again": cast.front.username}, "太像"),
    ):
        response = here.post(reverse("ui:account"), {**good, **change})
        assert (response.status_code, words in response.content.decode()) == (422, True), words
    assert account(here, **good) == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_other_windows_are_ended_and_this_one_stays(cast: Cast) -> None:
    here, there = sit(cast.front), sit(cast.front)
    assert account(here, act="others") == 303
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    assert events("org.sessions_ended") == 1


def test_the_second_factor_is_tried_before_it_counts(cast: Cast) -> None:
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=timezone.now())
    client = sit(cast.front)
    assert account(client, act="begin") == 303
    device = TOTPDevice.objects.get()
    assert "扫不了码" in text(client, reverse("ui:account"))
    assert account(client, act="confirm", token="000000x") == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert account(client, act="confirm", token=f"{totp(device.bin_key):06d}") == 303
    assert "已启用" in text(client, reverse("ui:account"))
    assert account(client, act="remove", **{"remove-current": "wrong"}) == 422
    lost = {"verb": "factor", "factor-reason": "手机丢了"}
    assert sit(cast.head).post(reverse("ui:staff_member", args=[cast.front.pk]), lost).status_code == 303
    assert not TOTPDevice.objects.exists()
    assert account(client, act="begin") == 303
    assert account(client, act="remove", **{"remove-current": PASSWORD}) == 303


def test_looks_are_chosen_on_the_account_page(cast: Cast) -> None:
    client = sit(cast.front)
    sent = {"language": "en", "density": "compact", "single_keys": "off", "next": "/account/?did=looks"}
    response = client.post(reverse("ui:preferences"), sent)
    assert response["Location"] == "/account/?did=looks"
    cast.front.refresh_from_db()
    assert (cast.front.language, cast.front.density, cast.front.single_keys) == ("en", "compact", False)
    assert "Preferences saved" in text(client, response["Location"])


def test_the_warning_of_a_missing_year_leads_whoever_may_mend_it(cast: Cast, head: Client) -> None:
    cache.set(missing_years_key(site_id=cast.site.pk), [2031], 60)
    there = f"{reverse('ui:calendar')}?calendar=office&amp;year=2031"
    assert there in text(head, "/")
    page = text(sit(cast.front), "/")
    assert "2031" in page and there not in page


def test_every_family_of_permissions_has_a_name(cast: Cast) -> None:
    named = {family: title for family, title, _codes in scope_families(actor=cast.actor("head"))}
    assert [family for family, title in named.items() if family == title] == []
