"""The contact register and enquiries as declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, State, Step
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.enquiries import services

CHANNELS = (
    ("phone", N("来电")),
    ("visit", N("来访")),
    ("letter", N("来信")),
    ("fax", N("传真")),
    ("email", N("电子邮件")),
)
KINDS = (("enquiry", N("咨询")), ("suggestion", N("建议")), ("praise", N("表扬")))
DECISIONS = (("adopted", N("采纳")), ("improve", N("制订改进方案")), ("declined", N("暂不采纳")))

INTAKE = FormSpec(
    name="enquiry",
    title=N("登记咨询建议"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="title",
                    kind=Kind.LINE,
                    label=N("问什么"),
                    required=True,
                    max_length=120,
                    rules=("B-04",),
                ),
                Field(
                    name="answer",
                    kind=Kind.TEXT,
                    label=N("当场答复"),
                    hint=N("当场答不了就留空，约定答复时间"),
                    rules=("B-02", "B-03"),
                ),
                Field(name="agreed_at", kind=Kind.MOMENT, label=N("约定答复时间"), rules=("B-02",)),
                Field(
                    name="kind",
                    kind=Kind.CHOICE,
                    label=N("性质"),
                    choices=KINDS,
                    required=True,
                    rules=("B-08", "B-17"),
                ),
                Field(
                    name="channel",
                    kind=Kind.CHOICE,
                    label=N("来源"),
                    choices=CHANNELS,
                    required=True,
                    rules=("B-04",),
                ),
                Field(name="body", kind=Kind.TEXT, label=N("详情"), max_length=2000),
                Field(
                    name="rings",
                    kind=Kind.INTEGER,
                    label=N("铃响几声接起"),
                    minimum=1,
                    maximum=30,
                    rules=("B-06",),
                ),
            ),
        ),
    ),
)
ANSWER = FormSpec(
    name="enquiry_answer",
    title=N("答复"),
    verb=N("记下答复"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="answer", kind=Kind.TEXT, label=N("答复内容"), required=True, rules=("B-03",)),
            ),
        ),
    ),
)
DECIDE = FormSpec(
    name="enquiry_decide",
    title=N("建议处理"),
    verb=N("决定"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="decision",
                    kind=Kind.CHOICE,
                    label=N("决定"),
                    choices=DECISIONS,
                    required=True,
                    rules=("B-08",),
                ),
                Field(name="answer", kind=Kind.TEXT, label=N("给住户的答复"), required=True, rules=("B-08",)),
            ),
        ),
    ),
)


def _open(*, actor: Any, caller: Any, at: Any, answer: str = "", title: str = "", **fields: Any) -> Any:
    """Answered at once: a line in the register, returned as it is. Otherwise a case with a promise."""
    if answer.strip():
        return services.answer_at_once(
            site=actor.site,
            caller=caller,
            channel=fields["channel"],
            reason=title,
            answer=answer,
            rings=fields.get("rings"),
            by=actor.staff,
            at=at,
        )
    return services.promise_answer(
        site=actor.site, caller=caller, title=title, by=actor.staff, at=at, **fields
    )


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _describe(case: Any) -> list[tuple[str, Any]]:
    enquiry = case.enquiry
    rows: list[tuple[str, Any]] = [(N("性质"), _(enquiry.get_kind_display()))]
    if enquiry.agreed_at:
        rows.append((N("约定答复时间"), enquiry.agreed_at))
    if enquiry.answer:
        rows.append((N("答复"), enquiry.answer))
    return rows


def _only_decided(case: Any) -> tuple[str, str] | None:
    return (N("建议要先决定是否采纳，再答复"), "B-08") if case.category == "suggestion" else None


def _no_suggestion(case: Any) -> tuple[str, str] | None:
    return None if case.category == "suggestion" else (N("这不是建议"), "B-08")


ENQUIRIES = Process(
    code="enquiries",
    title=N("咨询建议"),
    module="B",
    number_prefix="ZX",
    permissions=(
        Permission(code="enquiries.see", label=N("查看来电来访登记")),
        Permission(code="enquiries.register", label=N("登记来电来访")),
        Permission(code="enquiries.answer", label=N("答复咨询")),
        Permission(code="enquiries.decide", label=N("决定是否采纳建议")),
    ),
    states=(
        State(code="open", label=N("待答复"), tone="waiting"),
        State(code="answered", label=N("已答复"), tone="met", final=True),
    ),
    steps=(
        Step(
            code="answer",
            label=N("答复"),
            permission="enquiries.answer",
            sources=("open",),
            targets=("answered",),
            form=ANSWER,
            run=_by(services.answer_enquiry),
            rules=("B-02", "B-03", "B-07"),
            blocked=_only_decided,
            main=True,
        ),
        Step(
            code="decide",
            label=N("建议处理"),
            permission="enquiries.decide",
            sources=("open",),
            targets=("answered",),
            form=DECIDE,
            run=_by(services.decide_suggestion),
            rules=("B-08",),
            blocked=_no_suggestion,
        ),
    ),
    menu=(
        MenuEntry(
            group=N("接待"),
            label=N("接待台"),
            icon="headset",
            url_name="enquiries:reception",
            permission="enquiries.register",
            order=20,
            hotkey="r",
        ),
        MenuEntry(
            group=N("接待"),
            label=N("来电来访登记"),
            icon="notebook",
            url_name="enquiries:contacts",
            permission="enquiries.see",
            order=21,
        ),
        MenuEntry(
            group=N("事项"),
            label=N("咨询建议"),
            icon="help",
            url_name="enquiries:list",
            permission="enquiries.see",
            order=31,
        ),
    ),
    milestones=(Milestone(code="reply", label=N("答复")),),
    complete_modules=(),
    intake=INTAKE,
    open=_open,
    intake_permission="enquiries.register",
    hotkey="q",
    describe=_describe,
)
