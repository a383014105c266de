"""From the ring to the form: signed posts, everybody whose number it is, the register, whoever was missed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.process import processes
from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.rules import Signal, signature
from yingsheng.kernel.calls.services import give_extension, set_up_exchange, take_in
from yingsheng.kernel.estate.models import Member
from yingsheng.processes.enquiries.models import Contact
from yingsheng.processes.enquiries.queries import answer_figures
from yingsheng.processes.enquiries.services import answer_at_once, answer_enquiry, promise_answer

NUMBER = "13800138000"  # of the first home's owner
SIGNALS = "/api/v1/phone/signals"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=3)


@pytest.fixture
def keyed(cast: Cast) -> tuple[Exchange, str]:
    exchange, key = set_up_exchange(site=cast.site, name="总机", by=None, at=MONDAY_NINE)
    give_extension(exchange=exchange, number="801", staff=cast.front, by=None, at=MONDAY_NINE)
    return exchange, key


def at(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def standing(when: datetime) -> Any:
    return patch("django.utils.timezone.now", return_value=when)


def send(keyed: tuple[Exchange, str], body: dict[str, Any], *, when: datetime, **wrong: str) -> Any:
    exchange, key = keyed
    text = json.dumps(body)
    stamp = wrong.get("stamp", when.isoformat())
    signed = signature(secret=wrong.get("key", key), stamp=stamp, body=text.encode())
    headers = {"X-Exchange": wrong.get("code", exchange.code), "X-Stamp": stamp, "X-Signature": signed}
    with standing(when):
        return Client().post(
            SIGNALS, wrong.get("text", text), content_type="application/json", headers=headers
        )


def ring(seconds: float, kind: str = "ring", **more: Any) -> dict[str, Any]:
    return {
        "ref": "c1",
        "kind": kind,
        "at": at(seconds).isoformat(),
        "number": NUMBER,
        "extension": "801",
        **more,
    }


def desk_of(cast: Cast, who: str = "front") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend="yingsheng.kernel.org.login.StaffBackend")
    return client


@pytest.mark.rule("D-10", "B-06")
def test_a_signed_post_becomes_a_call(keyed: tuple[Exchange, str]) -> None:
    answer = send(keyed, ring(0), when=at(0.1))
    assert answer.status_code == 200 and answer.json()["state"] == "ringing"
    assert send(keyed, ring(8, "answer"), when=at(8.1)).json()["state"] == "talking"
    assert send(keyed, ring(30, "hangup"), when=at(30.1)).json()["state"] == "ended"
    call = Call.objects.get()
    assert (call.rings, call.number) == (2, NUMBER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "another-key"}, {"code": "nobody"}, {"stamp": "2025-03-03T08:50:00+08:00"}, {"stamp": "yesterday"},
        {"stamp": "2025-03-03T09:00:00"}, {"text": '{"ref": "c2"}'},
    ],
)  # fmt: skip
def test_what_is_not_signed_now_by_this_system_is_not_believed(
    keyed: tuple[Exchange, str], wrong: dict[str, str]
) -> None:
    answer = send(keyed, ring(0), when=at(0.1), **wrong)
    assert answer.status_code == 401 and not Call.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"ref": "c1"}, ring(0, "sing"), ring(0, at="soon"), ring(0, ref=""), ring(0, rings=0), ring(600)],
)
def test_a_signed_post_that_says_nothing_is_a_problem_not_a_crash(
    keyed: tuple[Exchange, str], body: dict[str, Any]
) -> None:
    assert send(keyed, body, when=at(0.1)).status_code in (400, 409, 422)
    assert not Call.objects.exists()


@pytest.mark.rule("B-06")
def test_everybody_whose_number_it_is_stands_on_the_screen(cast: Cast, keyed: tuple[Exchange, str]) -> None:
    person = cast.caller(0).person
    Member.objects.create(household=cast.homes[2], person=person, relation="owner", decides=False)
    send(keyed, ring(0), when=at(0.1))
    with standing(at(0.5)):
        page = desk_of(cast).get(reverse("phone:ringing")).content.decode()
        assert NUMBER in page and "3栋2单元1802" in page and "3栋2单元1804" in page and "其他人士" in page
        assert NUMBER not in desk_of(cast, "lobby").get(reverse("phone:ringing")).content.decode()
        assert desk_of(cast, "engineer").get(reverse("phone:ringing")).status_code == 403


@pytest.mark.rule("B-06")
def test_the_form_that_answers_a_call_is_tied_to_it(cast: Cast, keyed: tuple[Exchange, str]) -> None:
    send(keyed, ring(0), when=at(0.1))
    send(keyed, ring(8, "answer"), when=at(8.1))
    call = Call.objects.get()
    with standing(at(60)):
        client = desk_of(cast)
        where = reverse("enquiries:reception")
        page = client.get(where, {"household": cast.homes[0].pk, "call": call.pk, "start": "enquiries"})
        assert f'name="call" value="{call.pk}"' in page.content.decode()
        sent = client.post(
            reverse("enquiries:start", args=["enquiries"]),
            {
                "household": cast.homes[0].pk, "call": call.pk, "kind": "enquiry", "title": "几点开门",
                "answer": "七点半", "channel": "phone", "rings": "3", "scope": "inside",
            },
        )  # fmt: skip
    assert sent.status_code == 303, sent.content.decode()
    contact = Contact.objects.get()
    assert (contact.call, contact.rings) == (call, None)


@pytest.mark.rule("B-06", "D-10")
def test_a_missed_call_waits_on_the_first_page_until_somebody_called_back(
    cast: Cast, keyed: tuple[Exchange, str]
) -> None:
    send(keyed, ring(0), when=at(0.1))
    send(keyed, ring(40, "hangup"), when=at(40.1))
    today = processes.get("phone").today
    assert today is not None
    (waiting,) = today(actor=cast.actor("front"), now=at(60))
    assert (waiting.rule, waiting.count) == ("B-06", 1) and NUMBER not in waiting.lines[0].text
    call = Call.objects.get()
    with standing(at(300)):
        client = desk_of(cast)
        url = reverse("phone:calls_step", args=[call.pk, "call_back"])
        assert client.post(url, {"call_back-note": "没选"}).status_code == 422
        assert (
            client.post(url, {"call_back-outcome": "reached", "call_back-note": "问水费"}).status_code == 303
        )
    assert today(actor=cast.actor("front"), now=at(400)) == []


@pytest.mark.rule("B-06", "D-10")
def test_calls_and_mails_of_a_month_are_counted_together(cast: Cast, keyed: tuple[Exchange, str]) -> None:
    exchange, _key = keyed
    for number, wait in enumerate((15, 16)):
        for kind, when in (("ring", 0), ("answer", wait)):
            signal = Signal(ref=f"a{number}", kind=kind, at=at(when), number=f"1370000000{number}")
            take_in(exchange=exchange, signal=signal, now=at(when))
    site, front = cast.site, cast.front
    answer_at_once(
        site=site,
        caller=cast.caller(),
        channel="phone",
        reason="问路",
        answer="左转",
        by=front,
        at=at(60),
        rings=2,
    )
    answer_at_once(
        site=site, caller=cast.caller(), channel="email", reason="问费", answer="已回", by=front, at=at(60)
    )
    for number, minutes in enumerate((59, 60, 61)):
        case = promise_answer(
            site=site, caller=cast.caller(), channel="email", title=f"第{number}封", by=front, at=at(100)
        )
        answer_enquiry(case=case, by=front, at=at(100 + minutes * 60), answer="已查明")
    found = answer_figures(site=site, start=at(-1000), end=at(100_000), ring_limit=3, mail_hours=1)
    assert (found.calls, found.calls_kept, found.mails, found.mails_kept) == (3, 2, 4, 3)
    with standing(at(10_000)):
        page = desk_of(cast).get(reverse("enquiries:month"), {"month": "2025-03"}).content.decode()
        assert "3声内接起" in page and "邮件1小时内回应" in page


def test_a_telephone_system_is_set_up_on_a_page_and_its_key_shown_once(cast: Cast) -> None:
    with standing(at(0)):
        client = desk_of(cast, "supervisor")
        url = reverse("phone:exchanges")
        body = {"name": "总机", "hotline": "8888", "form_key": "once-only"}
        first, second = client.post(url, body), client.post(url, body, follow=True)
        exchange = Exchange.objects.get()
        assert first.status_code == 200 and exchange.code in first.content.decode()
        assert (
            "密钥只显示这一次" in first.content.decode() and "密钥只显示这一次" not in second.content.decode()
        )
        given = {"number": "801", "staff": cast.front.pk}
        assert client.post(reverse("phone:extension", args=[exchange.pk]), given).status_code == 303
        assert client.post(reverse("phone:extension", args=[exchange.pk]), {"number": ""}).status_code == 422
        assert client.post(reverse("phone:retire", args=[exchange.pk])).status_code == 303
        assert desk_of(cast).get(url).status_code == 403
    exchange.refresh_from_db()
    assert not exchange.active
