"""The forms of the repair desk; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.queries import suggest_prices
from yingsheng.processes.repairs.process import words as w
from yingsheng.processes.repairs.services.money import KINDS as QUOTED_KINDS


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


INTAKE = FormSpec(
    name="repair",
    title=N("报修登记"),
    verb=N("登记报修"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="title",
                    kind=Kind.LINE,
                    label=N("什么坏了"),
                    required=True,
                    max_length=120,
                    example="厨房水龙头滴水",
                    asks="repairs:guess",
                    asks_with=("kind", "trade"),
                    rules=("R-01",),
                ),
                Field(
                    name="kind",
                    kind=Kind.CHOICE,
                    label=N("种类"),
                    required=True,
                    choices=w.KINDS,
                    rules=("R-20", "R-03"),
                ),
                Field(
                    name="place",
                    kind=Kind.LINE,
                    label=N("具体位置"),
                    max_length=120,
                    example="3栋2单元1802，厨房",
                    rules=("R-01",),
                ),
                Field(name="visit_at", kind=Kind.MOMENT, label=N("住户方便上门的时间"), rules=("R-03",)),
                Field(
                    name="channel",
                    kind=Kind.CHOICE,
                    label=N("来源"),
                    required=True,
                    choices=w.CHANNELS,
                    rules=("R-12", "R-21"),
                ),
                Field(
                    name="give",
                    kind=Kind.CHOICE,
                    label=N("马上派单"),
                    choices=w.GIVING,
                    rules=("R-01", "R-11"),
                ),
            ),
        ),
        # folded at the desk: what few callers need stands in nobody's way
        Fieldset(
            legend=N("更多"),
            fields=(
                Field(name="body", kind=Kind.TEXT, label=N("详情"), max_length=2000, rules=("R-01",)),
                Field(
                    name="trade",
                    kind=Kind.CHOICE,
                    label=N("工种"),
                    hint=N("不选就按字句判断"),
                    choices=w.TRADES,
                    rules=("R-21",),
                ),
                Field(
                    name="promised_at",
                    kind=Kind.MOMENT,
                    label=N("答应住户修好的时间"),
                    hint=N("答应了就必须做到"),
                    rules=("R-18",),
                ),
                Field(name="part", kind=Kind.CHOICE, label=N("谁的部位"), choices=w.PARTS, rules=("R-16",)),
                Field(
                    name="is_paid_work",
                    kind=Kind.FLAG,
                    label=N("有偿维修，先报价"),
                    rules=("R-09", "R-15"),
                ),
                Field(
                    name="introduced_to",
                    kind=Kind.STAFF,
                    label=N("引见给谁接待"),
                    hint=N("来访报修用；不填由物业助理接待"),
                    rules=("R-07",),
                ),
                Field(name="is_internal", kind=Kind.FLAG, label=N("公司内部报修"), rules=("R-14",)),
                Field(name="at_once", kind=Kind.FLAG, label=N("夜间能马上处理"), rules=("R-12",)),
                Field(name="no_emergency", kind=Kind.FLAG, label=N("不是突发事件"), rules=("R-22",)),
            ),
        ),
    ),
)

ISSUE = _form(
    "repair_issue",
    N("开派工单"),
    N("派单"),
    Field(
        name="trade",
        kind=Kind.CHOICE,
        label=N("工种"),
        required=True,
        choices=w.TRADES,
        rules=("R-01", "R-21"),
    ),
    Field(name="task", kind=Kind.LINE, label=N("做什么"), required=True, max_length=300, rules=("R-01",)),
    Field(
        name="department",
        kind=Kind.DEPARTMENT,
        label=N("执行部门"),
        rules=("R-01", "R-11"),
    ),
    Field(name="worker", kind=Kind.STAFF, label=N("派给谁"), hint=N("不填就放进抢单池"), rules=("R-11",)),
    Field(name="by_turn", kind=Kind.FLAG, label=N("按轮次派人"), rules=("R-11",)),
    Field(name="outside", kind=Kind.LINE, label=N("外单位"), max_length=80, rules=("R-08",)),
    Field(name="visit_at", kind=Kind.MOMENT, label=N("上门时间"), rules=("R-03",)),
    Field(name="outdoor", kind=Kind.FLAG, label=N("室外作业"), rules=("R-17",)),
)

ASSESS = _form(
    "repair_assess",
    N("责任认定"),
    N("认定并告知"),
    Field(
        name="part", kind=Kind.CHOICE, label=N("谁的部位"), required=True, choices=w.PARTS, rules=("R-16",)
    ),
    Field(
        name="liability",
        kind=Kind.TEXT,
        label=N("责任说明"),
        max_length=1000,
        rules=("R-08", "R-16"),
    ),
    Field(name="other_room", kind=Kind.ROOM, label=N("另一户"), max_length=40, rules=("R-16",)),
)

PLAN = _form(
    "repair_plan",
    N("维修方案"),
    N("定下方案"),
    Field(name="plan", kind=Kind.TEXT, label=N("方案"), required=True, max_length=2000, rules=("R-08",)),
    Field(name="coordinator", kind=Kind.STAFF, label=N("谁协调"), rules=("R-08",)),
    Field(name="promised_at", kind=Kind.MOMENT, label=N("答应修好的时间"), rules=("R-18",)),
)

QUOTE = _form(
    "repair_quote",
    N("报价"),
    N("报给住户"),
    Field(
        name="lines",
        kind=Kind.TEXT,
        label=N("报价明细"),
        required=True,
        hint=N("一行一项：名称 × 数量，价目表里没有的再写 @ 单价"),
        max_length=2000,
        example="角阀 × 2 @ 35",
        suggest=suggest_prices(*QUOTED_KINDS, as_lines=True),
        rules=("R-08", "R-09"),
    ),
    Field(name="note_text", kind=Kind.LINE, label=N("说明"), max_length=300, rules=("R-08",)),
)

ANSWER_QUOTE = _form(
    "repair_answer_quote",
    N("住户答复报价"),
    N("记下答复"),
    Field(
        name="decision",
        kind=Kind.CHOICE,
        label=N("答复"),
        required=True,
        choices=w.DECISIONS,
        rules=("R-08",),
    ),
    Field(name="who", kind=Kind.LINE, label=N("谁答复的"), max_length=60, rules=("R-08",)),
    Field(name="way", kind=Kind.CHOICE, label=N("怎样答复"), choices=w.ANSWERED_BY, rules=("R-08",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("签名"), rules=("R-08",)),
)

PROGRESS = _form(
    "repair_progress",
    N("跟进"),
    N("记下进展"),
    Field(
        name="text",
        kind=Kind.TEXT,
        label=N("进展"),
        required=True,
        max_length=1000,
        rules=("R-03", "R-19"),
    ),
    Field(name="tell", kind=Kind.FLAG, label=N("告诉住户"), rules=("R-03",)),
)

REARRANGE = _form(
    "repair_rearrange",
    N("改约"),
    N("改约"),
    Field(name="promised_at", kind=Kind.MOMENT, label=N("新的时间"), required=True, rules=("R-18",)),
    Field(
        name="agreed_with", kind=Kind.LINE, label=N("与谁约的"), required=True, max_length=60, rules=("R-18",)
    ),
    Field(name="reason", kind=Kind.LINE, label=N("为什么改"), required=True, max_length=200, rules=("R-18",)),
)

APOLOGISE = _form(
    "repair_apologise",
    N("超时致歉说明"),
    N("记下致歉"),
    Field(
        name="reason",
        kind=Kind.LINE,
        label=N("没有按时修好的原因"),
        required=True,
        max_length=300,
        rules=("R-04",),
    ),
    Field(name="told_to", kind=Kind.LINE, label=N("告诉了谁"), required=True, max_length=60, rules=("R-04",)),
    Field(
        name="new_time",
        kind=Kind.MOMENT,
        label=N("新的时间"),
        rules=("R-04", "R-18"),
    ),
)

COMPLETE = _form(
    "repair_complete",
    N("按纸单登记完工"),
    N("登记完工"),
    Field(
        name="result",
        kind=Kind.TEXT,
        label=N("做了什么，结果怎样"),
        required=True,
        max_length=2000,
        rules=("R-08",),
    ),
    Field(name="done_at", kind=Kind.MOMENT, label=N("完工时间"), hint=N("不填就是现在"), rules=("R-08",)),
    Field(name="signer", kind=Kind.LINE, label=N("住户签名人"), max_length=60, rules=("R-09",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("住户签名"), rules=("R-09",)),
)

PAY = _form(
    "repair_pay",
    N("收款"),
    N("收款"),
    Field(name="amount_fen", kind=Kind.YUAN, label=N("金额"), required=True, rules=("R-09",)),
    Field(
        name="method", kind=Kind.CHOICE, label=N("方式"), required=True, choices=w.METHODS, rules=("R-09",)
    ),
    Field(name="payer", kind=Kind.LINE, label=N("付款人"), required=True, max_length=60, rules=("R-09",)),
)

REFUND = _form(
    "repair_refund",
    N("退款"),
    N("退款"),
    Field(name="amount_fen", kind=Kind.YUAN, label=N("金额"), required=True, rules=("R-09",)),
    Field(
        name="method", kind=Kind.CHOICE, label=N("方式"), required=True, choices=w.METHODS, rules=("R-09",)
    ),
    Field(name="payer", kind=Kind.LINE, label=N("退给谁"), required=True, max_length=60, rules=("R-09",)),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("R-09",)),
)

SIGN = _form(
    "repair_sign",
    N("住户签认"),
    N("签认"),
    Field(name="signed_by", kind=Kind.LINE, label=N("签名人"), max_length=60, rules=("R-09",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("住户签名"), rules=("R-09",)),
    Field(name="opinion", kind=Kind.TEXT, label=N("住户意见"), max_length=1000, rules=("R-08",)),
)

TELL = _form(
    "repair_tell",
    N("告知结果"),
    N("记下告知"),
    Field(name="told_to", kind=Kind.LINE, label=N("告诉了谁"), max_length=60, rules=("R-04",)),
    Field(
        name="satisfaction",
        kind=Kind.CHOICE,
        label=N("是否满意"),
        required=True,
        choices=w.SATISFACTION,
        rules=("R-04",),
    ),
    Field(
        name="opinion",
        kind=Kind.TEXT,
        label=N("住户意见"),
        max_length=1000,
        rules=("R-04", "R-08"),
    ),
)

REDO = _form(
    "repair_redo",
    N("返工"),
    N("返工"),
    Field(
        name="reason", kind=Kind.LINE, label=N("哪里没修好"), required=True, max_length=300, rules=("F-11",)
    ),
    Field(name="worker", kind=Kind.STAFF, label=N("派给谁"), hint=N("不填还派原来的人"), rules=("R-11",)),
)

RECOVER = _form(
    "repair_recover",
    N("收回派工单"),
    N("收回"),
)

FILE = _form(
    "repair_file",
    N("归档"),
    N("归档"),
)

CANCEL = _form(
    "repair_cancel",
    N("取消报修"),
    N("取消报修"),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("R-05",)),
)

REVIEW = _form(
    "repair_review",
    N("晨间检查"),
    N("检查完毕"),
    Field(name="note_text", kind=Kind.TEXT, label=N("发现的问题"), max_length=2000, rules=("R-19",)),
)

FILE_MONTH = _form(
    "repair_month",
    N("报修分析"),
    N("上报分析"),
    Field(
        name="conclusion",
        kind=Kind.TEXT,
        label=N("看出什么，要改什么"),
        required=True,
        max_length=2000,
        rules=("R-06",),
    ),
    Field(
        name="reason",
        kind=Kind.LINE,
        label=N("更正原因"),
        hint=N("第一次上报不用填"),
        max_length=200,
        rules=("R-06",),
    ),
)
