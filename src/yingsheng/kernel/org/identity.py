"""Signing with one's own password at a desk where somebody else may be logged in."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Site, Staff

MOST_WRONG = 5  # guesses within the time below, then nothing is believed for a while
WATCHED = timedelta(minutes=15)
WRONG = "org.identity_doubted"


def prove(
    *, staff: Staff, password: str, site: Site, by: Staff, at: datetime, field: str = "password"
) -> None:
    """Refused unless this is the password of that member of staff.

    A wrong one is told in the book although nothing else of the refused action is. After five within a quarter of
    an hour even the right one is refused, so that nobody can guess his way to a colleague's signature.
    """
    wrong = Event.objects.filter(
        site_id=site.pk, kind=WRONG, at__gt=at - WATCHED, subject_type=staff._meta.label_lower, subject_id=staff.pk
    )  # fmt: skip
    if wrong.count() >= MOST_WRONG:
        text = gettext_noop("%(name)s的密码连续错了多次，请15分钟后再试")
        raise Refused(text, code="identity_closed", field=field, name=staff.name)
    if staff.is_active and staff.check_password(password):
        return
    refusal = Refused(
        gettext_noop("%(name)s的密码不对"), code="identity_doubted", field=field, name=staff.name
    )
    refusal.afterwards = partial(_note, staff=staff, site=site, by=by, at=at)
    raise refusal


@transaction.atomic
def _note(*, staff: Staff, site: Site, by: Staff, at: datetime) -> None:
    events.record(site_id=site.pk, kind=WRONG, subject=staff, by=by, at=at, data={"name": staff.name})
