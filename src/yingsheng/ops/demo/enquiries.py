"""Stories of the front desk: questions answered at once or later, suggestions, calls for help, praise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story, Timeline, arrivals
from yingsheng.processes.enquiries import services as enquiries


def start_enquiries(
    *, line: Timeline, site: Site, cast: Cast, callers: Sequence[Caller], since: datetime, number: int
) -> None:
    """Let so many calls and visits come in between `since` and now."""
    for at in arrivals(start=since, end=line.now, number=number, rng=line.rng, night=0):
        kind = line.rng.choices(
            ("question", "open", "suggestion", "help", "praise"), weights=(76, 11, 6, 4, 3)
        )[0]
        caller = line.rng.choice(callers)
        tell = {
            "question": _question, "open": _open_question, "suggestion": _suggestion, "help": _help, "praise": _praise,
        }[kind]  # fmt: skip
        line.start(story=tell(line, site, cast, caller, at))


def _channel(line: Timeline) -> str:
    return line.rng.choices(("phone", "visit", "hotline"), weights=(6, 3, 1))[0]


def _rings(line: Timeline, channel: str) -> int | None:
    return line.rng.choices((1, 2, 3, 4, 5), weights=(30, 45, 18, 5, 2))[0] if channel != "visit" else None


def _question(line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime) -> Story:
    yield at
    words, channel = line.rng.choice(texts("enquiries")["question"]), _channel(line)
    enquiries.answer_at_once(
        site=site,
        caller=caller,
        channel=channel,
        reason=words["reason"],
        answer=words["answer"],
        by=cast[line.rng.choice(("front", "front2"))],
        at=at,
        rings=_rings(line, channel),
    )


def _open_question(line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime) -> Story:
    yield at
    words, channel = line.rng.choice(texts("enquiries")["open"]), _channel(line)
    agreed = line.in_hours(at=at + timedelta(hours=line.rng.choice((4, 24, 24, 48))))
    case = enquiries.promise_answer(
        site=site,
        caller=caller,
        channel=channel,
        title=words["title"],
        body=words["body"],
        agreed_at=agreed,
        by=cast["front"],
        at=at,
        rings=_rings(line, channel),
    )
    late = line.chance(0.1)
    at = (
        line.work_later(at=agreed, low=60, high=900)
        if late
        else at + (agreed - at) * line.rng.uniform(0.3, 0.95)
    )
    yield line.in_hours(at=at) if late else at
    enquiries.answer_enquiry(case=case, by=cast["assistant"], at=at, answer=words["answer"])


def _suggestion(line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime) -> Story:
    yield at
    words = line.rng.choice(texts("enquiries")["suggestion"])
    case = enquiries.promise_answer(
        site=site,
        caller=caller,
        channel=_channel(line),
        title=words["title"],
        body=words["body"],
        kind="suggestion",
        by=cast["front2"],
        at=at,
    )
    at = line.work_later(at=at, low=600, high=4 * 1440)
    yield at
    planned = words["decision"] == "improve"
    day = (at + timedelta(days=line.rng.randrange(5, 12))).date()
    enquiries.decide_suggestion(
        case=case, by=cast["head"], at=at, decision=words["decision"], answer=words["answer"],
        plan=words["answer"] if planned else "", plan_date=day if planned else None,
        responsible=cast["manager"] if planned else None,
    )  # fmt: skip
    if planned:
        at = line.work_later(at=at, low=12 * 1440, high=16 * 1440)
        yield at
        enquiries.check_improvement(
            case=case, by=cast["head"], at=at, done="yes", finding="现场看过，已经做好。"
        )


def _taken_in(
    line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime, kind: str
) -> tuple[Case, str]:
    words = line.rng.choice(texts("enquiries")[kind])
    case = enquiries.promise_answer(
        site=site, caller=caller, channel=_channel(line), title=words["title"], body=words["body"], kind=kind,
        by=cast["front"], at=at,
    )  # fmt: skip
    return case, words["answer"]


def _help(line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime) -> Story:
    yield at
    case, answer = _taken_in(line, site, cast, caller, at, "help")
    at = line.later(at=at, low=1, high=12)
    yield at
    enquiries.send_help(
        case=case, by=cast["front"], at=at, helper=cast[line.rng.choice(("guard", "service"))]
    )
    at = line.later(at=at, low=10, high=90)
    yield at
    enquiries.finish_help(case=case, by=cast["front"], at=at, answer=answer)


def _praise(line: Timeline, site: Site, cast: Cast, caller: Caller, at: datetime) -> Story:
    yield at
    case, answer = _taken_in(line, site, cast, caller, at, "praise")
    at = line.later(at=at, low=30, high=900)
    yield at
    praised = cast[line.rng.choice(("engineer1", "guard", "front2", "cleaner"))]
    enquiries.pass_praise(case=case, by=cast["supervisor"], at=at, praised=praised)
    at = line.work_later(at=at, low=60, high=1440)
    yield at
    enquiries.thank_back(case=case, by=cast["front"], at=at, answer=answer)
