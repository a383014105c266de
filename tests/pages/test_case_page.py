"""The page of one case: a long story is drawn from its newest lines, and its beginning is one click away."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import Cast, make_cast
from tests.processes.story import later, working

from yingsheng.processes.complaints.services import handling
from yingsheng.ui.pages.cases import LATEST


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def test_the_beginning_of_a_long_story_is_there_when_asked_for(cast: Cast) -> None:
    case = working(cast)
    for number in range(LATEST):
        case = handling.note_progress(
            case=case, by=cast.engineer, at=later(1, minutes=number), text=f"进展{number}号", tell=False
        )
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get(f"/cases/{case.key}/").content.decode()
    assert "进展29号" in page and "进展0号" in page
    assert "登记投诉" not in page and "更早的经过" in page
    fetched = client.get(f"/cases/{case.key}/parts/earlier/", headers={"HX-Request": "true"}).content.decode()
    assert "进展0号" not in fetched and fetched.count("<li ") == 4
    whole = client.get(f"/cases/{case.key}/parts/earlier/").content.decode()
    assert "进展29号" in whole and fetched.strip().splitlines()[-1] in whole


def test_a_short_story_is_drawn_whole(cast: Cast) -> None:
    case = working(cast)
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get(f"/cases/{case.key}/").content.decode()
    assert page.count('<span class="y-timeline-sign">') == 4 and "更早的经过" not in page
