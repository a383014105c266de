"""Group complaints: proposing, merging under one parent, telling upwards, undoing (C-28, X-05, X-06, X-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import open_case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.search.tokens import tokens_of
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.answering import decide_tell
from yingsheng.processes.complaints.rules.clocks import GROUP_INFORM
from yingsheng.processes.complaints.rules.facts import known
from yingsheng.processes.complaints.rules.groups import Voice, find_group, same_matter
from yingsheng.processes.complaints.services.clocks import facts_of, sync_clocks
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import tell_posts

# what is settled once for the whole group and stands with each of its complaints
COMMON = (
    "cause", "validity_detail", "classified_at", "outcome", "method", "result", "alternative", "prevention", "loss_fen",
    "injury",
)  # fmt: skip
IN_HAND = ("registered", "classified", "dispatched", "in_progress", "forwarded")
LOOKED_AT = 60  # the latest of a kind; a group shows itself among them


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """What tells of the same matter: complaints that with this one make a group, or the group in hand it belongs to."""

    together: tuple[int, ...] = ()
    group_id: int | None = None


def look_around(*, case: Case, at: datetime) -> Nearby:
    """The open complaints and the group in hand that tell of the same matter (C-28, X-08); one statement."""
    figures = figures_under(site=case.site, at=at)
    threshold, days = known(figures, "C-28.group_threshold"), known(figures, "X-08.group_window")
    if threshold is None or days is None or case.group_id is not None:
        return Nearby()
    window = timedelta(days=int(days))
    rows: list[tuple[Any, ...]] = list(
        Case.objects.filter(
            Q(group__isnull=True) | Q(state="merged", group__state__in=IN_HAND),
            site_id=case.site_id,
            process="complaints",
            category=case.category,
            closed_at__isnull=True,
            complaint__is_group=False,
            received_at__gte=case.received_at - window,
            received_at__lte=case.received_at + window,
        )
        .order_by("-received_at")
        .values_list("group_id", "pk", "household_id", "building_id", "received_at", "title", "body")[
            :LOOKED_AT
        ]
    )
    own = next((row for row in rows if row[1] == case.pk), None)
    if own is None:
        return Nearby()
    about = _voice(*own[1:], category=case.category)
    grouped = (row for row in rows if row[0] is not None)
    belongs = next(
        (row[0] for row in grouped if same_matter(one=_voice(*row[1:], category=case.category), other=about)),
        None,
    )
    alone = [row[1:] for row in rows if row[0] is None]
    # cheap first: most complaints have no four neighbours of their kind at all
    if len({row[1] for row in alone} - {None}) < int(threshold):
        return Nearby(group_id=belongs)
    voices = [_voice(*row, category=case.category) for row in alone]
    found = find_group(voices=voices, about=about, threshold=int(threshold), window=window)
    return Nearby(together=tuple(voice.case_id for voice in found), group_id=belongs)


def suspected_group(*, case: Case, at: datetime) -> list[int]:
    """Ids of the open complaints that with this one make a group complaint; empty below the threshold."""
    return list(look_around(case=case, at=at).together)


def _voice(
    case_id: int,
    household_id: int | None,
    building_id: int | None,
    received_at: datetime,
    title: str,
    body: str,
    *,
    category: str,
) -> Voice:
    return Voice(
        case_id=case_id,
        household_id=household_id,
        building_id=building_id,
        category=category,
        received_at=received_at,
        words=frozenset(tokens_of(text=f"{title} {body}")),
    )


@transaction.atomic
def merge_group(*, cases: Sequence[Case], title: str, by: Staff, at: datetime) -> Case:
    """Make one parent for complaints about the same matter and report it upwards at once (X-05).

    Refused below the number of households that C-28 asks for. The members keep their numbers; their own clocks stop.
    """
    members = [load(case=case) for case in cases]
    if not members:
        raise Refused(gettext_noop("请选择要合并的投诉"))
    if any(complaint.is_group for _, complaint in members):
        raise Refused(gettext_noop("集体投诉不能再并入另一件"), rule="C-28")
    site = members[0][0].site
    figures = figures_under(site=site, at=at)
    households = {case.household_id for case, _ in members if case.household_id is not None}
    threshold = int(known(figures, "C-28.group_threshold") or 0)
    if len(households) < threshold:
        raise Refused(
            gettext_noop("集体投诉要有%(threshold)s户以上，现在只有%(count)s户"),
            code="too_few",
            rule="C-28",
            threshold=threshold,
            count=len(households),
        )
    parent, complaint = _open_parent(members=members, title=title, by=by, at=at)
    sync_clocks(case=parent, complaint=complaint, by=by, at=at)
    tells = decide_tell(facts=facts_of(case=parent, complaint=complaint), figures=figures)
    told = tell_posts(case=parent, tells=tells, at=at, why="group")
    if told:
        timers.meet(subject=parent, milestones=[GROUP_INFORM], by=by, at=at)
    note(
        case=parent,
        kind="merged",
        by=by,
        at=at,
        rule="X-05",
        data={
            "number": parent.number,
            "members": [case.number for case, _ in members],
            "households": len(households),
            "told": [staff.pk for staff in told],
        },
    )
    return parent


def _open_parent(
    *, members: Sequence[tuple[Case, Complaint]], title: str, by: Staff, at: datetime
) -> tuple[Case, Complaint]:
    """The parent case, with the members under it and their own clocks stopped."""
    first = members[0][0]
    parent = open_case(
        site=first.site,
        process="complaints",
        state="registered",
        by=by,
        at=at,
        title=title.strip()[:120] or first.title,
        body=first.body,
        channel=first.channel,
        category=first.category,
        room=None,
        caller_name="",
    )
    complaint = Complaint.objects.create(case=parent, is_group=True, first_heard_by=by)
    for case, detail in members:
        take(
            case=case,
            complaint=detail,
            step="join_group",
            to_state="merged",
            at=at,
            case_changes={"group": parent},
        )
        timers.void(subject=case, by=by, at=at, reason=gettext_noop("并入集体投诉"))
        note(case=case, kind="joined_group", by=by, at=at, rule="X-08", data={"parent": parent.number})
    return parent, complaint


@transaction.atomic
def join_group(*, case: Case, parent: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Put a complaint that came later under the group it belongs to; it is answered by visit as they are (C-65, X-08).

    Refused once the group's matter was settled: then it is answered by itself.
    """
    case, detail = load(case=case, seen=seen)
    parent, common = load(case=parent)
    if not common.is_group or detail.is_group:
        raise Refused(gettext_noop("请填写一件集体投诉的编号"), field="number", rule="C-28")
    if parent.state not in IN_HAND:
        raise Refused(gettext_noop("这件集体投诉已经办完，请单独办理"), field="number", rule="X-08")
    agreed = {"agreed_reply_at": common.agreed_reply_at, "contacted_at": detail.contacted_at}
    take(
        case=case, complaint=detail, step="join", to_state="merged", at=at, case_changes={"group": parent},
        complaint_changes=agreed,
    )  # fmt: skip
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("并入集体投诉"))
    note(case=case, kind="joined_group", by=by, at=at, rule="X-08", data={"parent": parent.number})
    return case


def pass_agreement(*, parent: Case, agreed_reply_at: datetime | None, at: datetime) -> None:
    """The time agreed with the households of a group stands with each of them (X-05)."""
    Complaint.objects.filter(case__group=parent, case__state="merged").update(
        contacted_at=at, agreed_reply_at=agreed_reply_at
    )


@transaction.atomic
def split_group(*, parent: Case, by: Staff, at: datetime, reason: str) -> list[Case]:
    """Undo a merge: the members go on by themselves, with their clocks; the parent is closed."""
    parent, complaint = load(case=parent)
    if not complaint.is_group:
        raise Refused(gettext_noop("这不是集体投诉"))
    if not reason.strip():
        raise Refused(gettext_noop("请写明拆开的原因"), field="reason")
    released = []
    for member in Case.objects.filter(group=parent, state="merged"):
        case, detail = load(case=member)
        state = "classified" if case.validity else "registered"
        take(
            case=case,
            complaint=detail,
            step="leave_group",
            to_state=state,
            at=at,
            case_changes={"group": None},
        )
        sync_clocks(case=case, complaint=detail, by=by, at=at)
        released.append(case)
    take(case=parent, complaint=complaint, step="split", to_state="converted", at=at)
    timers.void(subject=parent, by=by, at=at, reason=gettext_noop("集体投诉拆开"))
    note(
        case=parent, kind="split", by=by, at=at, rule="X-08",
        data={"reason": reason, "members": [case.number for case in released]},
    )  # fmt: skip
    return released


def settle_members(*, parent: Case, by: Staff | None, at: datetime) -> None:
    """When the common matter is handled, every household is still to be answered by visit (C-65, X-06)."""
    common = parent.complaint
    for member in Case.objects.filter(group=parent, state="merged").order_by("pk"):
        case, detail = load(case=member)
        take(
            case=case,
            complaint=detail,
            step="group_handled",
            to_state="handled",
            at=at,
            case_changes={
                "handled_at": at,
                "validity": parent.validity or case.validity,
                "severity": parent.severity or case.severity,
            },
            complaint_changes={name: getattr(common, name) for name in COMMON},
        )
        sync_clocks(case=case, complaint=detail, by=by, at=at)
        note(
            case=case, kind="group_handled", by=by, at=at, rule="X-06",
            data={"parent": parent.number, "loss_fen": common.loss_fen, "injury": common.injury},
        )  # fmt: skip
