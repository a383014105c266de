"""A program that holds the token of one site finds nothing of another, whatever it asks for by number."""

from __future__ import annotations

from django.test import Client
from tests.contract.addresses import Place
from tests.contract.test_permissions import EVERYTHING, member, place
from tests.factories.cast import MONDAY_NINE
from tests.processes.story import later, registered

from yingsheng.kernel.org import services as org
from yingsheng.kernel.timers.models import Obligation

__all__ = ["place"]  # the fixture


def test_a_program_of_another_site_finds_nothing(place: Place) -> None:
    place.other.refresh_from_db()
    registered(place.cast, at=later(1))
    acts_as = member(place.other, EVERYTHING)
    _client, token = org.issue_token(
        site=place.other, name="other", acts_as=acts_as, scopes=sorted(EVERYTHING), by=None, at=MONDAY_NINE
    )
    promise = Obligation.objects.filter(site=place.cast.site).first()
    assert promise is not None
    person = place.cast.caller().person
    assert person is not None
    get = [
        f"/complaints/filings/{place.filing.pk}", f"/improvements/{place.improvement.pk}",
        f"/followups/orders/{place.order.pk}",
        f"/cases/{place.case.key}", f"/cases/{place.case.key}/events", f"/households/{place.cast.homes[0].pk}",
        f"/followups/{place.follow_up.pk}", f"/complaints/{place.case.key}/group-suspects",
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    for where in get:
        assert Client().get(f"/api/v1{where}", headers=headers).status_code == 404, where
    send = {
        f"/cases/{place.case.key}/steps/reply": {"modes": ["phone"], "said": "已修好"},
        f"/persons/{person.pk}/reveal": {"fields": ["phones"], "reason": "回电"},
        f"/obligations/{promise.pk}/waive": {"reason": "住户取消"},
        f"/improvements/{place.improvement.pk}/evaluate": {
            "effective": "yes",
            "evaluation": "好了",
            "seen": 1,
        },
        f"/followups/orders/{place.order.pk}/call": {"result": "reached", "outcome": "好了", "seen": 1},
        f"/followups/{place.follow_up.pk}/exempt": {"reason": "住户不接受回访"},
    }
    for where, body in send.items():
        response = Client().post(f"/api/v1{where}", body, content_type="application/json", headers=headers)
        assert response.status_code == 404, (where, response.content)
    listed = Client().get("/api/v1/cases", headers=headers).json()
    assert place.case.number not in str(listed)
