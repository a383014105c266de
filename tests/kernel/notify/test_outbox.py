"""What is queued is sent at least once, told once, and given up only after the last wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.factories.cast import MONDAY_NINE, Cast
from tests.processes.story import later, registered

from yingsheng.kernel.notify import channels
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.notify.queries import MANY, count_unread, list_notices, list_told
from yingsheng.kernel.notify.services import (
    BACK_OFF,
    LEASE,
    Draft,
    lease,
    mark_read,
    mark_sent,
    queue,
    send_waiting,
)

NOW = MONDAY_NINE


def tell(cast: Cast, *drafts: Draft, at: datetime = NOW) -> None:
    queue(site_id=cast.site.pk, subject=cast.homes[0], drafts=drafts, at=at)


def bell(cast: Cast, key: str = "k1") -> Draft:
    return Draft(text="%(what)s到期", params={"what": "方案"}, to_staff=cast.front, dedup_key=key)


@pytest.fixture
def broken_bell(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A channel that fails as long as its list is empty."""
    mended: list[int] = []

    def ring(message: Message, at: datetime) -> None:
        Notice.objects.create(message=message, staff_id=message.to_staff_id or 0, arrived_at=at)
        if not mended:
            raise ConnectionError("线路不通" * 200)

    monkeypatch.setitem(channels._channels, channels.BELL, ring)
    return mended


def test_a_message_reaches_the_bell_and_is_read_by_its_owner_only(cast: Cast) -> None:
    tell(cast, bell(cast))
    assert count_unread(staff=cast.front) == 0
    assert send_waiting(now=NOW) == 1
    message = Message.objects.get()
    assert (message.state, message.sent_at, message.next_try_at, message.attempts) == ("sent", NOW, None, 1)
    [notice] = list_notices(staff=cast.front)
    assert count_unread(staff=cast.front) == 1
    assert mark_read(staff=cast.head, notice_ids=[notice.pk], at=NOW) == 0
    assert mark_read(staff=cast.front, notice_ids=[notice.pk], at=NOW) == 1
    assert mark_read(staff=cast.front, notice_ids=[notice.pk], at=later(1)) == 0
    assert count_unread(staff=cast.front) == 0
    assert send_waiting(now=later(9)) == 0


def test_the_same_message_is_queued_once(cast: Cast) -> None:
    tell(cast, bell(cast), bell(cast))
    tell(cast, bell(cast), bell(cast, "k2"))
    assert Message.objects.count() == 2
    send_waiting(now=NOW)
    tell(cast, bell(cast))
    assert send_waiting(now=later(1)) == 0
    assert Notice.objects.count() == 2


def test_nothing_is_queued_by_what_was_rolled_back(cast: Cast) -> None:
    with transaction.atomic():
        tell(cast, bell(cast))
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_message_waits_for_its_moment(cast: Cast) -> None:
    tell(cast, bell(cast), at=later(1))
    assert send_waiting(now=NOW) == 0
    assert send_waiting(now=later(1)) == 1


def test_a_leased_message_is_nobody_elses_until_the_lease_runs_out(cast: Cast) -> None:
    tell(cast, bell(cast))
    taken = lease(now=NOW)
    assert taken is not None and taken.attempts == 1
    assert lease(now=NOW + LEASE - timedelta(seconds=1)) is None
    again = lease(now=NOW + LEASE)
    assert again is not None and again.pk == taken.pk and again.attempts == 2
    mark_sent(message=again, now=NOW + LEASE)
    assert lease(now=later(9)) is None


def test_a_failed_one_waits_longer_each_time_and_then_is_dead(cast: Cast, broken_bell: list[int]) -> None:
    tell(cast, bell(cast))
    now = NOW
    for wait in BACK_OFF:
        assert send_waiting(now=now) == 0
        message = Message.objects.get()
        assert message.state == "queued"
        assert message.next_try_at == now + timedelta(minutes=wait)
        assert message.last_error.startswith("ConnectionError") and len(message.last_error) <= 300
        assert send_waiting(now=now + timedelta(minutes=wait, seconds=-1)) == 0
        assert Message.objects.get().attempts == message.attempts
        now += timedelta(minutes=wait)
    assert send_waiting(now=now) == 0
    message = Message.objects.get()
    assert (message.state, message.next_try_at, message.attempts) == ("dead", None, len(BACK_OFF) + 1)
    assert not Notice.objects.exists()  # what a failed channel wrote is gone
    assert send_waiting(now=now + timedelta(days=30)) == 0


def test_a_mended_channel_delivers_once(cast: Cast, broken_bell: list[int]) -> None:
    tell(cast, bell(cast))
    send_waiting(now=NOW)
    broken_bell.append(1)
    assert send_waiting(now=later(1)) == 1
    assert Notice.objects.count() == 1
    assert Message.objects.get().last_error == ""


def test_one_bad_message_does_not_hold_up_the_rest(cast: Cast) -> None:
    tell(cast, bell(cast, "bad"), bell(cast, "good"))
    Message.objects.filter(dedup_key="bad").update(channel="pigeon")
    assert send_waiting(now=NOW) == 1
    assert Message.objects.get(dedup_key="bad").state == "queued"
    assert Notice.objects.get().message.dedup_key == "good"


@pytest.mark.rule("C-87")
def test_what_a_household_was_told_is_listed_newest_first(cast: Cast) -> None:
    case = registered(cast)
    queue(
        site_id=cast.site.pk, subject=case, at=later(2),
        drafts=[
            Draft(text="已派工", to_household=cast.homes[0], dedup_key="told"),
            Draft(text="请接单", to_staff=cast.engineer, dedup_key="staff"),
            Draft(text="已派工", to_name="孙外人", dedup_key="passer-by"),
        ],
    )  # fmt: skip
    keys = [message.dedup_key for message in list_told(subject=case)]
    assert keys[:2] == ["passer-by", "told"]
    assert len(keys) == 3 and "staff" not in keys
    assert list_told(subject=case).last().rule  # the promise given at registration
    send_waiting(now=later(2))
    assert set(list_told(subject=case).values_list("state", flat=True)) == {"sent"}


def test_a_full_bell_is_counted_no_further_than_needed(cast: Cast) -> None:
    tell(cast, *[bell(cast, f"k{number}") for number in range(MANY + 5)])
    assert send_waiting(now=NOW, limit=MANY + 5) == MANY + 5
    assert count_unread(staff=cast.front) == MANY


def test_a_channel_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        channels.add_channel(name=channels.BELL, deliver=channels.ring_bell)
    with pytest.raises(KeyError):
        channels.get_channel(name="pigeon")
