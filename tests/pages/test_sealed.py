"""A sealed complaint is known to those who may know of it, on every page that could tell of it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import Cast, make_cast
from tests.processes.story import later, working

from yingsheng.kernel.cases.models import Case
from yingsheng.processes.complaints.services.handling import note_progress
from yingsheng.processes.enquiries.services import note_contact

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
TITLE = "投诉某员工私下收费"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def sit(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


def test_nobody_reads_it_in_the_register_the_card_or_the_notices(cast: Cast) -> None:
    case = working(cast, title=TITLE)
    note_contact(
        site=cast.site, caller=cast.caller(), channel="phone", case=case, by=cast.supervisor, at=later(1),
    )  # fmt: skip
    note_progress(case=case, by=cast.engineer, at=later(2), text="已找本人谈话")
    Case.objects.filter(pk=case.pk).update(confidentiality="sealed", received_by=cast.supervisor)
    home = cast.homes[0]
    pages = ("/contacts/", "/contacts/sheet/?first=2025-03-01&last=2025-03-31", f"/households/{home.pk}/",
             f"/reception/?household={home.pk}", "/complaints/?view=all", "/search/?q=收费")  # fmt: skip
    for page in pages:
        text = sit(cast, "front").get(page).content.decode()
        assert "私下收费" not in text and case.number not in text and "谈话" not in text, page
    assert "涉密事项" in sit(cast, "front").get("/contacts/").content.decode()
    assert TITLE in sit(cast, "head").get("/contacts/").content.decode()


def test_nobody_is_offered_a_page_that_would_refuse_him(cast: Cast) -> None:
    home = cast.homes[0]
    for name in ("front", "head", "supervisor"):
        actor, client = cast.actor(name), sit(cast, name)
        for page, permission, link in (
            ("/complaints/month/", "complaints.spot_check", "/complaints/spot-checks/"),
            (f"/households/{home.pk}/", "enquiries.register", f"/reception/?household={home.pk}"),
        ):
            answer = client.get(page)
            if answer.status_code == 200:
                assert (link in answer.content.decode()) == actor.may(permission), (name, page)
