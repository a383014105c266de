"""What the writes here share: the one event, files, prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events import services as events
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.visitors.queries.passes import home_of

SEE, ISSUE, GATE = "visitors.see", "visitors.issue", "visitors.gate"
REGISTER, DEPOSITS, REPORT = "visitors.register", "visitors.deposits", "visitors.report"


def tell(
    *,
    record: Any,
    kind: str,
    actor: Actor,
    at: datetime,
    rule: str,
    device_at: datetime | None = None,
    **data: Any,
) -> None:
    """The one event of a write; never with the name of a visitor or an applicant, for events are kept for good."""
    events.record(
        site_id=actor.site.pk, kind=f"visitors.{kind}", subject=record, by=actor.staff, at=at, rule=rule, data=data,
        device_at=device_at,
    )  # fmt: skip


def home_named(*, actor: Actor, text: str, rule: str) -> Household:
    """The living household of a room as typed; Refused for none."""
    household = home_of(site=actor.site, text=text)
    if household is None:
        raise Refused(gettext_noop("没有这个房号，或者没有在住的住户"), field="room", rule=rule)
    return household


def keep_files(*, actor: Actor, record: models.Model, files: Sequence[Any], at: datetime) -> int:
    """Keep what was handed in with a record; returns how many."""
    for file in files:
        attach(
            site_id=actor.site.pk,
            subject=record,
            name=str(file.name),
            body=file.read(),
            by=actor.staff,
            at=at,
        )
    return len(files)
