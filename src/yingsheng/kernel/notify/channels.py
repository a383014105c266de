"""Ways of telling. A channel is a function that delivers one message or raises; it must tolerate repeats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from yingsheng.kernel.notify.models import Message, Notice

Deliver = Callable[[Message, datetime], None]
BELL = "bell"  # staff, inside the program
COUNTER = "counter"  # households: on their card at the desk and on the printed notice


def ring_bell(message: Message, at: datetime) -> None:
    """Put the message into the recipient's bell, once."""
    assert message.to_staff_id is not None  # the bell is for staff; households have the counter
    Notice.objects.get_or_create(
        message=message, defaults={"staff_id": message.to_staff_id, "arrived_at": at}
    )


def lay_on_counter(message: Message, at: datetime) -> None:
    """Nothing leaves the house: the message is read on the household's card and printed from there."""


_channels: dict[str, Deliver] = {BELL: ring_bell, COUNTER: lay_on_counter}


def add_channel(*, name: str, deliver: Deliver) -> None:
    """Declare a further channel while the program starts; ValueError if it exists."""
    if name in _channels:
        raise ValueError(f"channel {name} is declared twice")
    _channels[name] = deliver


def get_channel(*, name: str) -> Deliver:
    """The channel of this name; KeyError if none."""
    return _channels[name]
