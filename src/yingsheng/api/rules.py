"""The rule book: every rule with its source, its words in both languages, and the figures in force at the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictBool, StrictInt

from yingsheng.api.fields import MomentIn, MomentOut, Shape, text_of
from yingsheng.api.paging import PageQuery, page_by_number, read_cursor
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.book import SILENT, Preset, Rule, RuleConflict, load_book
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.policies.services import adopt_preset, override_parameter


class Words(Shape):
    """A text in Chinese and English."""

    zh: str
    en: str


class RuleLine(Shape):
    """A rule: its clause, and one sentence of our own about what it asks."""

    id: str
    module: str
    source: list[str]
    text: Words
    in_force: bool


class RulePage(Shape):
    """A page of the rule book, in the order of the book."""

    items: list[RuleLine]
    next: str | None


class ParameterOut(Shape):
    """A figure: `value` as it applies now (null where the adopted regulation is silent), `book_value` as published.

    `tag` is I (inferred) or G (gap) where the sources do not state it plainly.
    """

    name: str
    label: Words
    unit: str
    value: Any
    book_value: Any
    tag: str


class PresetOut(Shape):
    """The regulation a site follows for a module."""

    id: str
    title: Words
    source: str


class VariantOut(Shape):
    """One side of a conflict."""

    key: str
    source: str
    text: Words
    preset: str


class ConflictOut(Shape):
    """Where regulations disagree, what is proposed, and the sides."""

    id: str
    subject: Words
    default: Words
    variants: list[VariantOut]


class RuleOut(RuleLine):
    """A rule with its figures, the preset in force and its conflicts; `version` is the fingerprint promises keep."""

    parameters: list[ParameterOut]
    preset: PresetOut | None
    presets: list[PresetOut]
    conflicts: list[ConflictOut]
    version: str


class RuleFilters(PageQuery):
    """Which rules."""

    module: str = Field("", max_length=2, description="a letter of the catalogue: C, F, B …")
    in_force: bool | None = None


class AdoptIn(Body):
    """The regulation to follow from a moment on; without one, from now."""

    preset: text_of(limit=20, required=True)  # type: ignore[valid-type]
    active_from: MomentIn | None = None
    reason: text_of(limit=200) = ""  # type: ignore[valid-type]


class AdoptionOut(Shape):
    """What was adopted, and from when."""

    module: str
    preset: str
    active_from: MomentOut


class OverrideIn(Body):
    """Another value for a figure: null returns to the preset's, "silent" makes the rule ask nothing."""

    value: StrictInt | StrictBool | text_of(limit=60, required=True) | None  # type: ignore[valid-type]
    active_from: MomentIn | None = None
    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class OverrideOut(Shape):
    """The value of a figure from a moment on."""

    rule: str
    name: str
    value: int | bool | str | None
    active_from: MomentOut


def list_rules(request: ApiRequest, filters: Query[RuleFilters]) -> RulePage:
    """The rules in the order of the book."""
    request.auth.demand(Allow.SEE_RULES)
    place = read_cursor(text=filters.cursor)
    start = place.id + 1 if place is not None else 0
    chosen = [
        (number, rule)
        for number, rule in enumerate(load_book().rules.values())
        if number >= start
        and (not filters.module or rule.module == filters.module)
        and (filters.in_force is None or rule.in_force == filters.in_force)
    ]
    found, following = page_by_number(
        rows=chosen[: filters.limit + 1], number=lambda item: int(item[0]), limit=filters.limit
    )
    return RulePage(items=[RuleLine(**_line(rule)) for _number, rule in found], next=following)


def show_rule(request: ApiRequest, id: str) -> RuleOut:
    """One rule as it applies at the site now."""
    session = request.auth
    session.demand(Allow.SEE_RULES)
    book = load_book()
    rule = book.rules.get(id)
    if rule is None:
        raise not_found()
    resolved = resolve(rule_id=rule.id, site=session.actor.site, at=session.now)
    preset = book.presets.get(resolved.preset)
    return RuleOut(
        **_line(rule),
        parameters=[
            ParameterOut(
                name=one.name,
                label=Words(**one.label),
                unit=one.unit,
                value=resolved[one.name],
                book_value=one.value,
                tag=one.tag,
            )
            for one in rule.parameters
        ],
        preset=_preset(preset) if preset is not None else None,
        presets=[_preset(one) for one in book.presets_of(rule.module)],
        conflicts=[_conflict(book.conflicts[one]) for one in rule.conflicts if one in book.conflicts],
        version=resolved.digest,
    )


def adopt(request: ApiRequest) -> HttpResponse:
    """Follow another regulation for its module; promises already made keep theirs."""
    session = request.auth
    session.demand(Allow.ADOPT_RULES)
    sent = read_body(request=request, model=AdoptIn)

    def run() -> Reply:
        row = adopt_preset(
            site=session.actor.site,
            preset=sent.preset,
            active_from=sent.active_from or session.now,
            reason=sent.reason,
            by=session.actor.staff,
            at=session.now,
        )
        return Reply(
            status=201, body=AdoptionOut(module=row.module, preset=row.preset, active_from=row.active_from)
        )

    return accept(request=request, run=run)


def override(request: ApiRequest, id: str, name: str) -> HttpResponse:
    """Use another value for one figure from a moment on; figures that are lists are changed on their page."""
    session = request.auth
    rule = load_book().rules.get(id)
    parameter = next((one for one in rule.parameters if one.name == name), None) if rule is not None else None
    if rule is None or parameter is None:
        raise not_found()
    session.demand(Allow.ADOPT_RULES)
    sent = read_body(request=request, model=OverrideIn)
    value = sent.value
    if value is not None and value != SILENT and type(value) is not type(parameter.value):
        raise unknown(field="value", text=N("这个参数不能是这种值"))

    def run() -> Reply:
        row = override_parameter(
            site=session.actor.site,
            path=f"{rule.id}.{parameter.name}",
            value=value,
            active_from=sent.active_from or session.now,
            reason=sent.reason,
            by=session.actor.staff,
            at=session.now,
        )
        return Reply(
            status=201,
            body=OverrideOut(rule=rule.id, name=parameter.name, value=row.value, active_from=row.active_from),
        )

    return accept(request=request, run=run)


def rule_router() -> Router:
    """The operations on the rule book."""
    router = Router(tags=["rules"])
    router.get("/rules", response=RulePage, operation_id="list_rules")(list_rules)
    # before /rules/{id}, which would take "adoptions" for an id
    router.post(
        "/rules/adoptions",
        response={201: AdoptionOut},
        operation_id="adopt_preset",
        openapi_extra=body_doc(AdoptIn),
    )(adopt)
    router.post(
        "/rules/{id}/parameters/{name}",
        response={201: OverrideOut},
        operation_id="override_parameter",
        openapi_extra=body_doc(OverrideIn),
    )(override)
    router.get("/rules/{id}", response=RuleOut, operation_id="show_rule")(show_rule)
    return router


def _line(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "module": rule.module,
        "source": list(rule.source),
        "text": Words(**rule.text),
        "in_force": rule.in_force,
    }


def _preset(preset: Preset) -> PresetOut:
    return PresetOut(id=preset.id, title=Words(**preset.title), source=preset.source)


def _conflict(conflict: RuleConflict) -> ConflictOut:
    return ConflictOut(
        id=conflict.id,
        subject=Words(**conflict.subject),
        default=Words(**conflict.default),
        variants=[
            VariantOut(key=one.key, source=one.source, text=Words(**one.text), preset=one.preset)
            for one in conflict.variants
        ],
    )
