"""What a device did without signal arrives once, is refused with words, or meets an order that moved on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.cast import Cast, make_cast
from tests.pages.test_work_pages import cast, picture, pooled, sitting
from tests.processes.repairs.story import ordered

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder

__all__ = ["cast"]
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


def deed(cast: Cast, order: WorkOrder, verb: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"uuid-{verb}-1", "verb": verb, "order": order.key, "worker": cast.plumber.pk,
        "seen": order.version, "device_at": (timezone.now() - timedelta(minutes=30)).isoformat(), **more,
    }  # fmt: skip


def send(client: Client, sent: dict[str, Any]) -> dict[str, Any]:
    return dict(client.post("/work/sync/", sent).json())


@pytest.fixture
def order(cast: Cast) -> WorkOrder:
    return ordered(cast, worker=cast.plumber)


@pytest.mark.rule("R-01")
def test_sent_twice_it_is_done_once_with_the_time_of_the_device(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    sent = deed(cast, order, "accept")
    first = send(client, sent)
    assert (first["outcome"], first["order"]["version"], first["clock"]) == ("done", order.version + 1, "")
    assert send(client, sent) == first
    # the phone had seen something newer when it tried again: still the same deed
    assert send(client, sent | {"seen": 99}) == first
    event = Event.objects.get(kind="orders.accepted")
    assert event.device_at == datetime.fromisoformat(sent["device_at"])
    assert timezone.now() - event.at < timedelta(minutes=1)
    order.refresh_from_db()
    assert order.signed_at == event.device_at
    # the same key under another deed
    other = send(client, deed(cast, order, "start", uuid=sent["uuid"]))
    assert other["outcome"] == "conflict"


def test_a_whole_job_arrives_in_order_with_photo_and_signature(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    begun = timezone.now() - timedelta(minutes=50)
    version = order.version
    extra: dict[str, dict[str, Any]] = {
        "accept": {},
        "start": {},
        "photos": {"photos-when": "before", "photos-photos": picture()},
        "use": {"use-lines": "角阀 × 1 @ 35"},
        "finish": {
            "finish-phrase": "valve", "finish-result": "", "finish-photos": picture(), "finish-signature": DOT,
            "finish-signer": "钱女士",
        },
    }  # fmt: skip
    for number, (verb, fields) in enumerate(extra.items()):
        at = begun + timedelta(minutes=10 * number)
        answer = send(client, deed(cast, order, verb, seen=version, device_at=at.isoformat(), **fields))
        assert answer["outcome"] == "done", answer
        version = answer["order"]["version"]
    order.refresh_from_db()
    assert (order.state, order.done_at) == ("done", begun + timedelta(minutes=40))
    assert order.signed_at < order.started_at < order.done_at
    assert Attachment.objects.filter(subject_id=order.case_id).count() == 3
    told = Event.objects.filter(subject_id=order.case_id, device_at__isnull=False).order_by("seq")
    assert [one.kind for one in told] == [
        "orders.accepted", "orders.started", "files.added", "orders.material_used", "orders.done", "files.added",
    ]  # fmt: skip


def test_a_clock_far_ahead_is_told_and_ours_counts(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    ahead = timezone.now() + timedelta(hours=3)
    answer = send(client, deed(cast, order, "accept", device_at=ahead.isoformat()))
    assert answer["outcome"] == "done" and "手机时间快了" in answer["clock"]
    order.refresh_from_db()
    answer = send(
        client, deed(cast, order, "finish", device_at=ahead.isoformat(), **{"finish-phrase": "part"})
    )
    assert answer["outcome"] == "done", answer
    order.refresh_from_db()
    event = Event.objects.get(kind="orders.done")
    assert event.device_at == ahead and order.done_at == event.at


@pytest.mark.parametrize(
    "told", ["", "yesterday", "2026-13-45T00:00:00Z", "1970-01-01T00:00:00+00:00", "2026-01-01T10:00"]
)
def test_a_time_that_cannot_be_read_is_left_out(cast: Cast, order: WorkOrder, told: str) -> None:
    answer = send(sitting(cast, "plumber"), deed(cast, order, "accept", device_at=told))
    assert answer["outcome"] == "done"
    assert Event.objects.get(kind="orders.accepted").device_at is None


@pytest.mark.rule("R-05")
def test_an_order_that_moved_on_is_a_conflict_and_what_was_done_is_kept_as_a_note(
    cast: Cast, order: WorkOrder
) -> None:
    client = sitting(cast, "plumber")
    orders.void_order(order=order, by=cast.front, at=timezone.now(), reason="住户自己修好了")
    before = Event.objects.count()
    answer = send(client, deed(cast, order, "accept"))
    assert answer["outcome"] == "conflict" and answer["order"]["state"] == "void"
    assert ["作废原因", "住户自己修好了"] in answer["order"]["facts"] and answer["order"]["legal"] == []
    # on the version of now it is not legal either
    again = send(client, deed(cast, order, "accept", seen=answer["order"]["version"]))
    assert again["outcome"] == "conflict" and "已作废" in again["words"]
    assert Event.objects.count() == before
    note = deed(cast, order, "note", text="换好了角阀", signature=DOT, signer="钱女士")
    assert send(client, note | {"photos": picture()})["outcome"] == "done"
    assert send(client, note | {"photos": picture()})["outcome"] == "done"
    event = Event.objects.get(kind="orders.note_kept")
    assert event.data["text"] == "换好了角阀" and event.data["signed_by"] == "钱女士"
    assert Attachment.objects.filter(subject_id=order.case_id).count() == 2
    assert send(client, deed(cast, order, "note", uuid="another-uuid", text=" "))["outcome"] == "refused"
    plain = deed(cast, order, "note", uuid="third-uuid", text="只写一句")
    assert send(client, plain)["outcome"] == "done"


def test_done_once_more_on_how_it_stands_now(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    # the desk paused and gave it to the same man again: another version, the same work
    orders.assign_order(order=order, by=cast.front, at=timezone.now(), worker=cast.plumber)
    answer = send(client, deed(cast, order, "accept"))
    assert answer["outcome"] == "conflict" and "accept" in answer["order"]["legal"]
    assert send(client, deed(cast, order, "accept", seen=answer["order"]["version"]))["outcome"] == "done"


def test_signed_for_at_the_desk_meanwhile_is_no_conflict(cast: Cast, order: WorkOrder) -> None:
    orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=timezone.now())
    before = Event.objects.count()
    assert send(sitting(cast, "plumber"), deed(cast, order, "accept"))["outcome"] == "done"
    assert Event.objects.count() == before


def test_given_to_somebody_else_it_is_out_of_sight_and_the_note_is_taken(
    cast: Cast, order: WorkOrder
) -> None:
    orders.assign_order(
        order=order,
        by=cast.front,
        at=timezone.now(),
        worker=cast.lobby,
        department=cast.department("service"),
    )
    client = sitting(cast, "plumber")
    answer = send(client, deed(cast, order, "accept"))
    assert answer["outcome"] == "conflict" and answer["order"]["state"] == ""
    assert answer["order"]["facts"] == [["状态", "已不在您手上"]]
    note = send(client, deed(cast, order, "note", text="已经修好"))
    assert note["outcome"] == "done" and note["order"]["facts"] == [["状态", "已不在您手上"]]


def test_taken_by_somebody_quicker(cast: Cast) -> None:
    order = pooled(cast)
    orders.take_order(order=order, actor=cast.actor("engineer", timezone.now()), at=timezone.now())
    answer = send(sitting(cast, "plumber"), deed(cast, order, "take"))
    assert answer["outcome"] == "conflict"
    # of the same department he sees it, and may not do it
    answer = send(
        sitting(cast, "plumber"), deed(cast, order, "pause", uuid="pause-uuid", **{"pause-why": "help"})
    )
    assert answer["outcome"] == "conflict"


def test_what_lacks_something_is_refused_with_words(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    order = orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=order.issued_at)
    answer = send(client, deed(cast, order, "finish"))
    assert (answer["outcome"], answer["words"]) == ("refused", "请点一句结果，或写明做了什么")
    answer = send(client, deed(cast, order, "photos", **{"photos-when": "noon"}))
    assert answer["outcome"] == "refused" and "什么时候拍的" in answer["words"]
    order.refresh_from_db()
    assert order.state == "accepted"


def test_only_ones_own_deeds_of_ones_own_site(cast: Cast, order: WorkOrder) -> None:
    client = sitting(cast, "plumber")
    assert client.post("/work/sync/", deed(cast, order, "accept", worker=cast.front.pk)).status_code == 422
    assert client.post("/work/sync/", deed(cast, order, "assign")).status_code == 422
    assert client.post("/work/sync/", deed(cast, order, "accept", uuid="x")).status_code == 422
    other = make_cast(code="other", homes=1)
    strange = ordered(other, worker=other.engineer)
    assert send(client, deed(cast, strange, "accept"))["outcome"] == "conflict"
    assert send(client, deed(cast, strange, "note", text="?"))["outcome"] == "refused"
    assert not Event.objects.filter(kind__in=("orders.accepted", "orders.note_kept")).exists()
    # nobody is logged in: the device keeps it and asks to log in
    assert Client().post("/work/sync/", deed(cast, order, "accept")).status_code == 302
    assert sitting(cast, "front").post("/work/sync/", deed(cast, order, "accept")).status_code == 403
