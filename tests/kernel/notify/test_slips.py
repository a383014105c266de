"""告知单: printed and counted, handed over once and to somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.factories.cast import Cast, make_cast
from tests.processes.story import later, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_slips
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify import slips
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.slips import hand_over, print_slips
from yingsheng.kernel.org.access import Forbidden


@pytest.fixture
def waiting(cast: Cast) -> list[Message]:
    """What two households were told when their complaints were registered."""
    registered(cast)
    registered(cast, at=later(1))
    found = list(visible_slips(actor=cast.actor("front")))
    assert len(found) >= 2
    return found


def test_printing_counts_each_slip_and_is_one_event(cast: Cast, waiting: list[Message]) -> None:
    before = Event.objects.count()
    order = [waiting[1], waiting[0]]
    printed = print_slips(actor=cast.actor("front"), messages=order, at=later(2))
    assert [row.pk for row in printed] == [row.pk for row in order]
    assert {(row.print_count, row.reprints) for row in printed} == {(1, 0)}
    again = print_slips(actor=cast.actor("front"), messages=order[:1], at=later(3))
    assert (again[0].print_count, again[0].reprints) == (2, 1)
    assert Event.objects.count() == before + 2
    assert Event.objects.latest("seq").data["messages"] == [order[0].pk]


@pytest.mark.rule("C-81")
def test_a_slip_is_handed_over_once_and_the_case_tells_to_whom(cast: Cast, waiting: list[Message]) -> None:
    slip = waiting[0]
    front = cast.actor("front")
    with pytest.raises(Refused) as refused:
        hand_over(actor=front, message=slip, to="  ", at=later(2))
    assert refused.value.rule == "C-81"
    done = hand_over(actor=front, message=slip, to="钱女士", at=later(2))
    assert (done.handed_over_to, done.handed_over_by) == ("钱女士", cast.front)
    event = Event.objects.latest("seq")
    assert (event.kind, event.subject_type, event.subject_id) == (
        "notify.handed_over", "cases.case", slip.subject_id,
    )  # fmt: skip
    assert slip not in visible_slips(actor=front)
    with pytest.raises(Refused):
        hand_over(actor=front, message=slip, to="别人", at=later(3))


def test_nobody_prints_or_hands_over_without_the_permission(cast: Cast, waiting: list[Message]) -> None:
    front = cast.actor("front")
    stranger = replace(front, permissions=front.permissions - {"notify.hand_over"})
    with pytest.raises(Forbidden):
        print_slips(actor=stranger, messages=waiting, at=later(2))
    with pytest.raises(Forbidden):
        hand_over(actor=stranger, message=waiting[0], to="钱女士", at=later(2))


def test_what_is_not_for_this_counter_is_not_printed(
    cast: Cast, waiting: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    front = cast.actor("front")
    other = make_cast(code="other")
    with pytest.raises(Refused):
        print_slips(actor=other.actor("front"), messages=waiting, at=later(2))
    with pytest.raises(Refused):
        print_slips(actor=front, messages=[], at=later(2))
    monkeypatch.setattr(slips, "MOST_SLIPS", 1)
    with pytest.raises(Refused):
        print_slips(actor=front, messages=waiting, at=later(2))
    assert not Message.objects.filter(print_count__gt=0).exists()


def test_slips_of_sealed_cases_wait_for_those_who_may_see_them(cast: Cast, waiting: list[Message]) -> None:
    Case.objects.update(confidentiality=Case.Confidentiality.SEALED, handler=None)
    front = cast.actor("front")
    blind = replace(front, permissions=front.permissions - {"cases.see_sealed"})
    assert not visible_slips(actor=blind).exists()
    seeing = replace(front, permissions=front.permissions | {"cases.see_sealed"})
    assert visible_slips(actor=seeing).count() == len(waiting)
