"""The supervisor's signature under the log every morning, and his spot checks (D-21, D-22)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.identity import prove
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import count_done, file_period, hold_period
from yingsheng.processes.duty.models import Page, SpotCheck
from yingsheng.processes.duty.queries.lines import count_lines
from yingsheng.processes.duty.queries.pages import book_end, local_day, open_pages, to_be_signed
from yingsheng.processes.duty.services.scheduling import LOG_DAY

SPOT = "duty_spot_check"
LOG_VERSION = "duty-log-1"
FOUND = gettext_noop("抽查值班：%(demanded)s（%(rule)s）")


def sign_log(*, actor: Actor, at: datetime, password: str, remark: str = "") -> Filing:
    """Check and sign every page handed over since the last signature (D-21); nobody signs a page he closed himself."""
    demand(actor=actor, permission="duty.check")
    prove(staff=actor.staff, password=password, site=actor.site, by=actor.staff, at=at)
    return check_log(actor=actor, at=at, remark=remark)


@transaction.atomic
def check_log(*, actor: Actor, at: datetime, remark: str = "") -> Filing:
    """The signature itself, once it is known who signs; see `sign_log`."""
    period = hold_period(site=actor.site, code=LOG_DAY, first=local_day(at), at=at)
    pages = [
        one
        for one in to_be_signed(site=actor.site).select_for_update(no_key=True, of=("self",))
        if one.closed_by != actor.staff
    ]
    told = [
        {"page": f"{one.post.name} {one.number}", "lines": count_lines(page=one), "digest": one.digest} for one in pages
    ]  # fmt: skip
    seq, digest = book_end(site=actor.site)
    again = Filing.objects.filter(period=period).exists()
    filing = file_period(
        period=period, content={"pages": told, "book": [seq, digest]}, definition=LOG_VERSION, by=actor.staff, at=at,
        note=remark.strip(), reason=gettext_noop("又有新的班次交班，接着签") if again else "",
    )  # fmt: skip
    for page in pages:
        page.state, page.checked_at, page.checked_by = Page.State.CHECKED, at, actor.staff
        page.remark, page.version = remark.strip()[:300], page.version + 1
        page.save(update_fields=["state", "checked_at", "checked_by", "remark", "version"])
    events.record(
        site_id=actor.site.pk, kind="duty.log_checked", subject=period, by=actor.staff, at=at, rule="D-21",
        data={"pages": len(pages), "remark": remark.strip(), "digest": filing.digest},
    )  # fmt: skip
    return filing


@transaction.atomic
def spot_check(
    *,
    actor: Actor,
    at: datetime,
    result: str,
    found: str,
    person: Staff | None = None,
    demanded: str = "",
) -> SpotCheck:
    """Look in on whoever is on duty; what is wanting is demanded in words, and he is told (D-22)."""
    demand(actor=actor, permission="duty.check")
    if result == SpotCheck.State.WANTING and not demanded.strip():
        raise Refused(gettext_noop("有问题的，写明要求怎样整改"), field="demanded", rule="D-22")
    pages = open_pages(site=actor.site)
    page = next((one for one in pages if person is None or person in one.people.all()), None)
    check = SpotCheck(
        site=actor.site, page=page, state=result, at=at, by=actor.staff, person=person, found=found.strip(),
        demanded=demanded.strip(),
    )  # fmt: skip
    check.save(force_insert=True)
    count_done(site=actor.site, code=SPOT, by=actor.staff, at=at)
    events.record(
        site_id=actor.site.pk, kind="duty.spot_checked", subject=check, by=actor.staff, at=at, rule="D-22",
        data={"found": found.strip(), "result": result, "who": person.name if person else "", "demanded": demanded},
    )  # fmt: skip
    if person is not None and result == SpotCheck.State.WANTING:
        draft = Draft(
            text=FOUND, params={"demanded": demanded.strip()[:80], "rule": "D-22"}, to_staff=person, rule="D-22",
            tone="soon", dedup_key=f"duty:spot:{check.pk}",
        )  # fmt: skip
        queue(site_id=actor.site.pk, subject=check, drafts=[draft], at=at)
    return check


@transaction.atomic
def mend(*, actor: Actor, record: SpotCheck, at: datetime, mended: str, seen: int | None = None) -> SpotCheck:
    """What was demanded has been put right."""
    demand(actor=actor, permission="duty.log")
    check = SpotCheck.objects.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if seen is not None and seen != check.version:
        raise Conflict(gettext_noop("这条刚被别人更新过，请看过最新情况再继续"), code="stale")
    if check.state != SpotCheck.State.WANTING:
        raise Refused(gettext_noop("这次抽查没有要整改的"), code="closed")
    check.state, check.mended, check.version = SpotCheck.State.MENDED, mended.strip(), check.version + 1
    check.save(update_fields=["state", "mended", "version"])
    events.record(
        site_id=check.site_id, kind="duty.mended", subject=check, by=actor.staff, at=at, rule="D-22",
        data={"mended": mended.strip()},
    )  # fmt: skip
    return check


@transaction.atomic
def record_page_print(*, actor: Actor, page: Page, view: str, at: datetime) -> None:
    """A page was printed; reprints are counted."""
    demand(actor=actor, permission="duty.see")
    events.record(
        site_id=page.site_id,
        kind="duty.page_printed",
        subject=page,
        by=actor.staff,
        at=at,
        data={"view": view},
    )
