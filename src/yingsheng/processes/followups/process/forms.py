"""The forms of the follow-up desk: arranging, recording, exempting, ordered calls, analysis."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N

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
                Field(
                    name="no_visit_reason",
                    kind=Kind.LINE,
                    label=N("没有上门的原因"),
                    hint=N("只打电话的要写明"),
                    max_length=200,
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
                    rules=("F-09", "F-20"),
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

ORDER = FormSpec(
    name="call_order",
    title=N("交办电话"),
    verb=N("交办"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="kind",
                    kind=Kind.CHOICE,
                    label=N("什么电话"),
                    choices=(("leader", N("领导交办回访")), ("notice", N("活动通知电话"))),
                    required=True,
                    rules=("F-15",),
                ),
                Field(name="number", kind=Kind.LINE, label=N("事项编号"), max_length=40, rules=("F-15",)),
                Field(name="room", kind=Kind.ROOM, label=N("或房号"), max_length=40, rules=("F-15",)),
                Field(
                    name="text",
                    kind=Kind.TEXT,
                    label=N("要问什么、通知什么"),
                    required=True,
                    max_length=1000,
                    rules=("F-15",),
                ),
                Field(
                    name="plan",
                    kind=Kind.LINE,
                    label=N("活动方案"),
                    hint=N("通知电话必填"),
                    max_length=120,
                    rules=("F-15",),
                ),
                Field(
                    name="assigned", kind=Kind.STAFF, label=N("谁打"), hint=N("不填由前台打"), rules=("F-15",)
                ),
                Field(name="due_at", kind=Kind.MOMENT, label=N("什么时候前报结果"), rules=("F-15",)),
            ),
        ),
    ),
)
CALL = FormSpec(
    name="call_record",
    title=N("通话结果"),
    verb=N("记下并上报"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="result",
                    kind=Kind.CHOICE,
                    label=N("打通了吗"),
                    choices=(
                        ("reached", N("已通话")),
                        ("again", N("没打通，再打")),
                        ("given_up", N("打不通，结束")),
                    ),
                    required=True,
                    rules=("F-15",),
                ),
                Field(
                    name="outcome",
                    kind=Kind.TEXT,
                    label=N("结果"),
                    required=True,
                    max_length=1000,
                    rules=("F-15",),
                ),
            ),
        ),
    ),
)
ANALYSE = FormSpec(
    name="follow_up_analysis",
    title=N("回访分析"),
    verb=N("签认分析"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="conclusion",
                    kind=Kind.TEXT,
                    label=N("看出什么，要改什么，要培训什么"),
                    required=True,
                    max_length=2000,
                    rules=("F-20", "F-22"),
                ),
                Field(
                    name="reason",
                    kind=Kind.LINE,
                    label=N("更正原因"),
                    hint=N("第一次签认不用填"),
                    rules=("F-22",),
                ),
            ),
        ),
    ),
)

KINDS = (
    ("event", N("文体活动")),
    ("other", N("其他管理服务")),
    ("survey_dissatisfied", N("调查不满意户")),
    ("survey_rectified", N("调查整改项")),
    ("key_customer", N("重点客户")),
)
INTAKE = FormSpec(
    name="visit_matter",
    title=N("登记回访事项"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="title",
                    kind=Kind.LINE,
                    label=N("回访什么"),
                    required=True,
                    max_length=120,
                    example=N("中秋游园会"),
                    rules=("F-05", "F-06"),
                ),
                Field(
                    name="kind",
                    kind=Kind.CHOICE,
                    label=N("哪一类"),
                    choices=KINDS,
                    required=True,
                    rules=("F-05", "F-06", "F-19", "F-25"),
                ),
                Field(
                    name="finished_date",
                    kind=Kind.DATE,
                    label=N("完成日期"),
                    hint=N("活动结束、服务完成、调查或整改的那一天"),
                    required=True,
                    rules=("F-05", "F-06"),
                ),
                Field(
                    name="rooms",
                    kind=Kind.TEXT,
                    label=N("参加的房号"),
                    hint=N("一户就留空，按来人的房号；多户每行一个，可从名单粘贴"),
                    max_length=4000,
                    rules=("F-05", "F-07"),
                ),
                Field(
                    name="percent",
                    kind=Kind.PERCENT,
                    label=N("回访比例"),
                    hint=N("不填按规程"),
                    minimum=1,
                    maximum=100,
                    rules=("F-07",),
                ),
                Field(
                    name="outcome",
                    kind=Kind.TEXT,
                    label=N("做了什么、结果如何"),
                    max_length=2000,
                    rules=("F-19", "F-20"),
                ),
                Field(name="department", kind=Kind.DEPARTMENT, label=N("责任部门"), rules=("F-22",)),
                Field(name="body", kind=Kind.TEXT, label=N("详情"), max_length=2000),
            ),
        ),
    ),
)
RECTIFY = FormSpec(
    name="visit_rectify",
    title=N("整改完成"),
    verb=N("整改完成，再次回访"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="rectified",
                    kind=Kind.TEXT,
                    label=N("整改了什么"),
                    required=True,
                    max_length=2000,
                    rules=("F-11", "F-19"),
                ),
            ),
        ),
    ),
)
WITHDRAW = FormSpec(
    name="visit_withdraw",
    title=N("撤销登记"),
    verb=N("撤销"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="reason", kind=Kind.LINE, label=N("撤销原因"), required=True, rules=("F-07",)),
            ),
        ),
    ),
)
ACCEPT = FormSpec(name="visit_plan", title=N("回访计划"), verb=N("接受计划，安排到人"), fieldsets=())
