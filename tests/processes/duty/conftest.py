"""A desk of three shifts, and a shift that is on duty."""

from __future__ import annotations

import pytest
from tests.factories.cast import PASSWORD, Cast, make_cast
from tests.factories.duty import at, begin, make_desk

from yingsheng.kernel.rosters.models import DutyPost
from yingsheng.processes.duty.models import Page


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=3, password=PASSWORD)


@pytest.fixture
def desk(cast: Cast) -> DutyPost:
    return make_desk(cast=cast)


@pytest.fixture
def on_duty(cast: Cast, desk: DutyPost) -> Page:
    """The day shift of Monday, taken over in time."""
    return begin(cast, "front", at(7, 24))
