"""Importing the history of another system as complaints: its numbers, times and promises, and no noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import search_texts
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import Resolved, resolve
from yingsheng.kernel.policies.services import keep_versions
from yingsheng.kernel.search.models import Entry
from yingsheng.kernel.search.services import entry_for
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.rules import outcome
from yingsheng.ops.imports.maps import CaseMap
from yingsheng.ops.imports.record import note_import
from yingsheng.ops.imports.tables import ImportReport, Problem, Progress, Within, read_plain, watched
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.rules.clocks import SOLVE

RULE = "C-39"  # "solved within": the rule that a foreign due date is kept under
BATCH = 500
KEPT = gettext_noop("历史导入：时限沿用原系统")


class OnBad(StrEnum):
    """What happens to the file when some rows are bad."""

    REFUSE = "refuse"  # nothing is written
    SKIP = "skip"  # the good rows are written


@dataclass(frozen=True, kw_only=True)
class Record:
    """A row of the other system, understood."""

    row: int
    number: str
    title: str
    body: str
    place: str
    channel: str
    category: str
    caller_name: str
    caller_phone: str
    created_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


def import_cases(
    *,
    site: Site,
    path: Path,
    case_map: CaseMap,
    by: Staff | None,
    at: datetime,
    dry_run: bool = False,
    on_bad: OnBad = OnBad.REFUSE,
    progress: Progress | None = None,
    checking: Progress | None = None,
    within: Within | None = None,
) -> ImportReport:
    """Take over the matters of another system with their own numbers and times.

    Each row becomes a complaint with one promise, the due time it was given there: kept, broken, or still
    running. Nothing is told to anybody and no alarm is set. A closed row without due time has no promise. Bad
    rows (times that cannot be, an open row without due time, a known number) are all reported; `on_bad` says
    whether the others are written. Raises Refused for a file without the mapped columns. One event.
    """
    records, problems, read_count = _read(site=site, path=path, case_map=case_map, checking=checking)
    may_write = not dry_run and records and (not problems or on_bad is OnBad.SKIP)
    written: dict[str, int] = {}
    if may_write:
        with transaction.atomic():
            if progress is not None:
                progress(0, len(records))
            written = _write(
                site=site, records=records, case_map=case_map, file=path.name, by=by, at=at, progress=progress
            )
            if within is not None:
                within(written)
    return ImportReport(
        file=path.name,
        row_count=read_count,
        problems=tuple(problems),
        written=written,
        dry_run=dry_run,
        skipped_count=read_count - len(records) if may_write else 0,
    )


def _read(
    *, site: Site, path: Path, case_map: CaseMap, checking: Progress | None
) -> tuple[list[Record], list[Problem], int]:
    stars, starred = read_plain(path=path)
    header = [_without_star(title) for title in stars]
    lines = [
        (number, {_without_star(title): text for title, text in cells.items()}) for number, cells in starred
    ]
    wanted = [*case_map.columns.values(), *(column for _, column in case_map.body)]
    if missing := [column for column in dict.fromkeys(wanted) if column not in header]:
        raise Refused(gettext_noop("文件里没有这些列：%(columns)s"), field="file", columns="、".join(missing))
    known = set(Case.objects.filter(site=site).values_list("number", flat=True))
    seen: dict[str, int] = {}
    records: list[Record] = []
    problems: list[Problem] = []
    count = 0
    for row, cells in watched(lines, checking):
        count += 1
        reader = _Reader(row=row, cells=cells, case_map=case_map)
        record = reader.record()
        wrong = reader.problems
        number = reader.text("number")
        if number in known:
            wrong.append(reader.problem("number", gettext_noop("编号%(number)s已存在"), number=number))
        elif number in seen:
            wrong.append(reader.problem("number", gettext_noop("与第%(row)s行编号相同"), row=seen[number]))
        seen.setdefault(number, row)
        problems += wrong
        if record is not None and not wrong:
            records.append(record)
    return records, problems, count


def _without_star(title: str) -> str:
    """A header as the map names it: our own form marks what is required with a star."""
    return title.removesuffix("*").rstrip()


class _Reader:
    """Reads one row; what is wrong gathers in `problems`."""

    def __init__(self, *, row: int, cells: Mapping[str, str], case_map: CaseMap) -> None:
        self.row = row
        self.cells = cells
        self.map = case_map
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        """The text of one of our columns, "" where the map names none."""
        return self.cells.get(self.map.columns.get(name, ""), "")

    def problem(self, name: str, reason: str, /, **params: object) -> Problem:
        """A problem with one of our columns, named as in the file."""
        return Problem(row=self.row, column=self.map.columns[name], reason=reason, params=params)

    def wrong(self, name: str, reason: str, /, **params: object) -> None:
        """Note a problem."""
        self.problems.append(self.problem(name, reason, **params))

    def moment(self, name: str) -> datetime | None:
        """A time of the row; None if empty or unreadable, the latter noted."""
        try:
            return self.map.moment(text=self.text(name))
        except ValueError:
            self.wrong(name, gettext_noop("“%(text)s”不是时间"), text=self.text(name))
            return None

    def record(self) -> Record | None:
        """The row as a record, None if something is wrong with it."""
        created_at, due_at, closed_at = (self.moment(name) for name in ("created", "due", "closed"))
        number = self.text("number")
        if not number or len(number) > 40:
            self.wrong("number", gettext_noop("编号要有，且不超过40个字"))
        self._check_status(due_at=due_at, closed_at=closed_at)
        if created_at is None:
            if not self.text("created"):
                self.wrong("created", gettext_noop("没有受理时间"))
            return None
        # compared as moments: across a change to summer time the clock on the wall may run backwards
        if closed_at is not None and closed_at < created_at:
            self.wrong("closed", gettext_noop("办结早于受理"))
        if due_at is not None and due_at < created_at:
            self.wrong("due", gettext_noop("时限早于受理"))
        if self.problems:
            return None
        kind = self.text("title")
        return Record(
            row=self.row,
            number=number,
            title=(kind or number)[:120],
            body="\n".join(
                f"{label}:{self.cells[column]}" for label, column in self.map.body if self.cells[column]
            ),
            place=self.text("place")[:120],
            channel=self.map.channel(text=self.text("channel")),
            category=self.map.category(text=self.text("category") or kind),
            caller_name=self.text("caller_name")[:60],
            caller_phone=self.text("caller_phone")[:24],
            created_at=created_at,
            due_at=due_at,
            closed_at=closed_at,
        )

    def _check_status(self, *, due_at: datetime | None, closed_at: datetime | None) -> None:
        status = self.text("status")
        if status in self.map.closed:
            if closed_at is None and not self.text("closed"):
                self.wrong("closed", gettext_noop("状态是已结，却没有办结时间"))
        elif status in self.map.open:
            if closed_at is not None:
                self.wrong("closed", gettext_noop("状态是未结，却有办结时间"))
            if due_at is None and not self.text("due"):
                self.wrong("due", gettext_noop("未结的事项没有时限，无从提醒"))
        else:
            self.wrong("status", gettext_noop("对照文件里没有状态“%(status)s”"), status=status)


@transaction.atomic
def _write(
    *,
    site: Site,
    records: list[Record],
    case_map: CaseMap,
    file: str,
    by: Staff | None,
    at: datetime,
    progress: Progress | None,
) -> dict[str, int]:
    rule = resolve(rule_id=RULE, site=site, at=at)
    version_id = keep_versions(resolved=[rule], at=at)[rule.rule.id, rule.digest]
    promised = 0
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        cases = Case.objects.bulk_create(
            _case(site=site, record=record, source_system=case_map.source_system) for record in part
        )
        pairs = list(zip(cases, part, strict=True))
        Complaint.objects.bulk_create(_complaint(case=case, record=record) for case, record in pairs)
        promises = list(_promises(site=site, pairs=pairs, rule=rule, version_id=version_id))
        Obligation.objects.bulk_create(promises)
        promised += len(promises)
        Entry.objects.bulk_create(
            entry_for(site_id=site.pk, subject=case, texts=[*search_texts(case=case), record.place])
            for case, record in pairs
        )
        if progress is not None:
            progress(start + len(part), len(records))
    written = {"cases": len(records), "promises": promised}
    note_import(
        site=site,
        what="cases",
        file=file,
        row_count=len(records),
        written=written,
        by=by,
        at=at,
        source=case_map.source_system,
    )
    return written


def _case(*, site: Site, record: Record, source_system: str) -> Case:
    return Case(
        site=site,
        number=record.number,
        process="complaints",
        state="closed" if record.closed_at else "registered",
        title=record.title,
        body=record.body,
        channel=record.channel,
        category=record.category,
        caller_name=record.caller_name,
        caller_phone=record.caller_phone,
        received_at=record.created_at,
        handled_at=record.closed_at,
        closed_at=record.closed_at,
        next_due_at=None if record.closed_at else record.due_at,
        source_system=source_system,
    )


def _complaint(*, case: Case, record: Record) -> Complaint:
    return Complaint(case=case, place=record.place, replied_at=record.closed_at)


def _promises(
    *, site: Site, pairs: list[tuple[Case, Record]], rule: Resolved, version_id: int
) -> Iterator[Obligation]:
    """The promise of each record that was given one; a running one is shown but never rings."""
    for case, record in pairs:
        if record.due_at is None:
            continue
        state = (
            outcome(due_at=record.due_at, met_at=record.closed_at)
            if record.closed_at
            else Obligation.State.ARMED
        )
        yield Obligation(
            site=site,
            subject_type=case._meta.label_lower,
            subject_id=case.pk,
            milestone=SOLVE,
            rule=rule.rule.id,
            version_id=version_id,
            clause="; ".join(rule.rule.source)[:200],
            responsible_role="CS_SUP",
            amount=int((record.due_at - record.created_at).total_seconds() // 60),
            unit="minutes",
            calendar="always",
            starts_at=record.created_at,
            first_due_at=record.due_at,
            due_at=record.due_at,
            next_alarm_at=None,
            state=state,
            ended_at=record.closed_at,
            reason=KEPT,
        )
