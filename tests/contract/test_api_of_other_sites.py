"""What belongs to one site does not exist for a program of another, whatever it asks."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import MONDAY_NINE, make_cast
from tests.processes.story import handled, later, registered

from yingsheng.base.process import processes
from yingsheng.kernel.estate import services as estate
from yingsheng.kernel.estate.verbs import VERBS
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Role
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp

EVERYTHING = sorted(
    {permission.code for permission in PERMISSIONS}
    | {permission.code for process in processes for permission in process.permissions}
)
PLURAL = {
    "household": "households", "member": "members", "person": "persons", "phone": "phones",
    "vehicle": "vehicles", "consent": "consents", "room": "rooms",
}  # fmt: skip


def test_a_program_of_another_site_finds_nothing(db: None) -> None:
    cast = make_cast(homes=1)
    case = handled(cast)
    registered(cast, at=later(1))
    home = cast.homes[0]
    person = cast.caller().person
    assert person is not None
    kept = attach(
        site_id=cast.site.pk, subject=case, name="a.pdf", body=b"%PDF-1.4 a", by=cast.front, at=later(5)
    )
    subjects = {
        "household": home.pk, "member": home.members.get().pk, "person": person.pk, "phone": person.phones.get().pk,
        "vehicle": estate.add_vehicle(household=home, plate="粤B12345", by=cast.front, at=later(1)).pk,
        "consent": estate.give_consent(person=person, purpose="活动", by=cast.front, at=later(1)).pk,
        "room": home.room_id,
    }  # fmt: skip
    visit = FollowUp.objects.get(case=case)
    promise = Obligation.objects.filter(site=cast.site).first()
    slip = Message.objects.filter(channel="counter").first()
    assert promise is not None and slip is not None
    other = make_cast(code="other", homes=0)
    Role.objects.create(code="ALL", name_zh="全部", name_en="All", permissions=EVERYTHING, rank=5)
    acts_as = org.hire(site=other.site, username="all", name="孙外人", password=None, by=None, at=MONDAY_NINE)
    org.appoint(staff=acts_as, site=other.site, role="ALL", department="service", by=None, at=MONDAY_NINE)
    _client, token = org.issue_token(
        site=other.site, name="other", acts_as=acts_as, scopes=EVERYTHING, by=None, at=MONDAY_NINE
    )
    headers = {"Authorization": f"Bearer {token}"}
    before = Event.objects.count()
    for where in (
        f"/cases/{case.key}", f"/cases/{case.key}/events", f"/cases/{case.key}/files", f"/cases/{case.key}/sheets",
        f"/files/{kept.key}", f"/files/{kept.key}/small", f"/households/{home.pk}", f"/households/{home.pk}/events",
        f"/persons/{person.pk}", f"/persons/{person.pk}/events", f"/rooms/{home.room.key}", f"/followups/{visit.pk}",
        f"/complaints/{case.key}/group-suspects", f"/complaints/{case.key}/members",
    ):  # fmt: skip
        assert Client().get(f"/api/v1{where}", headers=headers).status_code == 404, where
    send: dict[str, dict[str, object]] = {
        f"/cases/{case.key}/steps/reply": {"modes": ["phone"], "said": "已修好"},
        f"/cases/{case.key}/files": {"files": []},
        f"/files/{kept.key}/remove": {"reason": "传错"},
        f"/persons/{person.pk}/reveal": {"fields": ["phones"], "reason": "回电"},
        f"/obligations/{promise.pk}/waive": {"reason": "住户取消"},
        f"/followups/{visit.pk}/exempt": {"reason": "住户不接受回访"},
        f"/slips/{slip.pk}/hand-over": {"to": "钱女士"},
        **{f"/{PLURAL[verb.kind]}/{subjects[verb.kind]}/{verb.code}": {"seen": 1} for verb in VERBS},
    }
    for where, body in send.items():
        response = Client().post(f"/api/v1{where}", body, content_type="application/json", headers=headers)
        assert response.status_code == 404, (where, response.content)
    for where in ("/cases", "/slips", "/households?q=1802", "/complaints/month/rows?year=2025&month=3"):
        listed = Client().get(f"/api/v1{where}", headers=headers)
        assert listed.json()["items"] == [], where
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    "permission", ["estate.edit", "notify.hand_over", "complaints.register", "complaints.report"]
)
def test_a_token_without_the_permission_writes_and_reads_nothing_of_it(db: None, permission: str) -> None:
    cast = make_cast(homes=1)
    case = registered(cast)
    scopes = [code for code in EVERYTHING if code != permission]
    _client, token = org.issue_token(
        site=cast.site, name="less", acts_as=cast.supervisor, scopes=scopes, by=None, at=MONDAY_NINE
    )
    headers = {"Authorization": f"Bearer {token}"}
    pdf = {"name": "a.pdf", "content": "data:application/pdf;base64,JVBERi0xLjQKJSVFT0YK"}
    asked: dict[str, list[tuple[str, str, dict[str, object]]]] = {
        "estate.edit": [
            ("POST", f"/households/{cast.homes[0].pk}/change", {"seen": 1}),
            ("POST", "/households", {"room": "3-2-1802", "name": "冯", "relation": "tenant"}),
            ("POST", "/persons", {"name": "冯"}),
        ],
        "notify.hand_over": [("GET", "/slips", {}), ("POST", "/slips/print", {"ids": [1]})],
        "complaints.register": [("POST", f"/cases/{case.key}/files", {"files": [pdf]})],
        "complaints.report": [
            ("GET", "/complaints/month?year=2025&month=3", {}),
            ("POST", "/complaints/month/export", {"year": 2025, "month": 3, "reason": "上报"}),
        ],
    }
    before = Event.objects.count()
    for method, where, body in asked[permission]:
        response = (
            Client().get(f"/api/v1{where}", headers=headers)
            if method == "GET"
            else Client().post(f"/api/v1{where}", body, content_type="application/json", headers=headers)
        )
        assert response.status_code == 403, (where, response.content)
        assert permission in response.json()["detail"]
    assert Event.objects.count() == before
