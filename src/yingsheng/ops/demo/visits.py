"""What follows a handled matter in the stories: the reply, the household's opinion, the visit, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.timeline import Story, Timeline
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering
from yingsheng.processes.followups import services as followups
from yingsheng.processes.followups.models import FollowUp

Again = Callable[[Case, datetime], Story]  # how a matter is worked on once more
UNHAPPY = ("修是修好了，但等得太久", "还是有一点，没有彻底解决", "没有人当面道歉")
NOBODY_HOME = ("住户白天上班，要求电话答复", "住户在外地，暂时不回来", "约了两次不便上门，改为电话")
PRAISE = ("处理得及时，谢谢", "可以，没有别的意见", "师傅态度很好", "希望以后提前通知", "")


def answer_and_visit(
    *, line: Timeline, cast: Cast, case: Case, handled_at: datetime, by_visit: bool, again: Again | None
) -> Story:
    """Reply, ask, visit and archive; an unhappy household is worked for `again`, once."""
    at = line.work_later(at=handled_at, low=15, high=100 if line.chance(0.9) else 1500)
    yield at
    case.refresh_from_db()
    if case.state != "handled":
        return
    written = Complaint.objects.filter(case=case, written=True).exists()
    modes = [*(["visit"] if by_visit else ["phone"]), *(["writing"] if written else [])]
    signer = case.caller_name or "住户"
    answering.reply_to_household(
        case=case,
        by=cast["supervisor"] if by_visit else cast["front"],
        at=at,
        modes=modes,
        said="说明处理经过和结果，并为带来的不便致歉",
        opinion=line.rng.choice(PRAISE),
        signed_by=signer if by_visit else "",
        no_visit_reason="" if by_visit else line.rng.choice(NOBODY_HOME),
    )
    at = line.work_later(at=at, low=5, high=240)
    yield at
    satisfied = again is None or line.chance(0.93)
    opinion = line.rng.choice(PRAISE if satisfied else UNHAPPY)
    worked_on = answering.record_opinion(
        case=case, by=cast["front"], at=at, satisfied=satisfied, opinion=opinion
    )
    if not satisfied:
        if again is not None:
            yield from again(worked_on, at)
        return
    yield from visit_household(line=line, cast=cast, case=case, at=at, again=again)


def visit_household(*, line: Timeline, cast: Cast, case: Case, at: datetime, again: Again | None) -> Story:
    """Make the visit that is owed and archive the matter; a few visits come late, a few are exempted."""
    follow_up = FollowUp.objects.filter(case=case, state__in=("due", "scheduled")).order_by("-round").first()
    if follow_up is None:
        return
    at = line.work_later(at=at, low=300, high=5600 if line.chance(0.1) else 3000)
    yield at
    if not follow_up.heads_needed and line.chance(0.05):
        followups.exempt_visit(
            follow_up=follow_up, by=cast["supervisor"], at=at, reason="住户长期在外地，电话确认不需要上门"
        )
    else:
        satisfied = again is None or line.chance(0.95)
        _visit(line=line, cast=cast, case=case, follow_up=follow_up, at=at, satisfied=satisfied)
        if not satisfied:
            if again is not None:
                yield from again(case, at)
            return
    at = line.work_later(at=at, low=60, high=1500)
    yield at
    case.refresh_from_db()
    complaint = Complaint.objects.get(case=case)
    if complaint.forwarded_by_hq and complaint.hq_reported_at is None:
        answering.report_to_company(
            case=case, by=cast["front"], at=at, text="已处理完毕，住户满意，回访已完成。"
        )
    answering.close_complaint(case=case, by=cast["supervisor"], at=at, summary="资料齐全，归档。")


def _visit(
    *, line: Timeline, cast: Cast, case: Case, follow_up: FollowUp, at: datetime, satisfied: bool
) -> None:
    if follow_up.heads_needed:
        visitors = [cast["head"], cast["manager"]]
    else:
        visitors = [
            cast[line.rng.choice(("clerk1", "clerk2"))],
            cast[line.rng.choice(("assistant", "supervisor"))],
        ]
    mode = "visit" if line.chance(0.75) else "phone"
    score = (3, 4) if satisfied else (1, 2)  # four grades, 4 is the best
    followups.record_visit(
        follow_up=follow_up,
        by=visitors[0],
        at=at,
        visitors=visitors,
        mode=mode,
        no_visit_reason="" if mode == "visit" else line.rng.choice(NOBODY_HOME),
        quality=line.rng.choice(score),
        effect=line.rng.choice(score),
        satisfaction=line.rng.choice(score),
        satisfied=satisfied,
        shortcomings="" if satisfied else line.rng.choice(UNHAPPY),
        suggestions="" if satisfied or line.chance(0.7) else "希望提前告知时间",
        summary="到户查看，与住户当面确认。" if mode == "visit" else "电话与住户确认。",
        signed_by=case.caller_name or "住户",
    )
