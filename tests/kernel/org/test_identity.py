"""Whoever signs at a colleague's desk proves that it is he; a wrong password is told although nothing is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import MONDAY_NINE, PASSWORD, Cast, make_cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.forms.submissions import Answer, once
from yingsheng.kernel.org.identity import MOST_WRONG, prove

WRONG = "wrong-password-here"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(password=PASSWORD)


def sign(cast: Cast, password: str, *, minutes: int = 0) -> Answer:
    def run() -> Answer:
        at = MONDAY_NINE + timedelta(minutes=minutes)
        prove(staff=cast.lobby, password=password, site=cast.site, by=cast.front, at=at)
        return Answer(status=200, body={})

    return once(scope="page", key="", mark="", at=MONDAY_NINE, run=run)


def doubts() -> list[Event]:
    return list(Event.objects.filter(kind="org.identity_doubted"))


def test_the_right_password_signs_and_says_nothing(cast: Cast) -> None:
    assert sign(cast, PASSWORD).status == 200
    assert doubts() == []


def test_a_wrong_one_is_refused_and_stands_in_the_book(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        sign(cast, WRONG)
    assert refused.value.field == "password"
    (event,) = doubts()
    assert event.by == cast.front and event.subject_id == cast.lobby.pk
    assert list(verify_chain(site_id=cast.site.pk)) == []


def test_guessing_is_ended_and_forgiven_after_a_while(cast: Cast) -> None:
    for _guess in range(MOST_WRONG):
        with pytest.raises(Refused):
            sign(cast, WRONG)
    with pytest.raises(Refused) as refused:
        sign(cast, PASSWORD, minutes=5)
    assert refused.value.code == "identity_closed"
    assert sign(cast, PASSWORD, minutes=16).status == 200


def test_who_has_left_signs_nothing(cast: Cast) -> None:
    cast.lobby.is_active = False
    with pytest.raises(Refused):
        sign(cast, PASSWORD)
