"""The rotation of the sales desk: a fold over what happened, so that the same events always give the same turn. Pure.

A new customer goes to the oldest make-up whose agent is free, else to the first free agent in order, who then stands
last. Whoever is passed over meanwhile

* is away (signed off, day off, leave): goes last, without a make-up (J-03);
* does other work by order, receives his own or helps with another's customer: goes last with a make-up (J-02);
* still has a customer of his turn, a public one, or was made up for this very reception: [I] keeps his place.

So the order turns evenly for all who are there; a make-up stands for exactly one turn that was missed or that proved
to cost no quota, and is used once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce

from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.figures import FIFO, LATEST

OTHER_WORK_CASE = 4  # of article 2


class Kind(StrEnum):
    """What can happen to the rotation."""

    JOIN = "join"  # put on the list, last
    DEPART = "depart"  # taken off the list for good
    SIGN_IN = "sign_in"
    SIGN_OFF = "sign_off"
    LEAVE = "leave"  # day off, personal or sick leave (J-03)
    NEW = "new_customer"  # receives a new customer: by make-up if he is owed one, else by turn
    RECEIVE = "receive"  # receives out of turn: own customer, colleague's, help (J-02 cases 1 to 3)
    PUBLIC = "public"  # one or several receive a public customer (J-10)
    ORDERED = "ordered"  # sent to other work by the project team (J-02 case 4)
    FREE = "free"  # back from whatever it was
    CREDIT = "credit"  # a reception by turn proved to cost no quota
    CHARGE = "charge"  # a reception out of turn proved to be a new customer's


class OutOfTurn(ValueError):
    """Somebody took a new customer who was not next (J-01); `next_agent` says who was, "" for nobody."""

    def __init__(self, *, agent: str, next_agent: str) -> None:
        super().__init__(f"{agent} took a customer, the next was {next_agent or 'nobody'}")
        self.agent = agent
        self.next_agent = next_agent


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened: to whom, because of which visit or order (`cause`), under which case and article.

    `agents` are more than one only for a public customer. ValueError for a kind that may make up for something without
    its cause: a make-up is owed once for each.
    """

    kind: Kind
    agents: tuple[str, ...]
    cause: str = ""
    case: int = 0
    article: str = ""

    def __post_init__(self) -> None:
        if self.kind in (Kind.RECEIVE, Kind.ORDERED, Kind.CREDIT, Kind.CHARGE) and not self.cause:
            raise ValueError("a make-up has a cause")


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A make-up that is owed: to whom, for which reception or order, under which case and article (J-02, J-10)."""

    agent: str
    cause: str
    case: int
    article: str


@dataclass(frozen=True, kw_only=True)
class Busy:
    """What an agent is at; `excused` work makes up for a turn it lets pass."""

    cause: str
    case: int
    article: str
    excused: bool


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """Where the rotation stands: the order (first is next), who is there and at what, what is owed and was used."""

    order: tuple[str, ...] = ()
    here: frozenset[str] = frozenset()
    busy: Mapping[str, Busy] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()  # by time of origin
    credited: frozenset[tuple[str, str]] = frozenset()  # agent and cause that were made up for already
    charged: frozenset[tuple[str, str]] = frozenset()  # agent and cause that a turn was taken for afterwards
    turns: Mapping[str, int] = field(default_factory=dict)
    made_up: Mapping[str, int] = field(default_factory=dict)
    missed: Mapping[str, int] = field(default_factory=dict)  # passed over while away
    credit_order: str = FIFO

    def __post_init__(self) -> None:
        if self.credit_order not in (FIFO, LATEST):
            raise ValueError(f"unknown order of make-ups: {self.credit_order!r}")


@dataclass(frozen=True, kw_only=True)
class Next:
    """Who receives the next new customer, and the make-up he does it by (None: it is his turn)."""

    agent: str
    credit: Credit | None


def start(*, agents: Iterable[str], credit_order: str = FIFO) -> Rotation:
    """The rotation on its first day, in the order of the list (J-01, FM-63); ValueError for somebody listed twice."""
    order = tuple(agents)
    if len(set(order)) != len(order):
        raise ValueError("nobody stands twice on the list")
    return Rotation(order=order, credit_order=credit_order)


def find_next(*, rotation: Rotation) -> Next | None:
    """Who receives the next new customer, or None while nobody is free (J-01, J-02, J-35).

    Make-ups first, by time of origin (a figure can turn that round), as far as their agents are free.
    """
    owed = rotation.credits if rotation.credit_order == FIFO else rotation.credits[::-1]
    for credit in owed:
        if _is_free(rotation, credit.agent):
            return Next(agent=credit.agent, credit=credit)
    free = list_free(rotation=rotation)
    return Next(agent=free[0], credit=None) if free else None


def list_free(*, rotation: Rotation) -> tuple[str, ...]:
    """Who is free, in order of turn: the first so many receive a public customer that needs several (J-10)."""
    return tuple(agent for agent in rotation.order if _is_free(rotation, agent))


def replay(*, events: Iterable[Happening], rotation: Rotation) -> Rotation:
    """The rotation after these events; in however many pieces they come, the end is the same."""
    return reduce(lambda before, event: apply(rotation=before, event=event), events, rotation)


def apply(*, rotation: Rotation, event: Happening) -> Rotation:
    """The rotation after one event.

    OutOfTurn for a new customer taken by anybody but the next (J-01), ValueError for somebody who is not on the list
    or two on the list at once.
    """
    if event.kind is Kind.JOIN:
        return _join(rotation, event)
    for agent in event.agents:
        if agent not in rotation.order:
            raise ValueError(f"{agent} is not on the list")
    if event.kind is Kind.PUBLIC:
        return reduce(lambda before, agent: _engage(before, agent, event), event.agents, rotation)
    (agent,) = event.agents
    match event.kind:
        case Kind.DEPART:
            return _depart(rotation, agent)
        case Kind.SIGN_IN:
            return replace(rotation, here=rotation.here | {agent})
        case Kind.SIGN_OFF | Kind.LEAVE:
            return replace(_release(rotation, agent), here=rotation.here - {agent})
        case Kind.FREE:
            return _release(rotation, agent)
        case Kind.NEW:
            return _new(rotation, agent, event)
        case Kind.CREDIT:
            return _credit(rotation, agent, cause=event.cause, case=event.case, article=event.article)
        case Kind.CHARGE:
            return _charge(rotation, agent, cause=event.cause)
        case Kind.RECEIVE | Kind.ORDERED:
            return _engage(rotation, agent, event)
    raise AssertionError(event.kind)  # pragma: no cover


def events_of(*, decision: Decision, receiver: str, by_turn: bool, cause: str) -> tuple[Happening, ...]:
    """What a decision changes in the rotation, given how the visit `cause` was received: by turn or out of it.

    By turn: the turn is used already, so a make-up is credited and a used turn is nothing more. Out of turn: a turn it
    let pass is credited by itself, so a make-up is nothing more and a used turn is charged. Rules: J-02, J-10, CF-40.
    """
    if by_turn:
        return tuple(
            Happening(kind=Kind.CREDIT, agents=(one.agent,), cause=cause, case=one.case, article=one.article)
            for one in decision.make_ups
        )
    return (Happening(kind=Kind.CHARGE, agents=(receiver,), cause=cause),) if decision.turn_used else ()


def _is_free(rotation: Rotation, agent: str) -> bool:
    return agent in rotation.here and agent not in rotation.busy


def _join(rotation: Rotation, event: Happening) -> Rotation:
    """[I] Who is new on the list stands last."""
    if set(event.agents) & set(rotation.order) or len(set(event.agents)) != len(event.agents):
        raise ValueError("nobody stands twice on the list")
    return replace(rotation, order=rotation.order + event.agents)


def _depart(rotation: Rotation, agent: str) -> Rotation:
    """[I] What was owed to somebody who leaves the team lapses."""
    return replace(
        _release(rotation, agent),
        order=tuple(one for one in rotation.order if one != agent),
        here=rotation.here - {agent},
        credits=tuple(credit for credit in rotation.credits if credit.agent != agent),
    )


def _release(rotation: Rotation, agent: str) -> Rotation:
    return replace(rotation, busy={name: busy for name, busy in rotation.busy.items() if name != agent})


def _engage(rotation: Rotation, agent: str, event: Happening) -> Rotation:
    busy = Busy(
        cause=event.cause, case=event.case, article=event.article, excused=event.kind in (Kind.RECEIVE, Kind.ORDERED)
    )  # fmt: skip
    return replace(rotation, busy={**rotation.busy, agent: busy})


def _credit(rotation: Rotation, agent: str, *, cause: str, case: int, article: str) -> Rotation:
    """Owe a make-up, once for each reception; the fourth case is owed for each turn it cost (J-02)."""
    if case != OTHER_WORK_CASE and (agent, cause) in rotation.credited:
        return rotation
    credit = Credit(agent=agent, cause=cause, case=case, article=article)
    return replace(
        rotation, credits=(*rotation.credits, credit), credited=rotation.credited | {(agent, cause)}
    )


def _charge(rotation: Rotation, agent: str, *, cause: str) -> Rotation:
    """[I] Take a turn, once, for what was received out of turn: the make-up it brought if still owed, else the next.

    So a new customer costs a turn however he was received (J-01).
    """
    if (agent, cause) in rotation.charged:
        return rotation
    after = replace(rotation, charged=rotation.charged | {(agent, cause)}, turns=_plus(rotation.turns, agent))
    left = list(rotation.credits)
    for credit in rotation.credits:
        if (credit.agent, credit.cause) == (agent, cause):
            left.remove(credit)
            return replace(after, credits=tuple(left))
    others = tuple(one for one in rotation.order if one != agent)
    return replace(after, order=(*others, agent), credited=rotation.credited | {(agent, cause)})


def _new(rotation: Rotation, agent: str, event: Happening) -> Rotation:
    chosen = find_next(rotation=rotation)
    if chosen is None or chosen.agent != agent:
        raise OutOfTurn(agent=agent, next_agent=chosen.agent if chosen else "")
    after = _engage(rotation, agent, event)
    if chosen.credit is not None:
        left = list(rotation.credits)
        left.remove(chosen.credit)
        return replace(after, credits=tuple(left), made_up=_plus(rotation.made_up, agent))
    return replace(_turn(after, agent), turns=_plus(rotation.turns, agent))


def _turn(rotation: Rotation, agent: str) -> Rotation:
    """Put the agent last, before him those who were passed over and do not keep their place."""
    place = rotation.order.index(agent)
    kept, last = [], []
    for passed in rotation.order[:place]:
        busy = rotation.busy.get(passed)
        if passed not in rotation.here:
            last.append(passed)
            rotation = replace(rotation, missed=_plus(rotation.missed, passed))
        elif busy is not None and _makes_up(rotation, passed, busy):
            last.append(passed)
            rotation = _credit(rotation, passed, cause=busy.cause, case=busy.case, article=busy.article)
        else:
            kept.append(passed)
    return replace(rotation, order=(*kept, *rotation.order[place + 1 :], *last, agent))


def _makes_up(rotation: Rotation, agent: str, busy: Busy) -> bool:
    return busy.excused and (busy.case == OTHER_WORK_CASE or (agent, busy.cause) not in rotation.credited)


def _plus(counts: Mapping[str, int], agent: str) -> Mapping[str, int]:
    return dict(Counter(counts) + Counter({agent: 1}))
