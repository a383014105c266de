"""What would apply to a complaint: class, clocks, who is told, how to reply; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import adopted_preset, resolve
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.worktime.arithmetic import Due, due_at
from yingsheng.processes.complaints.rules.answering import decide_reply, decide_tell, dissatisfied_path
from yingsheng.processes.complaints.rules.classify import Severity, Validity, decide_severity, decide_validity
from yingsheng.processes.complaints.rules.clocks import NIGHT, SOLVE, Clock, decide_clocks, extension_rule
from yingsheng.processes.complaints.rules.departments import proposed_department
from yingsheng.processes.complaints.rules.facts import (
    DEMAND,
    SEVERITIES,
    Facts,
    Figure,
    Figures,
    known,
    stated,
)
from yingsheng.processes.complaints.rules.helping import next_help

MODULE = "C"
MODEL_RULES = {"V1": "C-18", "V2": "C-19", "V3": "C-20"}


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """A complaint as somebody imagines it; everything but the moment may be left open.

    `cause` decides the validity by the adopted model, `validity` states it outright. The severity is the gravest of
    the one named and the one its facts give. `preset` is the regulation to suppose instead of the adopted one.
    """

    received_at: datetime
    category: str = ""
    cause: str = ""
    wants_help: bool = True
    validity: str = ""
    severity: str = ""
    our_fault: bool = False
    promise_broken: bool = False
    times_raised: int = 1
    loss_fen: int = 0
    injury: bool = False
    unsolved_a_month: bool = False
    complex: bool = False
    written: bool = False
    by_email: bool = False
    group: bool = False
    in_group: bool = False
    on_spot: bool = False
    heard_elsewhere: bool = False
    night: bool = False
    forwarded_by_hq: bool = False
    has_home: bool = True
    household_limit_at: datetime | None = None
    classified_at: datetime | None = None
    severity_since: datetime | None = None
    contacted_at: datetime | None = None
    agreed_reply_at: datetime | None = None
    handled_at: datetime | None = None
    heard_at: datetime | None = None
    dispatched_at: datetime | None = None
    forwarded_at: datetime | None = None
    handed_up_at: datetime | None = None
    preset: str = ""


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A rule that was applied: its ID, its clause and our sentence about it in the two languages."""

    rule: str
    clause: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class ExplainedClock:
    """A clock that would run: until when, for which post, by which rule; who alone could extend it."""

    milestone: str
    role: str
    amount: int
    unit: str
    starts_at: datetime
    due_at: datetime
    agreed: bool  # the moment was agreed with the household, the figure was not counted
    advisory: bool  # a goal: whoever misses it is not late
    cited: Cited
    extended_by: str = ""
    extension: Cited | None = None


@dataclass(frozen=True, kw_only=True)
class ExplainedTell:
    """A post that would be told."""

    role: str
    cited: Cited


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """All that would apply. `validity` and `severity` are None while they are open.

    `converted` means it is a demand and no complaint: it is taken up elsewhere and no clock runs.
    `missing_years` are years whose holidays the calendar does not know: due times in them are uncertain.
    """

    preset: str
    validity: Validity | None
    validity_cited: Cited | None
    severity: Severity | None
    severity_cited: Cited | None
    converted: bool
    clocks: tuple[ExplainedClock, ...]
    tells: tuple[ExplainedTell, ...]
    reply_required: tuple[str, ...]
    reply_another_besides_writing: bool
    reply_preferred: str
    reply_cited: tuple[Cited, ...]
    dissatisfied_path: str
    missing_years: tuple[int, ...]
    department: str  # the code of the department the site's table names for the category (C-27)


def figures_under(*, site: Site, at: datetime, preset: str = "") -> Figures:
    """Looks figures up as they apply at this site at this moment, or would under another preset."""

    def look(path: str) -> Figure | None:
        rule_id, _, name = path.partition(".")
        resolved = resolve(rule_id=rule_id, site=site, at=at, preset=preset)
        value = resolved[name]
        if value is None:
            return None
        return Figure(path=path, value=value, unit=resolved.rule.parameter(name).unit)

    return look


def explain_complaint(*, site: Site, at: datetime, supposed: Supposed) -> Explanation:
    """What the rules in force at `at` say about a supposed complaint: one query (the calendar), nothing written.

    Refused for a preset that the complaint rules do not have. Rules C-12 … C-67, F-13, X-05.
    """
    if supposed.preset and supposed.preset not in {one.id for one in load_book().presets_of(MODULE)}:
        raise Refused(gettext_noop("投诉规程没有这个方案"), code="unknown", field="preset")
    figures = figures_under(site=site, at=at, preset=supposed.preset)
    validity = _validity(supposed=supposed, figures=figures)
    severity = _severity(supposed=supposed, figures=figures, validity=validity)
    converted = validity is not None and validity.code == DEMAND
    facts = _facts(supposed=supposed, validity=validity, severity=severity)
    above = next_help(facts=facts, figures=figures, asked="") if supposed.handed_up_at else None
    if above is not None:
        facts = replace(facts, handed_up_at=supposed.handed_up_at, handed_up_to=above.role)
    calendars = SiteCalendars(site_id=site.pk)
    cite = _citer()
    clocks = () if converted else decide_clocks(facts=facts, figures=figures)
    dues = [_due(clock=clock, calendars=calendars) for clock in clocks]
    tells = () if converted else decide_tell(facts=facts, figures=figures, has_home=supposed.has_home)
    reply = decide_reply(facts=facts, figures=figures)
    return Explanation(
        preset=supposed.preset or adopted_preset(site=site, module=MODULE, at=at),
        validity=validity,
        validity_cited=cite(validity.rule) if validity else None,
        severity=severity,
        severity_cited=cite(severity.rule) if severity else None,
        converted=converted,
        clocks=tuple(
            _explained(clock=clock, due=due, facts=facts, figures=figures, cite=cite)
            for clock, due in zip(clocks, dues, strict=True)
        ),
        tells=tuple(ExplainedTell(role=tell.role, cited=cite(tell.rule)) for tell in tells),
        reply_required=tuple(sorted(reply.required)),
        reply_another_besides_writing=reply.another_besides_writing,
        reply_preferred=reply.preferred,
        reply_cited=tuple(cite(rule) for rule in reply.rules),
        dissatisfied_path=dissatisfied_path(figures=figures),
        missing_years=tuple(sorted({year for due in dues for year in due.missing_years})),
        department=proposed_department(category=supposed.category, figures=figures),
    )


def _validity(*, supposed: Supposed, figures: Figures) -> Validity | None:
    model = stated(figures, "C-18.validity_model")
    if supposed.cause:
        return decide_validity(model=model, cause=supposed.cause, wants_help=supposed.wants_help)
    if supposed.validity:
        return Validity(code=supposed.validity, detail=supposed.validity, rule=MODEL_RULES[model])
    return None


def _severity(*, supposed: Supposed, figures: Figures, validity: Validity | None) -> Severity | None:
    """Like classifying: the gravest of the definitions and the one named; open until the class is known."""
    threshold = known(figures, "F-13.loss_threshold_fen")
    by_facts = decide_severity(
        figures=figures,
        promise_broken=supposed.promise_broken,
        times_raised=supposed.times_raised,
        major_loss=threshold is not None and supposed.loss_fen >= int(threshold),
        injury=supposed.injury,
        our_fault=supposed.our_fault,
        unsolved_a_month=supposed.unsolved_a_month,
    )
    if validity is None and by_facts.reason == "limits" and not supposed.severity:
        return None
    if not supposed.severity or SEVERITIES.index(supposed.severity) <= SEVERITIES.index(by_facts.code):
        return by_facts
    rule = {"serious": "C-22", "major": "C-21"}[supposed.severity]
    return Severity(code=supposed.severity, rule=rule, reason="raised")


def _facts(*, supposed: Supposed, validity: Validity | None, severity: Severity | None) -> Facts:
    return Facts(
        received_at=supposed.received_at,
        validity=validity.code if validity else "",
        severity=severity.code if severity else "",
        classified_at=supposed.classified_at,
        severity_since=supposed.severity_since,
        on_spot=supposed.on_spot,
        heard_elsewhere=supposed.heard_elsewhere,
        night=supposed.night,
        complex=supposed.complex,
        written=supposed.written,
        by_email=supposed.by_email,
        group=supposed.group,
        in_group=supposed.in_group,
        forwarded_by_hq=supposed.forwarded_by_hq,
        household_limit_at=supposed.household_limit_at,
        agreed_reply_at=supposed.agreed_reply_at,
        contacted_at=supposed.contacted_at,
        handled_at=supposed.handled_at,
        heard_at=supposed.heard_at,
        sent=bool(supposed.dispatched_at or supposed.forwarded_at),
        dispatched_at=supposed.dispatched_at,
        outside_told_at=supposed.forwarded_at,
    )


def _due(*, clock: Clock, calendars: SiteCalendars) -> Due:
    if clock.fixed_due_at is not None:
        return Due(at=clock.fixed_due_at)
    unit = clock.figure.unit
    counted = calendars.counting(unit=unit)
    return due_at(start=clock.starts_at, amount=int(clock.figure.value), unit=unit, calendar=counted)


def _explained(
    *, clock: Clock, due: Due, facts: Facts, figures: Figures, cite: Callable[[str], Cited]
) -> ExplainedClock:
    allowed = extension_rule(severity=facts.severity, figures=figures) if clock.milestone == SOLVE else None
    return ExplainedClock(
        milestone=clock.milestone,
        role=clock.role,
        amount=int(clock.figure.value),
        unit=clock.figure.unit,
        starts_at=clock.starts_at,
        due_at=due.at,
        agreed=clock.fixed_due_at is not None and clock.milestone != NIGHT,
        advisory=clock.advisory,
        cited=cite(clock.figure.rule),
        extended_by=allowed.role if allowed else "",
        extension=cite(allowed.rule) if allowed else None,
    )


def _citer() -> Callable[[str], Cited]:
    rules = load_book().rules

    def cite(rule_id: str) -> Cited:
        rule = rules[rule_id]
        return Cited(rule=rule.id, clause="; ".join(rule.source), zh=rule.text["zh"], en=rule.text["en"])

    return cite
