"""The life of a work order, and who is next when it is given out by rotation. Pure.

R-05: every number issued is accounted for as open, done, returned or void. R-11: the team names a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

WAITING = "waiting"  # issued: in the pool, or given to somebody who has not signed for it
ACCEPTED = "accepted"
WORKING = "working"
PAUSED = "paused"
DONE = "done"
RETURNED = "returned"
VOID = "void"
OPEN = (WAITING, ACCEPTED, WORKING, PAUSED)
STATES = (*OPEN, DONE, RETURNED, VOID)

# verb -> (states it starts from, state it leads to)
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "assign": ((WAITING, ACCEPTED, PAUSED), WAITING),
    "take": ((WAITING,), ACCEPTED),
    "accept": ((WAITING,), ACCEPTED),
    "start": ((ACCEPTED, PAUSED), WORKING),
    "pause": ((ACCEPTED, WORKING), PAUSED),
    "send_back": ((WAITING, ACCEPTED, WORKING, PAUSED), WAITING),
    "hand_over": ((ACCEPTED, WORKING, PAUSED), WAITING),
    "finish": ((ACCEPTED, WORKING), DONE),
    # entered from the paper order afterwards, signatures and all
    "finish_from_paper": (OPEN, DONE),
    "recover": ((DONE,), RETURNED),
    "void": (OPEN, VOID),
}


def target_of(*, verb: str, state: str) -> str | None:
    """The state a verb leads to, None where it is not legal from this state; KeyError for an unknown verb."""
    sources, target = MOVES[verb]
    return target if state in sources else None


def moment_told(*, told: datetime | None, after: datetime, at: datetime) -> datetime:
    """When a step was done: as a device told it, though not before `after` and never in the future; else `at`."""
    return at if told is None else min(max(told, after), at)


def account_of(*, state: str) -> str:
    """In which of the four heaps of R-05 a number lies: open, done, returned, void."""
    return "open" if state in OPEN else state


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Somebody work may be given to. `last_given_at` None: never. `order` breaks the last tie (staff id)."""

    id: int
    trades: frozenset[str]
    on_shift: bool
    open_orders: int
    last_given_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Why a worker was passed over: no_skill, off_shift, full."""

    worker: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Whose turn it is, None for nobody, and why the others were passed over before load and turn were compared."""

    worker: int | None
    passed: tuple[Passed, ...]


def choose_worker(*, workers: Iterable[Worker], trade: str, most_open: int | None) -> Choice:
    """Whose turn it is for an order of a trade: skilled, on shift, not full; then the least load, then who has waited
    longest since his last order, then the lower number (R-11).

    `most_open`: how many open orders one may hold; None for no limit.
    """
    fit: list[Worker] = []
    passed: list[Passed] = []
    for worker in sorted(workers, key=lambda one: one.id):
        why = _unfit(worker=worker, trade=trade, most_open=most_open)
        if why:
            passed.append(Passed(worker=worker.id, why=why))
        else:
            fit.append(worker)
    if not fit:
        return Choice(worker=None, passed=tuple(passed))
    return Choice(worker=min(fit, key=_turn).id, passed=tuple(passed))


def _turn(worker: Worker) -> tuple[int, float, int]:
    given = worker.last_given_at.timestamp() if worker.last_given_at is not None else float("-inf")
    return worker.open_orders, given, worker.id


def _unfit(*, worker: Worker, trade: str, most_open: int | None) -> str:
    if trade not in worker.trades:
        return "no_skill"
    if not worker.on_shift:
        return "off_shift"
    if most_open is not None and worker.open_orders >= most_open:
        return "full"
    return ""


def share_out(
    *, orders: Sequence[tuple[int, str]], workers: Iterable[Worker], most_open: int | None, at: datetime
) -> dict[int, int | None]:
    """Give out many orders (id, trade) one after another as `choose_worker` would; order id -> worker id or None."""
    crew = {worker.id: worker for worker in workers}
    given: dict[int, int | None] = {}
    for turn, (order, trade) in enumerate(orders):
        chosen = choose_worker(workers=crew.values(), trade=trade, most_open=most_open).worker
        given[order] = chosen
        if chosen is not None:
            # among those given something in this round the earlier one comes first again
            moment = datetime.fromtimestamp(at.timestamp() + turn * 1e-3, tz=at.tzinfo)
            worker = crew[chosen]
            crew[chosen] = replace(worker, open_orders=worker.open_orders + 1, last_given_at=moment)
    return given
