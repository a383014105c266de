"""The worker dies at every boundary; nothing is lost, and an alarm goes off once."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.processes.story import registered

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify import channels
from yingsheng.kernel.notify import services as notify
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.timers import tick as ticking
from yingsheng.kernel.timers.models import AlarmFired, Obligation

DIED = 9
NOW = MONDAY_NINE + timedelta(hours=1, minutes=31)  # the warnings of the two-hour promises are due


@pytest.fixture
def cast(committed_db: None) -> Cast:
    made = make_cast(homes=1)
    registered(made)
    # one promise is enough to count
    Obligation.objects.exclude(milestone="contact").update(next_alarm_at=None)
    Message.objects.update(next_try_at=None, state="sent")
    return made


def in_a_process_that_dies(run: Callable[[], None]) -> int:
    """Run in a child of its own connections; its exit code, 0 if it lived to the end."""
    connections.close_all()
    gc.collect()
    child = os.fork()
    if child == 0:
        gc.disable()  # see `start_writer` of test_kill
        try:
            run()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def die(*_args: object, **_kwargs: object) -> None:
    os._exit(DIED)


def dying_after(original: Callable[..., object]) -> Callable[..., object]:
    def run(*args: object, **kwargs: object) -> object:
        original(*args, **kwargs)
        os._exit(DIED)

    return run


def alarms_told(cast: Cast) -> int:
    return Message.objects.filter(dedup_key__startswith="alarm:").count()


@pytest.mark.parametrize("boundary", ["claim", "fired", "event", "outbox", "commit"])
def test_an_alarm_goes_off_exactly_once_wherever_the_worker_dies(cast: Cast, boundary: str):
    def run() -> None:
        with pytest.MonkeyPatch.context() as patch:
            if boundary == "claim":
                patch.setattr(ticking, "_fire", die)
            elif boundary == "fired":
                made = AlarmFired.objects.bulk_create
                patch.setattr(AlarmFired.objects, "bulk_create", dying_after(made))
            elif boundary == "event":
                patch.setattr(ticking.events, "record_all", dying_after(ticking.events.record_all))
            elif boundary == "outbox":
                patch.setattr(ticking, "queue_all", dying_after(ticking.queue_all))
            ticking.tick(now=NOW, limit=1)
            os._exit(DIED)  # after commit

    assert in_a_process_that_dies(run) == DIED
    survived = boundary == "commit"
    assert AlarmFired.objects.count() == (1 if survived else 0)
    assert alarms_told(cast) == (1 if survived else 0)
    ticking.tick(now=NOW)
    assert AlarmFired.objects.count() == 1
    assert Event.objects.filter(kind="timers.warn").count() == 1
    assert alarms_told(cast) == 1
    assert ticking.tick(now=NOW) == 0
    assert list(verify_chain(site_id=cast.site.pk)) == []


@pytest.mark.parametrize("boundary", ["lease", "delivery", "mark"])
def test_a_message_arrives_once_in_the_bell_wherever_the_sender_dies(cast: Cast, boundary: str):
    ticking.tick(now=NOW)

    def run() -> None:
        with pytest.MonkeyPatch.context() as patch:
            if boundary == "lease":
                patch.setattr(channels, "get_channel", die)
            elif boundary == "delivery":
                patch.setattr(notify, "mark_sent", die)
            notify.send_waiting(now=NOW, limit=1)
            os._exit(DIED)

    assert in_a_process_that_dies(run) == DIED
    notify.send_waiting(now=NOW)
    if boundary != "mark":
        assert Notice.objects.count() == 0  # still leased to the dead one
    notify.send_waiting(now=NOW + notify.LEASE + timedelta(seconds=1))
    assert Notice.objects.count() == 1
    assert not Message.objects.filter(state="queued").exists()


def test_four_workers_fire_every_alarm_once(committed_db: None):
    made = make_cast(homes=5)
    for number in range(5):
        registered(made, home=number)
    due = Obligation.objects.filter(next_alarm_at__lt=NOW).count()
    assert due == 15
    connections.close_all()
    children = []
    for _ in range(4):
        gc.collect()
        child = os.fork()
        if child == 0:
            gc.disable()
            try:
                ticking.tick(now=NOW)
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0, 0]
    assert AlarmFired.objects.count() == due
    assert Event.objects.filter(kind="timers.warn").count() == due
    assert list(verify_chain(site_id=made.site.pk)) == []
