"""A page held while it changes: taken in its state, moved, told in the book."""

from __future__ import annotations

from datetime import datetime

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.duty.models import Page
from yingsheng.processes.duty.queries.carrying import CarriedItem


def take(*, actor: Actor, record: Page, seen: int | None, states: tuple[Page.State, ...]) -> Page:
    """The page held until the transaction ends; Conflict if it moved on, Refused in another state."""
    page = Page.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if seen is not None and seen != page.version:
        raise Conflict(gettext_noop("这一班刚被别人更新过，请看过最新情况再继续"), code="stale")
    if page.state not in states:
        if Page.State.HANDING in states and page.state == Page.State.ON_DUTY:
            raise Refused(gettext_noop("交班人要先做交班准备"), code="not_prepared", rule="D-18")
        raise Refused(gettext_noop("这一班已经交了或还没有接"), code="closed")
    return page


def one_of_them(*, page: Page, staff: Staff) -> None:
    """Refused unless this person is on duty on the page (D-19)."""
    if not page.people.filter(pk=staff.pk).exists():
        raise Refused(gettext_noop("%(who)s不在这一班值班"), field="outgoing", rule="D-19", who=staff.name)


def move(*, page: Page, state: str) -> None:
    """Set the state, one version on."""
    page.state, page.version = state, page.version + 1
    page.save(update_fields=["state", "version"])


def role_of(page: Page) -> str:
    """The post that answers for a shift: the first that may stand there."""
    return str(page.post.roles[0]) if page.post.roles else "DUTY"


def record_event(
    *, page: Page, kind: str, actor: Actor, at: datetime, rule: str, data: dict[str, object]
) -> Event:
    """The one event of a step, about its page."""
    return events.record(
        site_id=page.site_id, kind=kind, subject=page, by=actor.staff, at=at, rule=rule, data=data
    )


def words_of(items: list[CarriedItem]) -> list[list[str]]:
    """What goes over, as it is called now: key, what it is, text, place, and whether it is important."""
    return [[item.key, item.word, item.text, item.note, str(int(item.fact.important))] for item in items]
