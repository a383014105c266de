"""The duty log as people see it: write, hand over, sign, print, in Chinese and in English."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import PASSWORD, Cast
from tests.factories.duty import at, begin, hand, prepare, write

from yingsheng.base.process import processes
from yingsheng.kernel.events.models import Event
from yingsheng.processes.duty.models import Line, Page
from yingsheng.processes.duty.process.views import VIEWS, views_of


def standing(when: datetime) -> Any:
    """The clock of the desk stands at a moment."""
    return patch("django.utils.timezone.now", return_value=when)


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def post(cast: Cast, who: str, name: str, args: list[Any], body: dict[str, Any]) -> Any:
    return client_of(cast, who).post(reverse(name, args=args), body)


@pytest.mark.rule("D-06", "D-24")
def test_the_desk_writes_what_a_shift_meets(cast: Cast, on_duty: Page) -> None:
    with standing(at(9)):
        page = client_of(cast, "front").get(reverse("duty:log_one", args=[on_duty.pk])).content.decode()
        for word in ("咨询", "求助、委托", "突发情况", "通知或调动的部门"):
            assert word in page
        answer = post(
            cast, "front", "duty:log_step", [on_duty.pk, "note"],
            {"note-kind": "help", "note-content": "帮老人叫车", "note-room": "3-2-1802", "note-caller": "钱女士"},
        )  # fmt: skip
        assert answer.status_code == 303
        assert Line.objects.get().content == "帮老人叫车"
        page = client_of(cast, "lobby").get(reverse("duty:log_one", args=[on_duty.pk])).content.decode()
        assert "帮老人叫车" in page and "钱女士" in page


def test_what_is_lacking_is_said_and_what_was_typed_stays(cast: Cast, on_duty: Page) -> None:
    with standing(at(9)):
        answer = post(
            cast, "front", "duty:log_step", [on_duty.pk, "note"],
            {"note-kind": "sudden", "note-content": "围墙倒了", "note-room": "99-9-9999"},
        )  # fmt: skip
        assert answer.status_code == 422
        assert "围墙倒了" in answer.content.decode() and "写明怎样控制住的" in answer.content.decode()
    assert not Line.objects.exists()


@pytest.mark.rule("D-17")
def test_a_wrong_password_signs_nothing_and_is_not_shown_again(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 10))
    body = {
        "hand_over-outgoing": cast.front.pk, "hand_over-incoming": cast.assistant.pk, "hand_over-has_read": "on",
        "hand_over-area": "normal", "hand_over-outgoing_password": PASSWORD,
        "hand_over-incoming_password": "not-the-password",
    }  # fmt: skip
    with standing(at(15, 25)):
        answer = post(cast, "front", "duty:log_step", [on_duty.pk, "hand_over"], body)
        assert answer.status_code == 422
        words = answer.content.decode()
        assert "周助理的密码不对" in words and PASSWORD not in words and "not-the-password" not in words
        assert Event.objects.filter(kind="org.identity_doubted").count() == 1
        body["hand_over-incoming_password"] = PASSWORD
        assert post(cast, "front", "duty:log_step", [on_duty.pk, "hand_over"], body).status_code == 303
    assert Page.objects.get(pk=on_duty.pk).state == Page.State.SIGNED


@pytest.mark.rule("D-21")
def test_the_supervisor_signs_on_a_page_of_his_own(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 10))
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    with standing(at(8, 30, days=1)):
        shown = client_of(cast, "supervisor").get(reverse("duty:sign")).content.decode()
        assert "早班" in shown and "王前台" in shown
        wrong = post(cast, "supervisor", "duty:sign", [], {"password": "wrong-password", "remark": "看过"})
        assert wrong.status_code == 422 and "看过" in wrong.content.decode()
        assert post(cast, "supervisor", "duty:sign", [], {"password": PASSWORD}).status_code == 303
        assert client_of(cast, "front").get(reverse("duty:sign")).status_code == 403
    assert Page.objects.get(pk=on_duty.pk).checked_by == cast.supervisor


@pytest.mark.rule("D-27")
def test_one_log_prints_as_all_the_records_of_the_house(cast: Cast, desk: object) -> None:
    night = begin(cast, "lobby", at(23, 25), arrived_at=at(23, 20))
    write(cast, night, "lobby", at(2, days=1), kind="complaint", content="隔壁太吵", is_open=True)
    prepare(cast, night, "lobby", at(7, 10, days=1))
    hand(cast, night, "lobby", "front", at(7, 30, days=1))
    night = Page.objects.select_related("post", "shift", "handed").get(pk=night.pk)
    forms = {view.sheet.form_number for _code, view in views_of(page=night)}
    assert forms == {"FM-07", "FM-08", "FM-09", "FM-10", "FM-11", "FM-13", "FM-14"}
    client = client_of(cast, "supervisor")
    with standing(at(8, days=1)):
        for code, view in VIEWS.items():
            url = reverse("duty:sheet", args=[night.pk, code])
            preview = client.get(url).content.decode()
            assert view.sheet.form_number in preview and "预览" in preview
            assert ("隔壁太吵" in preview) == (code != "handover") or "隔壁太吵" in preview
            assert (
                "补打" not in client.post(url).content.decode().split("sheet-body")[0].split("sheet-marks")[1]
            )
            assert "补打 1" in client.post(url).content.decode()
    assert Event.objects.filter(kind="duty.page_printed").count() == 2 * len(VIEWS)


def test_only_a_night_has_a_night_record(cast: Cast, on_duty: Page) -> None:
    with standing(at(9)):
        url = reverse("duty:sheet", args=[on_duty.pk, "night"])
        assert client_of(cast, "front").get(url).status_code == 404
        url = reverse("duty:sheet", args=[on_duty.pk, "nothing"])
        assert client_of(cast, "front").get(url).status_code == 404


@pytest.mark.rule("D-25")
def test_from_a_line_of_the_night_to_the_form_begun_with_its_words(cast: Cast, desk: object) -> None:
    night = begin(cast, "lobby", at(23, 25), arrived_at=at(23, 20))
    line = write(
        cast,
        night,
        "lobby",
        at(2, days=1),
        kind="complaint",
        content="隔壁太吵",
        room="3-2-1802",
        is_open=True,
    )
    with standing(at(8, days=1)):
        client = client_of(cast, "front")
        page = client.get(reverse("duty:items_one", args=[line.item.pk])).content.decode()
        assert f"raised=duty%3A{line.item.pk}" in page
        form = client.get(
            reverse("enquiries:reception"),
            {"q": "3栋2单元1802", "start": "complaints", "raised": f"duty:{line.item.pk}"},
            follow=True,
        ).content.decode()
        assert "隔壁太吵" in form and 'value="night_log" selected' in form


@pytest.mark.rule("D-05", "D-25")
def test_the_first_page_tells_who_is_on_duty_and_what_is_missing(cast: Cast, on_duty: Page) -> None:
    today = processes.get("duty").today
    assert today is not None
    lists = {one.rule: one for one in today(actor=cast.actor("supervisor"), now=at(9))}
    assert [line.text for line in lists["D-04"].lines] == ["总台 · 王前台"]
    assert "D-05" not in lists
    Page.objects.create(
        site=cast.site, post=on_duty.post, shift=on_duty.shift, day=at(0).date().replace(day=20), starts_at=at(8),
        ends_at=at(16),
    )  # fmt: skip
    assert {one.rule for one in today(actor=cast.actor("supervisor"), now=at(9))} >= {"D-05"}


@pytest.mark.rule("D-23")
def test_whoever_may_not_check_sees_only_himself(cast: Cast, on_duty: Page) -> None:
    prepare(cast, on_duty, "front", at(15, 10))
    hand(cast, on_duty, "front", "assistant", at(15, 30))
    with standing(at(16)):
        own = client_of(cast, "assistant").get(reverse("duty:conduct")).content.decode()
        everybody = client_of(cast, "supervisor").get(reverse("duty:conduct")).content.decode()
    table = own.split("<tbody>")[1]
    assert "周助理" in table and "王前台" not in table
    assert "周助理" in everybody and "王前台" in everybody
