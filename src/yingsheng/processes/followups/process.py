"""The follow-up desk as declared: forms, permissions, menu."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, Related
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.followups.models import FollowUp

GRADES = (("4", N("非常满意")), ("3", N("满意")), ("2", N("不太满意")), ("1", N("很不满意")))
MODES = (("visit", N("上门")), ("face", N("面谈")), ("phone", N("电话")))

ARRANGE = FormSpec(
    name="follow_up_arrange",
    title=N("约定回访"),
    verb=N("约定"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="appointment_at",
                    kind=Kind.MOMENT,
                    label=N("住户方便的时间"),
                    required=True,
                    rules=("F-23",),
                ),
                Field(name="assigned", kind=Kind.STAFF, label=N("谁去"), required=True, rules=("F-14",)),
                Field(name="note", kind=Kind.LINE, label=N("备注"), rules=("F-23",)),
            ),
        ),
    ),
)
VISIT = FormSpec(
    name="follow_up_visit",
    title=N("回访记录"),
    verb=N("回访签认"),
    fieldsets=(
        Fieldset(
            legend=N("回访"),
            fields=(
                Field(name="visitor_one", kind=Kind.STAFF, label=N("回访人"), required=True, rules=("F-08",)),
                Field(name="visitor_two", kind=Kind.STAFF, label=N("同去的人"), rules=("F-08", "F-13")),
                Field(
                    name="mode",
                    kind=Kind.CHOICE,
                    label=N("方式"),
                    choices=MODES,
                    required=True,
                    rules=("F-10",),
                ),
            ),
        ),
        Fieldset(
            legend=N("评价"),
            fields=(
                Field(
                    name="quality",
                    kind=Kind.CHOICE,
                    label=N("质量"),
                    choices=GRADES,
                    required=True,
                    rules=("F-09",),
                ),
                Field(
                    name="effect",
                    kind=Kind.CHOICE,
                    label=N("效果"),
                    choices=GRADES,
                    required=True,
                    rules=("F-09",),
                ),
                Field(
                    name="satisfaction",
                    kind=Kind.CHOICE,
                    label=N("满意程度"),
                    choices=GRADES,
                    required=True,
                    rules=("F-09",),
                ),
                Field(
                    name="shortcomings",
                    kind=Kind.TEXT,
                    label=N("缺点与不足"),
                    max_length=1000,
                    rules=("F-09",),
                ),
                Field(
                    name="suggestions", kind=Kind.TEXT, label=N("业主建议"), max_length=1000, rules=("F-09",)
                ),
                Field(
                    name="satisfied",
                    kind=Kind.CHOICE,
                    label=N("结果"),
                    choices=(("yes", N("满意，可以结束")), ("no", N("不满意，整改后再访"))),
                    required=True,
                    rules=("F-11",),
                ),
                Field(name="summary", kind=Kind.TEXT, label=N("小结"), max_length=1000, rules=("F-10",)),
                Field(name="signed_by", kind=Kind.LINE, label=N("签名人"), max_length=60, rules=("F-10",)),
                Field(name="signature", kind=Kind.SIGNATURE, label=N("住户签名"), rules=("F-10",)),
            ),
        ),
    ),
)
EXEMPT = FormSpec(
    name="follow_up_exempt",
    title=N("免访"),
    verb=N("免访"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="reason", kind=Kind.LINE, label=N("免访原因"), required=True, rules=("F-07",)),
            ),
        ),
    ),
)


def _related(case: Any) -> list[Related]:
    """The visits owed or made about a case, on its page."""
    return [
        Related(
            title=_("回访"),
            icon="phone-check",
            text=_("第%(round)s次 · %(state)s · %(due)s前")
            % {
                "round": row.round,
                "state": _(row.get_state_display()),
                "due": timezone.localtime(row.due_at).strftime("%Y-%m-%d"),
            },
            url_name="followups:visit",
            url_args=(row.pk,),
        )
        for row in FollowUp.objects.filter(case=case).order_by("round")
    ]


FOLLOWUPS = Process(
    code="followups",
    title=N("回访"),
    module="F",
    number_prefix="HF",
    permissions=(
        Permission(code="followups.see", label=N("查看回访")),
        Permission(code="followups.arrange", label=N("安排回访")),
        Permission(code="followups.visit", label=N("登记回访")),
        Permission(code="followups.quota", label=N("查看回访率")),
    ),
    menu=(
        MenuEntry(
            group=N("回访"),
            label=N("回访"),
            icon="phone-check",
            url_name="followups:list",
            permission="followups.see",
            order=40,
            hotkey="f",
        ),
    ),
    related=_related,
    milestones=(Milestone(code="follow_up", label=N("回访")),),
)
