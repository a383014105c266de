"""Beside the work: photos of whose order it is, the number of the household, a note of what could not be entered."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.factories.cast import Cast
from tests.processes.repairs.story import later, ordered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.attachments import Sent, may_attach
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.queries import count_done, find_order_by
from yingsheng.kernel.orders.rules import moment_told
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.models import Role

MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))


def one_dot() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.rule("R-18")
@given(told=st.none() | MOMENTS, after=MOMENTS, at=MOMENTS)
def test_what_a_device_tells_lies_between_the_step_before_and_now(
    told: datetime | None, after: datetime, at: datetime
) -> None:
    moment = moment_told(told=told, after=after, at=at)
    assert moment <= at
    if told is None:
        assert moment == at
    elif after <= told <= at:
        assert moment == told
    elif after <= at:
        assert moment in (after, at)


@pytest.fixture
def helper(cast: Cast) -> None:
    """Somebody who works and may nothing else."""
    Role.objects.create(code="HANDS", name_zh="帮工", name_en="Helper", permissions=["orders.work"], rank=80)
    staff = org.hire(site=cast.site, username="hands", name="孙帮工", password=None, by=None, at=later(-9))
    org.appoint(staff=staff, site=cast.site, role="HANDS", department="engineering", by=None, at=later(-9))
    cast.staff["hands"] = staff


@pytest.mark.rule("R-08")
def test_photos_come_from_whose_order_it_is_whatever_the_process_asks(cast: Cast, helper: None) -> None:
    order = ordered(cast, worker=cast.hands)
    hands = cast.actor("hands", later(1))
    assert not may_attach(actor=hands, case=order.case)
    photo = Sent(name="a.png", body=one_dot())
    kept = orders.keep_photos(
        order=order, actor=hands, at=later(1), files=[photo], note="维修前", device_at=later(0.9)
    )
    assert kept[0].note == f"{order.number} 维修前"
    event = Event.objects.get(kind="files.added")
    assert (event.by, event.device_at) == (cast.hands, later(0.9))
    with pytest.raises(Forbidden):
        orders.keep_photos(order=order, actor=cast.actor("lobby", later(1)), at=later(1), files=[photo])


def test_a_note_needs_words_and_somebody_who_works(cast: Cast, helper: None) -> None:
    order = ordered(cast)
    hands = cast.actor("hands", later(1))
    with pytest.raises(Refused):
        orders.keep_note(order=order, actor=hands, at=later(1), text=" ")
    with pytest.raises(Forbidden):
        orders.keep_note(order=order, actor=cast.actor("lobby", later(1)), at=later(1), text="看过")
    before = order.version
    kept = orders.keep_note(
        order=order, actor=hands, at=later(1), text="换好了", files=[Sent(name="a.png", body=one_dot())],
        signature="钱女士", device_at=later(0.5),
    )  # fmt: skip
    assert kept.version == before
    event = Event.objects.get(kind="orders.note_kept")
    assert event.data["signed_by"] == "钱女士"
    assert event.data["photos"] == [Attachment.objects.get().key]


def test_an_order_is_found_by_its_number_or_the_address_on_paper(cast: Cast) -> None:
    order = ordered(cast)
    engineer = cast.actor("engineer", later(1))
    for text in (
        order.number,
        order.number.lower(),
        f" {order.number} ",
        f"http://x.example/orders/{order.key}/",
    ):
        assert find_order_by(actor=engineer, text=text) == order
    for text in ("", "PG", "/orders/none/", "PG-20250303-0009"):
        assert find_order_by(actor=engineer, text=text) is None


def test_what_somebody_finished_since_a_moment_is_counted(cast: Cast) -> None:
    order = ordered(cast)
    engineer = cast.actor("engineer", later(1))
    order = orders.accept_order(order=order, actor=engineer, at=later(1))
    orders.finish_order(order=order, actor=engineer, at=later(2), result="好了")
    assert count_done(actor=engineer, since=later(0)) == 1
    assert count_done(actor=engineer, since=later(3)) == 0
