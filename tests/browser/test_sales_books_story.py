"""A visitor in a browser: while his telephone is typed the receiver is told whose he may be, and that is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.factories.cast import Cast
from tests.factories.sales_books import make_entered, name_of, project_of

from yingsheng.processes.salesdesk.models import Finding, Visit
from yingsheng.processes.salesdesk.services.receiving import receive_next

Seat = Callable[..., Desk]


@pytest.mark.rule("J-05", "J-15", "J-19")
@pytest.mark.parametrize("width", [1366, 390])
def test_the_receiver_is_told_while_he_types_and_cannot_say_he_did_not_know(
    seat: Seat, cast: Cast, width: int
) -> None:
    now = timezone.now() - timedelta(minutes=8)
    old = make_entered(cast, at=now - timedelta(days=26))
    visit = receive_next(actor=cast.actor("sales_manager", now), project=project_of(cast, at=now), at=now)
    who = name_of(cast, visit.receiver_id)
    assert old.receiver_id != visit.receiver_id
    desk = seat(who, width=width)
    desk.open(f"/sales-visits/{visit.pk}/")
    told = desk.page.locator("#conflicts")
    desk.page.fill("[name=register-contact]", "138 0013 8111")
    assert old.entry is not None
    told.get_by_text(old.entry.number).wait_for()
    assert "钱**" in told.inner_text()
    assert desk.findings() == []
    desk.page.fill("[name=register-name]", "钱进宝")
    desk.page.locator("#register-form [data-main]").click()
    desk.page.wait_for_url("**/*did=register")
    assert Finding.objects.get(visit=visit).noticed == "during"
    assert Visit.objects.get(pk=visit.pk).owner == old.receiver
    assert desk.complaints == []
    desk.open("/sales/mine/")
    assert desk.findings() == []
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
