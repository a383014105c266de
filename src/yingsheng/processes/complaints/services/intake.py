"""Taking a complaint in: registering, solving on the spot, classifying, upgrading."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, open_case
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.notify.services import queue
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.answering import Tell, decide_tell
from yingsheng.processes.complaints.rules.classify import (
    DEMANDS,
    Severity,
    Validity,
    decide_severity,
    decide_validity,
)
from yingsheng.processes.complaints.rules.clocks import (
    AUTO_UPGRADE,
    CONTACT,
    DIVISION,
    EMAIL,
    ESCALATE,
    HARM,
    LOG,
    MAJOR_REPORT,
    NIGHT,
    ONSPOT_REPORT,
    UNSOLVED,
)
from yingsheng.processes.complaints.rules.facts import MAJOR, THROUGH_COMPANY, VALID, Figures, known, stated
from yingsheng.processes.complaints.rules.words import guess_category
from yingsheng.processes.complaints.services.clocks import (
    facts_of,
    start_clocks,
    sync_clocks,
    unsolved_too_long,
)
from yingsheng.processes.complaints.services.grouping import look_around
from yingsheng.processes.complaints.services.night import came_at_night
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    HANDLED,
    RECEIVED,
    RECEIVED_OPEN,
    household_draft,
    post_drafts,
    tell_household,
    tell_posts,
)

UPSTAIRS = "upstairs"  # whose part of the building it is: the household above (C-82)


@transaction.atomic
def register_complaint(
    *,
    site: Site,
    caller: Caller,
    title: str,
    channel: str,
    by: Staff,
    at: datetime,
    body: str = "",
    category: str = "",
    situation: str = "",
    place: str = "",
    happened_at: datetime | None = None,
    heard_at: datetime | None = None,
    respondent: str = "",
    respondent_staff: Staff | None = None,
    demand: str = "",
    written: bool = False,
    ongoing_harm: bool = False,
    first_heard_by: Staff | None = None,
    household_limit_at: datetime | None = None,
    forwarded_by_hq: bool = False,
    origin: Case | None = None,
    severity: str = "",
) -> Case:
    """Take a complaint in, give it its number and start its clocks; the caller gets a promised time at once.

    Its clocks run from when it was heard, if that was before it is entered. What came through the company's hotline,
    fax or mailbox was forwarded by its complaint centre, which hears of the result (C-55). Refused without a title or
    any way to reach the caller. Rules C-01, C-04, C-09, C-10, C-13, C-33, C-84.
    """
    _check_intake(title=title, caller=caller, household_limit_at=household_limit_at, at=at)
    if heard_at is not None and heard_at > at:
        raise Refused(gettext_noop("接到投诉的时间不能晚于现在"), field="heard_at", rule="C-13")
    received_at = heard_at or at
    case = open_case(
        site=site,
        process="complaints",
        state="registered",
        by=by,
        at=at,
        received_at=received_at,
        title=title.strip()[:120],
        body=body,
        channel=channel,
        category=category or guess_category(text=f"{title} {body}"),
        severity=severity,
        **caller.columns(),
        origin=origin,
        # whoever is complained about must not read it before it is looked into
        confidentiality=Case.Confidentiality.SEALED if respondent_staff else Case.Confidentiality.NORMAL,
        kept_from=respondent_staff,
    )
    complaint = Complaint.objects.create(
        case=case,
        happened_at=happened_at,
        heard_at=heard_at,
        place=place,
        respondent=respondent,
        respondent_staff=respondent_staff,
        demand=demand,
        situation=situation,
        written=written,
        ongoing_harm=ongoing_harm,
        first_heard_by=first_heard_by or by,
        household_limit_at=household_limit_at,
        forwarded_by_hq=forwarded_by_hq or channel in THROUGH_COMPANY,
        severity_since=received_at if severity else None,
        night=came_at_night(site=site, by=by, channel=channel, ongoing_harm=ongoing_harm, at=received_at),
    )
    _promise_and_tell(case=case, complaint=complaint, has_home=caller.room is not None, at=at)
    note(
        case=case,
        kind="registered",
        by=by,
        at=at,
        rule="C-13",
        data={
            "number": case.number,
            "title": case.title,
            "channel": channel,
            "category": case.category,
            "caller": caller.name,
            "room": caller.room.label if caller.room else "",
            "origin": origin.number if origin else "",
        },
    )
    return case


def _check_intake(*, title: str, caller: Caller, household_limit_at: datetime | None, at: datetime) -> None:
    if not title.strip():
        raise Refused(gettext_noop("请写明投诉的事由"), field="title", rule="C-09")
    if not (caller.phone or caller.room):
        raise Refused(gettext_noop("请留下房号或电话，否则无法答复"), field="caller_phone", rule="C-09")
    if household_limit_at is not None and household_limit_at <= at:
        raise Refused(gettext_noop("住户要求的时间已经过去"), field="household_limit_at", rule="C-39")


def _promise_and_tell(*, case: Case, complaint: Complaint, has_home: bool, at: datetime) -> None:
    """Start the clocks, then tell the posts and the household in one statement."""
    clocks = start_clocks(case=case, complaint=complaint, at=at)
    if complaint.heard_at is not None:
        timers.meet(subject=case, milestones=[LOG, UNSOLVED], by=case.received_by, at=at)
    contact = min((row.due_at for row in clocks if row.milestone in (CONTACT, EMAIL)), default=None)
    tells = decide_tell(
        facts=facts_of(case=case, complaint=complaint),
        figures=figures_under(site=case.site, at=at),
        has_home=has_home,
    )
    near = look_around(case=case, at=at)
    if near.together or near.group_id is not None:
        tells = (*tells, Tell(role="SITE_HEAD", rule="X-08"))  # the front desk reports a group at once
    receipt = household_draft(
        case=case,
        text=RECEIVED if contact else RECEIVED_OPEN,
        why="received",
        rule="C-33",
        **({"due": contact.isoformat()} if contact else {}),
    )
    drafts = [receipt, *post_drafts(case=case, tells=tells, at=at, why="new")]
    queue(site_id=case.site_id, subject=case, drafts=drafts, at=at)


@transaction.atomic
def solve_on_spot(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    result: str,
    solved_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Record that the matter was settled at once, when, and how (C-12, C-13, C-42)."""
    case, complaint = load(case=case, seen=seen)
    moment = solved_at or at
    if moment > at:
        raise Refused(gettext_noop("解决时间不能晚于现在"), field="solved_at")
    # a colleague settles first and reports then: it was heard no later than it was settled (C-12, C-61)
    received_at = min(case.received_at, moment)
    take(
        case=case,
        complaint=complaint,
        step="solve_on_spot",
        to_state="handled",
        at=at,
        case_changes={"handled_at": moment, "received_at": received_at, "validity": VALID},
        complaint_changes={"on_spot": True, "outcome": "solved", "result": result, "classified_at": at},
    )
    timers.meet(subject=case, milestones=[NIGHT, HARM], by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    timers.meet(subject=case, milestones=[ONSPOT_REPORT], by=by, at=at)
    tell_household(case=case, text=HANDLED, at=at, why="handled", rule="C-61", result=result)
    note(case=case, kind="solved_on_spot", by=by, at=at, rule="C-12", data={"result": result})
    return case


@transaction.atomic
def classify_complaint(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    cause: str,
    wants_help: bool = True,
    severity: str = "",
    our_fault: bool = False,
    promise_broken: bool = False,
    times_raised: int = 1,
    loss_fen: int = 0,
    injury: bool = False,
    complex: bool = False,
    category: str = "",
    situation: str = "",
    liable: str = "",
    other_room: Room | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """Decide what the complaint is; the rules propose the severity, the supervisor may raise it freely
    and make it lighter than before only with a reason.

    Starts the clocks that follow and tells the posts concerned. A demand is no complaint: it is closed as such and
    can be taken up as an enquiry or suggestion. Rules C-18 … C-26, C-36, C-37, C-40, C-82.
    """
    case, complaint = load(case=case, seen=seen)
    if liable == UPSTAIRS and other_room is None and complaint.other_room_id is None:
        raise Refused(gettext_noop("请写明上层住户的房号"), field="other_room", rule="C-82")
    figures = figures_under(site=case.site, at=at)
    validity, degree = _judge(
        figures=figures, cause=cause, wants_help=wants_help, our_fault=our_fault, promise_broken=promise_broken,
        times_raised=times_raised, loss_fen=loss_fen, injury=injury,
        unsolved_long=unsolved_too_long(case=case, figures=figures, at=at),
    )  # fmt: skip
    chosen = _choose(case=case, proposed=degree.code, wanted=severity, reason=reason)
    if cause in DEMANDS:
        return _close_as_demand(case=case, complaint=complaint, cause=cause, by=by, at=at)
    raised = bool(case.severity) and chosen != case.severity
    take(
        case=case,
        complaint=complaint,
        step="classify",
        to_state="classified" if case.state == "registered" else case.state,
        at=at,
        case_changes={"validity": validity.code, "severity": chosen, "category": category or case.category},
        complaint_changes={
            "cause": cause,
            "validity_detail": validity.detail,
            "severity_reason": degree.reason if chosen == degree.code else "raised",
            "severity_since": at if raised else complaint.severity_since,
            "classified_at": complaint.classified_at or at,
            "complex": complex,
            "loss_fen": loss_fen,
            "injury": injury,
            "situation": situation or complaint.situation,
            "liable": liable or complaint.liable,
            "other_room": other_room or complaint.other_room,
        },
    )
    timers.meet(subject=case, milestones=[NIGHT], by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    told = _report_up(case=case, complaint=complaint, by=by, at=at)
    note(
        case=case,
        kind="classified",
        by=by,
        at=at,
        rule=validity.rule,
        data={
            "validity": validity.code,
            "detail": validity.detail,
            "severity": chosen,
            "severity_rule": degree.rule,
            "cause": cause,
            "liable": complaint.liable,
            "reason": reason,
            "told": [staff.pk for staff in told],
        },
    )
    return case


def _judge(
    *,
    figures: Figures,
    cause: str,
    wants_help: bool,
    our_fault: bool,
    promise_broken: bool,
    times_raised: int,
    loss_fen: int,
    injury: bool,
    unsolved_long: bool,
) -> tuple[Validity, Severity]:
    """What the adopted model and the definitions say of the facts found."""
    validity = decide_validity(
        model=stated(figures, "C-18.validity_model"), cause=cause, wants_help=wants_help
    )
    threshold = known(figures, "F-13.loss_threshold_fen")
    degree = decide_severity(
        figures=figures,
        promise_broken=promise_broken,
        times_raised=times_raised,
        major_loss=threshold is not None and loss_fen >= threshold,
        injury=injury,
        our_fault=our_fault,
        unsolved_a_month=unsolved_long and validity.code == VALID,
    )
    return validity, degree


def _report_up(*, case: Case, complaint: Complaint, by: Staff | None, at: datetime) -> list[Staff]:
    """Tell the posts that a complaint of this degree has to reach; returns who was told.

    The report is made by telling: whoever was late to classify was late to report.
    """
    tells = decide_tell(
        facts=facts_of(case=case, complaint=complaint),
        figures=figures_under(site=case.site, at=at),
        has_home=True,
    )
    told = tell_posts(case=case, tells=tells, at=at, why=f"degree:{case.severity}")
    if told:
        timers.meet(subject=case, milestones=[ESCALATE, MAJOR_REPORT, DIVISION], by=by, at=at)
    return told


def upgrade_to_major(*, case: Case, at: datetime) -> None:
    """A valid complaint unsolved for a month becomes major by itself (C-21, C-24); called by the clock."""
    case, complaint = load(case=case)
    if case.validity != VALID or case.handled_at is not None or case.severity == MAJOR:
        timers.void(subject=case, milestones=[AUTO_UPGRADE], by=None, at=at, reason=gettext_noop("已不适用"))
        return
    Case.objects.filter(pk=case.pk).update(severity=MAJOR, version=case.version + 1)
    case.severity, case.version = MAJOR, case.version + 1
    complaint.severity_since, complaint.severity_reason = at, "unsolved_month"
    complaint.save(update_fields=["severity_since", "severity_reason"])
    timers.meet(subject=case, milestones=[AUTO_UPGRADE], by=None, at=at)
    sync_clocks(case=case, complaint=complaint, by=None, at=at)
    _report_up(case=case, complaint=complaint, by=None, at=at)
    note(case=case, kind="upgraded", by=None, at=at, rule="C-24", data={"severity": MAJOR})


def _choose(*, case: Case, proposed: str, wanted: str, reason: str) -> str:
    chosen = _gravest(proposed, wanted)
    if case.severity and _gravest(chosen, case.severity) != chosen and not reason.strip():
        raise Refused(gettext_noop("把程度改轻要写明理由"), field="reason", rule="C-21")
    return chosen


def _gravest(*severities: str) -> str:
    order = ("minor", "serious", "major")
    return max((item for item in severities if item), key=order.index)


def _close_as_demand(*, case: Case, complaint: Complaint, cause: str, by: Staff, at: datetime) -> Case:
    take(
        case=case,
        complaint=complaint,
        step="classify",
        to_state="converted",
        at=at,
        case_changes={"validity": "demand"},
        complaint_changes={"cause": cause, "validity_detail": cause, "classified_at": at},
    )
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("属于诉求，不是投诉"))
    note(case=case, kind="converted", by=by, at=at, rule="C-19", data={"cause": cause})
    return case
