"""A new matter of every process that takes matters in, for the tests that walk the registry."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories.cast import Cast
from tests.processes.repairs.story import requested
from tests.processes.story import later, registered

from yingsheng.base.process import Process
from yingsheng.kernel.cases.models import Case
from yingsheng.processes.emergencies.services.intake import register_emergency
from yingsheng.processes.enquiries.services import promise_answer
from yingsheng.processes.followups.services import register_matter
from yingsheng.processes.services.services.intake import register_service


def _enquiry(cast: Cast, home: int) -> Case:
    made: Case = promise_answer(
        site=cast.site,
        caller=cast.caller(home),
        channel="phone",
        title="装修要办什么",
        by=cast.front,
        at=later(0),
    )
    return made


def _visit_matter(cast: Cast, home: int) -> Case:
    return register_matter(
        site=cast.site, caller=cast.caller(home), by=cast.supervisor, at=later(0), kind="other", title="代为搬家",
        finished_date=later(0).date(),
    )  # fmt: skip


def _service(cast: Cast, home: int) -> Case:
    return register_service(
        site=cast.site, caller=cast.caller(home), by=cast.front, at=later(0), item="家政保洁", channel="phone",
        first_date=later(0).date(), fee_fen=12_000,
    )  # fmt: skip


def _emergency(cast: Cast, home: int) -> Case:
    made: Case = register_emergency(
        site=cast.site,
        kind="lift",
        place="3栋2单元电梯",
        body="停在五楼，两人在里面",
        by=cast.front,
        at=later(0),
        caller=cast.caller(home),
    )
    return made


# by code of the process; one without an entry fails the tests, which is how a newcomer is noticed
OPENERS: dict[str, Callable[[Cast, int], Case]] = {
    "complaints": lambda cast, home: registered(cast, home=home),
    "emergencies": _emergency,
    "enquiries": _enquiry,
    "followups": _visit_matter,
    "repairs": lambda cast, home: requested(cast, caller=cast.caller(home)),
    "services": _service,
}


def matter(cast: Cast, process: Process, *, home: int = 0) -> Case:
    """A new matter of a process, at nine o'clock."""
    made = OPENERS[process.code](cast, home)
    assert made.process == process.code
    return made
