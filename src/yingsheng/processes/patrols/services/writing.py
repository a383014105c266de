"""What every write here shares: its one event, its photos, the matter that a number names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.processes.patrols.queries.walking import case_named

MOST_PHOTOS = 10


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
    """The one event of a write."""
    events.record(
        site_id=actor.site.pk, kind=f"patrols.{kind}", subject=record, by=actor.staff, at=at, rule=rule, data=data,
        device_at=device_at,
    )  # fmt: skip


def keep_photos(*, actor: Actor, record: models.Model, files: Iterable[Any], at: datetime) -> int:
    """Keep pictures with a record, all or none; returns how many. The caller records the event."""
    sent = list(files)
    if len(sent) > MOST_PHOTOS:
        raise Refused(gettext_noop("一次最多%(most)s个文件"), field="photos", most=MOST_PHOTOS)
    for file in sent:
        attach(
            site_id=actor.site.pk,
            subject=record,
            name=str(file.name),
            body=file.read(),
            by=actor.staff,
            at=at,
        )
    return len(sent)


def the_case(*, actor: Actor, number: str) -> Case:
    """The matter with this number; Refused for none that the actor may see."""
    case = case_named(actor=actor, number=number)
    if case is None:
        raise Refused(gettext_noop("没有这件事，或者您不能查看"), field="number", rule="G-02")
    return case


@transaction.atomic
def keep_note(
    *,
    actor: Actor,
    record: models.Model,
    at: datetime,
    text: str,
    files: Iterable[Any] = (),
    device_at: datetime | None = None,
) -> None:
    """Keep what a device tells and the record does not take any more: words and photos, so that nothing is lost."""
    demand(actor=actor, permission="patrols.walk")
    if not text.strip():
        raise Refused(gettext_noop("请写明做了什么"), field="text")
    count = keep_photos(actor=actor, record=record, files=files, at=at)
    tell(
        record=record, kind="note_kept", actor=actor, at=at, rule="G-02", device_at=device_at,
        text=text.strip()[:2000], photos=count,
    )  # fmt: skip
