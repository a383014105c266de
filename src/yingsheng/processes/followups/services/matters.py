"""Matters that are visited and have no process of their own: registered, visited home by home, put right, ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, change_case, check_version, lock_case, open_case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.followups.models import FollowUp, VisitMatter
from yingsheng.processes.followups.queries import OWED, homes_of, unhappy_parts
from yingsheng.processes.followups.rules import matter_of, sample_of, target_path
from yingsheng.processes.followups.services.arming import limit_of, next_round, owe_reserve, owe_visit

VISITING, RECTIFYING, CLOSED = "visiting", "rectifying", "closed"
ALL_OF_THEM = 100
MOST_HOMES = 300
RULES = {
    "event": "F-05",
    "other": "F-06",
    "survey_dissatisfied": "F-19",
    "survey_rectified": "F-19",
    "key_customer": "F-25",
}
SEPARATORS = re.compile(r"[\s,，、;；]+")


@transaction.atomic
def register_matter(
    *,
    site: Site,
    caller: Caller,
    by: Staff,
    at: datetime,
    kind: str,
    title: str,
    finished_date: date,
    body: str = "",
    outcome: str = "",
    rooms: str = "",
    percent: int | None = None,
    department: Department | None = None,
) -> Case:
    """Register what is to be visited (F-05, F-06, F-19, F-25) and owe its visits.

    Of several homes as many are visited as the rate of the matter asks, spread over the list; the others stand by. Of
    other services the rate may be said case by case (F-07).
    """
    homes = homes_of(site=site, rooms=[room for room in SEPARATORS.split(rooms) if room])
    _check(caller=caller, homes=homes, finished=finished_date, at=at)
    asked = percent if percent is not None else _rate(site=site, kind=kind, at=at)
    case = open_case(
        site=site, process="followups", state=VISITING, by=by, at=at, title=title.strip()[:120], body=body,
        channel="survey" if kind.startswith("survey") else "follow_up", category=kind, department=department,
        **caller.columns(), handled_at=_end_of(finished_date, at=at),
    )  # fmt: skip
    VisitMatter.objects.create(
        case=case, kind=kind, finished_date=finished_date, percent=asked, outcome=outcome
    )
    owed = _owe_sample(case=case, homes=homes, percent=asked, at=at)
    events.record(
        site_id=site.pk, kind="followups.registered", subject=case, by=by, at=at, rule=RULES[kind],
        data={
            "kind": kind, "title": case.title, "homes": len(homes) or 1, "visits": owed, "percent": asked,
            "finished": finished_date.isoformat(),
        },
    )  # fmt: skip
    return case


@transaction.atomic
def note_rectified(*, case: Case, by: Staff, at: datetime, rectified: str, seen: int | None = None) -> Case:
    """Write what was put right; every home that was unhappy is visited again (F-11, F-19)."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if not rectified.strip():
        raise Refused(gettext_noop("请写明整改了什么"), field="rectified", rule="F-11")
    change_case(case=case, step="rectify", to_state=VISITING, at=at, changes={"handled_at": at})
    VisitMatter.objects.filter(case=case).update(rectified=rectified, rectified_at=at)
    again = list(unhappy_parts(case=case))
    for row in again:
        path = limit_of(case=case, part=row.part, matter=row.matter, at=at)
        owe_visit(case=case, path=path, handled_at=at, part=row.part, household=row.household, at=at)
    events.record(
        site_id=case.site_id, kind="followups.rectified", subject=case, by=by, at=at, rule="F-11",
        data={"rectified": rectified, "visits": len(again)},
    )  # fmt: skip
    return case


@transaction.atomic
def withdraw_matter(*, case: Case, by: Staff, at: datetime, reason: str, seen: int | None = None) -> Case:
    """Take back what should not have been registered; its visits are owed no longer and count nowhere."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if not reason.strip():
        raise Refused(gettext_noop("请写明撤销的原因"), field="reason", rule="F-07")
    change_case(case=case, step="withdraw", to_state="withdrawn", at=at)
    for row in FollowUp.objects.filter(case=case, state__in=[*OWED, FollowUp.State.RESERVE]):
        timers.void(subject=row, by=by, at=at, reason=reason)
    FollowUp.objects.filter(case=case, state__in=[*OWED, FollowUp.State.RESERVE]).update(
        state=FollowUp.State.VOID
    )
    events.record(
        site_id=case.site_id, kind="followups.withdrawn", subject=case, by=by, at=at, rule="F-07",
        data={"reason": reason},
    )  # fmt: skip
    return case


def after_visit(*, case: Case, satisfied: bool, at: datetime) -> None:
    """Move a matter of the desk's own on after a visit or an exemption: to be put right, or at its end (F-11)."""
    if case.process != "followups":
        return
    case = lock_case(case=case)
    if not satisfied:
        change_case(case=case, step="visited", to_state=RECTIFYING, at=at, changes={"satisfied": False})
        return
    still = FollowUp.objects.filter(case=case, state__in=OWED).exists()
    if not still and not unhappy_parts(case=case).exists():
        happy = FollowUp.objects.filter(case=case, state=FollowUp.State.SATISFIED).exists()
        change_case(case=case, step="visited", to_state=CLOSED, at=at, changes={"satisfied": happy or None})


def take_reserve(*, case: Case, at: datetime) -> None:
    """Visit a home that stood by in place of one that was exempted, so that the rate stays in reach (F-07)."""
    row = (
        FollowUp.objects.filter(case=case, state=FollowUp.State.RESERVE)
        .select_related("case__site")
        .order_by("pk")
        .first()
    )
    if row is not None:
        owe_reserve(follow_up=row, path=limit_of(case=case, part=row.part, matter=row.matter, at=at), at=at)


def _check(*, caller: Caller, homes: Sequence[Household], finished: date, at: datetime) -> None:
    if not homes and not (caller.household or caller.name):
        raise Refused(gettext_noop("请写明回访哪一户，或列出参加的房号"), field="rooms", rule="F-05")
    if len(homes) > MOST_HOMES:
        raise Refused(gettext_noop("一次最多登记%(most)s户"), field="rooms", most=MOST_HOMES)
    if finished > at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        raise Refused(gettext_noop("完成日期不能晚于今天"), field="finished_date", rule="F-05")


def _rate(*, site: Site, kind: str, at: datetime) -> int:
    """How many of a hundred homes are visited; where nothing is laid down, all that were named."""
    return int(figure(path=target_path(matter=matter_of(kind=kind)), site=site, at=at) or ALL_OF_THEM)


def _end_of(day: date, *, at: datetime) -> datetime:
    """When a matter that was finished on a day counts as finished: at the end of that day, or now if it is today."""
    return min(at, datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(settings.TIME_ZONE)))


def _owe_sample(*, case: Case, homes: Sequence[Household], percent: int, at: datetime) -> int:
    """Owe a visit to the household of the case, or to the sample of several homes; returns how many."""
    handled_at = case.handled_at or at
    matter = matter_of(kind=case.category)
    path = limit_of(case=case, part="", matter=matter, at=at)
    if not homes:
        owe_visit(case=case, path=path, handled_at=handled_at, at=at)
        return 1
    chosen = sample_of(count=len(homes), percent=percent)
    for place, home in enumerate(homes):
        part = f"h{home.pk}"
        if place in chosen:
            owe_visit(case=case, path=path, handled_at=handled_at, part=part, household=home, at=at)
        else:
            FollowUp.objects.create(
                site_id=case.site_id, case=case, matter=matter, part=part, household=home,
                round=next_round(case=case, part=part), state=FollowUp.State.RESERVE, handled_at=handled_at,
                due_at=handled_at, limited=False,
            )  # fmt: skip
    return len(chosen)
