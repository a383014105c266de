"""The desk and the place for visitors, looked over once a day (B-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period
from yingsheng.processes.enquiries.rules import unchecked

DESK_TIDY, PLACE_TIDY = "desk_tidy", "place_tidy"
ITEMS = {DESK_TIDY: "B-12.desk_items", PLACE_TIDY: "B-12.visitor_items"}


def items_of(*, site: Site, part: str, at: datetime) -> list[str]:
    """What is looked at in this part, as the site adopted it; nothing where the regulation is silent."""
    found = figure(path=ITEMS[part], site=site, at=at)
    return [code.strip() for code in str(found or "").split(",") if code.strip()]


@transaction.atomic
def check_tidiness(
    *, actor: Actor, at: datetime, part: str, ticked: Sequence[str], findings: str = "", reason: str = ""
) -> Filing:
    """Tick what is in order; what is not needs a word about it. Again only as a correction with its reason (B-12)."""
    demand(actor=actor, permission="enquiries.tidy")
    asked = items_of(site=actor.site, part=part, at=at)
    wanting = unchecked(asked=asked, ticked=ticked)
    if wanting and not findings.strip():
        raise Refused(gettext_noop("有没做到的项目，请写明情况和怎么处理"), field="findings", rule="B-12")
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    period = hold_period(site=actor.site, code=part, first=today, at=at)
    content = {"asked": asked, "wanting": wanting, "findings": findings.strip()}
    filing = file_period(
        period=period, content=content, definition=f"{part}/1", by=actor.staff, at=at, note=findings.strip(),
        reason=reason,
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="enquiries.tidiness_checked", subject=period, by=actor.staff, at=at, rule="B-12",
        data={"part": part, "asked": len(asked), "wanting": len(wanting), "version": filing.version},
    )  # fmt: skip
    return filing
