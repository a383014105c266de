"""An existing customer book brought in: lines judged, conflicts told with both sides, then written (J-04, J-05).

Looked through first; what is written is judged once more, and what stands in the book already is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_staff
from yingsheng.kernel.org.records import tell
from yingsheng.processes.salesdesk.models import Entry, Project
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL
from yingsheng.processes.salesdesk.queries.customers import entries_sharing, proofs_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.services.deciding import settle
from yingsheng.processes.salesdesk.services.entries import LIMITS, demand_keeper, write_entry
from yingsheng.processes.salesdesk.services.finding import note_later

MOST_LINES = 2000
NO_NAME, NO_DAY, FUTURE, NO_AGENT, TWO_AGENTS, TOO_LONG = (
    gettext_noop("没有客户姓名"),
    gettext_noop("日期读不懂，请写成 2025-03-03"),
    gettext_noop("日期在今天以后"),
    gettext_noop("没有这位业务员，请写登录名或姓名"),
    gettext_noop("有两位同名的业务员，请写登录名"),
    gettext_noop("太长"),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a file: where it stands, what its columns say, as text; the day if it can be read."""

    row: int
    day: date | None
    agent: str
    known: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Side:
    """The other side of a conflict: its entry, or its line in the same file, and whose it is."""

    agent: str
    entry: str = ""
    row: int = 0
    day: date
    keys: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Judged:
    """A line with what was found of it: what is wrong, whether it stands there already, whose else he is."""

    line: Line
    agent: Staff | None = None
    problem: str = ""
    is_there: bool = False
    proofs: frozenset[str] = frozenset()
    sides: list[Side] = field(default_factory=list)

    @property
    def is_fresh(self) -> bool:
        """Whether it would be written."""
        return not self.problem and not self.is_there


def judge_lines(*, site: Site, lines: Sequence[Line], at: datetime) -> list[Judged]:
    """Each line with its problem or its conflicts: entries and lines of other agents with a common proof (J-05)."""
    people: dict[str, list[Staff]] = defaultdict(list)
    for one in list_staff(site_id=site.pk, at=at):
        for word in {one.username, one.name}:
            people[word].append(one)
    judged = [_judge(site=site, line=line, people=people, at=at) for line in lines]
    _find_sides(site=site, judged=judged)
    return judged


def _judge(*, site: Site, line: Line, people: Mapping[str, list[Staff]], at: datetime) -> Judged:
    found = Judged(line=line)
    named = people.get(line.agent.strip(), [])
    long = next((name for name, limit in LIMITS.items() if len(line.known.get(name, "")) > limit), "")
    if not line.known.get("name", "").strip():
        found.problem = NO_NAME
    elif line.day is None:
        found.problem = NO_DAY
    elif line.day > local_day(at=at):
        found.problem = FUTURE
    elif long:
        found.problem = TOO_LONG
    elif len(named) != 1:
        found.problem = TWO_AGENTS if named else NO_AGENT
    else:
        found.agent = named[0]
        known = line.known
        found.proofs = proofs_of(
            site=site, at=at, name=known.get("name", ""), surname=known.get("surname", ""),
            phones=known.get("contact", ""), car_brand=known.get("car_brand", ""), plate=known.get("plate", ""),
        )  # fmt: skip
    return found


def _find_sides(*, site: Site, judged: Sequence[Judged]) -> None:
    """Compare the good lines with the book and with one another."""
    good = [one for one in judged if one.agent is not None]
    held = entries_sharing(site=site, proofs=frozenset().union(*(one.proofs for one in good)))
    with_proof: dict[str, list[Entry]] = defaultdict(list)
    for conflict in held:
        for key in conflict.proofs:
            with_proof[key].append(conflict.entry)
    lines_with: dict[str, list[Judged]] = defaultdict(list)
    written: dict[tuple[object, ...], Judged] = {}
    for one in good:
        same = _same(day=one.line.day, agent_id=one.agent.pk if one.agent else 0, known=one.line.known)
        entries = {entry.pk: entry for key in one.proofs for entry in with_proof[key]}
        one.is_there = same in written or any(_same_entry(entry) == same for entry in entries.values())
        written.setdefault(same, one)
        for key in one.proofs:
            lines_with[key].append(one)
    for one in good:
        one.sides = [*_in_book(one=one, with_proof=with_proof), *_in_file(one=one, lines_with=lines_with)]


def _same(*, day: date | None, agent_id: int, known: Mapping[str, str]) -> tuple[object, ...]:
    return day, agent_id, known.get("name", "").strip(), known.get("contact", "").strip()


def _same_entry(entry: Entry) -> tuple[object, ...]:
    return entry.day, entry.agent_id, entry.name, entry.contact


def _in_book(*, one: Judged, with_proof: Mapping[str, list[Entry]]) -> list[Side]:
    found: dict[int, tuple[Entry, set[str]]] = {}
    for key in one.proofs:
        for entry in with_proof[key]:
            if one.agent is not None and entry.agent_id != one.agent.pk:
                found.setdefault(entry.pk, (entry, set()))[1].add(key.partition(":")[0])
    return [
        Side(agent=entry.agent.name, entry=entry.number, day=entry.day, keys=tuple(sorted(keys)))
        for _pk, (entry, keys) in sorted(found.items())
    ]


def _in_file(*, one: Judged, lines_with: Mapping[str, list[Judged]]) -> list[Side]:
    found: dict[int, tuple[Judged, set[str]]] = {}
    for key in one.proofs:
        for other in lines_with[key]:
            if other.agent != one.agent:
                found.setdefault(other.line.row, (other, set()))[1].add(key.partition(":")[0])
    return [
        Side(agent=other.agent.name, row=row, day=other.line.day, keys=tuple(sorted(keys)))
        for row, (other, keys) in sorted(found.items())
        if other.agent is not None and other.line.day is not None
    ]


@transaction.atomic
def bring_in(*, actor: Actor, project: Project, lines: Sequence[Line], at: datetime) -> list[Judged]:
    """Write the good lines of a book as entries that stand since the day each names; one event (J-04, J-05, J-29).

    Lines with a problem, and those that stand in the book already, are left out and told. Visits that were registered
    before their customer's older entry came in are found and decided anew. Raises Forbidden; Refused for whoever does
    not keep the register, and where nothing is left to write.
    """
    demand(actor=actor, permission=SEE_ALL)
    demand_keeper(actor=actor, at=at)
    if len(lines) > MOST_LINES:
        raise Refused(gettext_noop("一次最多导入%(most)s条，请分成几份"), field="table", most=MOST_LINES)
    judged = judge_lines(site=actor.site, lines=lines, at=at)
    entries = []
    for one in judged:
        if one.is_fresh and one.agent is not None and one.line.day is not None:
            entries.append(
                write_entry(
                    project=project, book=Entry.Book.VISIT, agent=one.agent, by=actor.staff, at=at, day=one.line.day,
                    is_imported=True, known=one.line.known,
                )
            )  # fmt: skip
    if not entries:
        raise Refused(gettext_noop("没有可以导入的登记"), field="table", rule="J-04")
    for visit in note_later(entries=entries, at=at):
        settle(visit=visit, by=actor.staff, at=at)
    tell(
        record=project, kind="salesdesk.imported", actor=actor, at=at, rule="J-04", count=len(entries),
        conflicts=sum(1 for one in judged if one.is_fresh and one.sides),
        left_out=sum(1 for one in judged if not one.is_fresh),
    )  # fmt: skip
    return judged
