"""Burst pipe at 19:40: emergency, order on the worker's phone offline, signature, visit on the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.browser.phone import cut, finish, go, open_card, plumber, ready, real, sent, strip, tap
from tests.factories.cast import SHANGHAI, Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.models import Department
from yingsheng.processes.followups.models import FollowUp

__all__ = ["plumber"]
Seat = Callable[..., Desk]


class Clock:
    """The server's clock, moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.mark.rule("X-01", "X-02", "R-01", "R-22", "F-02", "F-08")
def test_burst_pipe_at_1940_emergency_order_offline_signature_visit_next_day(
    seat: Seat, cast: Cast, plumber: None, monkeypatch: pytest.MonkeyPatch
):
    clock = Clock(datetime(2026, 11, 27, 19, 40, tzinfo=SHANGHAI))
    monkeypatch.setattr(timezone, "now", clock)
    front = seat("front")
    front.open(f"/reception/?household={cast.homes[0].pk}&start=emergencies")
    front.page.locator("[name=kind]").first.wait_for()
    kind = front.page.locator("select[name=kind]")
    if kind.count():
        kind.select_option("burst_pipe")
    else:
        front.page.locator("[name=kind][value=burst_pipe]").check()
    front.page.locator("[name=body]").fill("厨房水管爆了，水往客厅流")
    front.page.keyboard.press("Control+Enter")
    front.page.wait_for_url("**done=*")
    emergency = Case.objects.get(process="emergencies")
    assert emergency.received_at == clock.at

    clock.at += timedelta(minutes=4)
    engineer = seat("engineer")
    engineer.open(f"/cases/{emergency.key}/")
    engineer.step("acknowledge", eta_minutes=5)
    engineer.step("repair", trade="water", body="换厨房爆裂的水管")
    repair = Case.objects.get(process="repairs")
    assert repair.origin == emergency

    supervisor = seat("supervisor")
    supervisor.open(f"/cases/{repair.key}/")
    supervisor.step(
        "issue", trade="water", task="换厨房爆裂的水管", worker=cast.plumber.pk,
        department=Department.objects.get(code="engineering").pk,
    )  # fmt: skip
    order = WorkOrder.objects.get(case=repair)
    assert (order.worker, order.urgent) == (cast.plumber, True)

    phone = seat("plumber", width=390, height=844)
    ready(phone)
    cut(phone, off=True)
    for minutes, run in ((3, "accept"), (8, "start")):
        phone.page.clock.set_fixed_time(clock.at + timedelta(minutes=minutes))
        if run == "accept":
            open_card(phone, order)
        tap(phone, run)
        phone.page.wait_for_timeout(300)
    done_at = clock.at + timedelta(minutes=18)
    phone.page.clock.set_fixed_time(done_at)
    finish(phone)
    strip(phone, "3 条待发")
    clock.at += timedelta(minutes=22)
    cut(phone, off=False)
    go(phone, "/work/")
    sent(phone)
    order.refresh_from_db()
    repair.refresh_from_db()
    assert (order.state, order.done_at) == ("done", done_at)
    assert repair.state == "done"
    assert Attachment.objects.filter(subject_id=repair.pk, purpose="signature").count() == 1

    # the next morning the area officer visits
    clock.at = datetime(2026, 11, 28, 10, 0, tzinfo=SHANGHAI)
    visit = FollowUp.objects.get(case=repair)
    admin = seat("area_admin")
    admin.open(f"/followups/{visit.pk}/")
    form = f"#visit-{visit.pk}"
    admin.page.locator(f"{form} [name=visit-visitor_two]").select_option(str(cast.assistant.pk))
    for name in ("quality", "effect", "satisfaction"):
        answer = admin.page.locator(f"{form} [name=visit-{name}][value='4']")
        if answer.count():
            answer.check()
    admin.page.locator(f"{form} [name=visit-satisfied][value=yes]").check()
    admin.page.locator(f"{form} [name=visit-signature]").fill("钱女士")
    admin.page.locator(f"{form} [data-main]").click()
    admin.page.wait_for_url("**did=visit")
    assert Event.objects.filter(kind="followups.satisfied", at=clock.at).exists()
    for desk in (front, engineer, supervisor, admin):
        assert desk.complaints == []
    assert real(phone) == []
