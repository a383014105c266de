"""The forms of special services; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import Payment, PriceItem
from yingsheng.kernel.charges.queries import suggest_prices
from yingsheng.kernel.orders.models import Trade

CHANNELS = (("phone", N("来电")), ("visit", N("来访")), ("night_log", N("夜间记录")))
SCOPES = (("inside", N("服务范围之内")), ("beyond", N("服务范围之外")))
METHODS = tuple((code, str(label)) for code, label in Payment.Method.choices)
TRADES = tuple((code, str(label)) for code, label in Trade.choices)
GOOD = (("yes", N("质量好")), ("no", N("有问题")))


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


INTAKE = FormSpec(
    name="service",
    title=N("登记特约服务"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="item",
                    kind=Kind.LINE,
                    label=N("要什么服务"),
                    hint=N("写价目表里的名称或编号"),
                    required=True,
                    max_length=60,
                    example="家政保洁",
                    rules=("S-01", "S-10"),
                    suggest=suggest_prices(PriceItem.Kind.SERVICE.value, as_lines=False),
                ),
                Field(name="first_date", kind=Kind.DATE, label=N("从哪天"), required=True, rules=("S-10",)),
                Field(
                    name="last_date",
                    kind=Kind.DATE,
                    label=N("到哪天"),
                    hint=N("一天做完的不用填"),
                    rules=("S-10",),
                ),
                Field(
                    name="quantity",
                    kind=Kind.LINE,
                    label=N("数量"),
                    hint=N("按价目表的单位，不填是1"),
                    max_length=8,
                    rules=("S-10",),
                ),
                Field(
                    name="fee_fen",
                    kind=Kind.YUAN,
                    label=N("费用"),
                    hint=N("价目表里有的不用填；免费写0"),
                    rules=("S-04", "S-10"),
                ),
                Field(
                    name="channel",
                    kind=Kind.CHOICE,
                    label=N("来源"),
                    choices=CHANNELS,
                    required=True,
                    rules=("S-01", "S-09"),
                ),
                Field(name="body", kind=Kind.TEXT, label=N("特殊要求"), max_length=2000, rules=("S-02",)),
            ),
        ),
        # folded at the desk: what few callers need
        Fieldset(
            legend=N("更多"),
            fields=(
                Field(
                    name="scope",
                    kind=Kind.CHOICE,
                    label=N("在不在服务范围"),
                    choices=SCOPES,
                    required=True,
                    rules=("S-11",),
                ),
                Field(name="provider", kind=Kind.LINE, label=N("由谁提供"), max_length=80, rules=("S-10",)),
                Field(name="at_once", kind=Kind.FLAG, label=N("夜间马上办"), rules=("S-09",)),
            ),
        ),
    ),
)
CHARGE = _form(
    "service_charge",
    N("收费签名"),
    N("收费"),
    Field(name="method", kind=Kind.CHOICE, label=N("收款方式"), choices=METHODS, required=True, rules=("S-04",)),
    Field(name="payer", kind=Kind.LINE, label=N("付款人"), required=True, max_length=60, rules=("S-05",)),
    Field(name="signed_by", kind=Kind.LINE, label=N("签名人"), max_length=60, rules=("S-05",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("付款人签名"), rules=("S-05",)),
)  # fmt: skip
REFUND = _form(
    "service_refund",
    N("退款"),
    N("退款"),
    Field(name="amount_fen", kind=Kind.YUAN, label=N("金额"), required=True, rules=("S-05",)),
    Field(name="method", kind=Kind.CHOICE, label=N("退款方式"), choices=METHODS, required=True, rules=("S-05",)),
    Field(name="payer", kind=Kind.LINE, label=N("退给谁"), required=True, max_length=60, rules=("S-05",)),
    Field(name="reason", kind=Kind.LINE, label=N("退款原因"), required=True, rules=("S-05",)),
)  # fmt: skip
DISPATCH = _form(
    "service_dispatch",
    N("开派工单"),
    N("派工"),
    Field(name="trade", kind=Kind.CHOICE, label=N("工种"), choices=TRADES, required=True, rules=("S-02",)),
    Field(name="task", kind=Kind.LINE, label=N("做什么"), hint=N("不填就是服务名称"), rules=("S-02",)),
    Field(name="department", kind=Kind.DEPARTMENT, label=N("执行部门"), rules=("S-02",)),
    Field(name="worker", kind=Kind.STAFF, label=N("派给谁"), rules=("S-02",)),
    Field(name="outside", kind=Kind.LINE, label=N("外单位"), max_length=80, rules=("S-10",)),
    Field(name="visit_at", kind=Kind.MOMENT, label=N("上门时间"), rules=("S-02",)),
)  # fmt: skip
BEGIN = _form("service_begin", N("开始服务"), N("开始服务"))
TRACK = _form(
    "service_track",
    N("跟踪质量"),
    N("记下"),
    Field(name="text", kind=Kind.TEXT, label=N("看到了什么"), required=True, max_length=1000, rules=("S-03",)),
    Field(name="good", kind=Kind.CHOICE, label=N("质量"), choices=GOOD, required=True, rules=("S-03",)),
)  # fmt: skip
FINISH = _form(
    "service_finish",
    N("按纸单登记完成"),
    N("登记完成"),
    Field(
        name="result", kind=Kind.TEXT, label=N("做了什么，结果怎样"), required=True, max_length=1000, rules=("S-02",)
    ),
    Field(name="done_at", kind=Kind.MOMENT, label=N("完成时间"), hint=N("不填就是现在"), rules=("S-08",)),
)  # fmt: skip
RECTIFY = _form(
    "service_rectify",
    N("整改完成"),
    N("整改完成，再次回访"),
    Field(
        name="text", kind=Kind.TEXT, label=N("整改了什么"), required=True, max_length=1000, rules=("F-11",)
    ),
)
HELP = _form(
    "service_help",
    N("范围之外，帮忙"),
    N("记下帮了什么"),
    Field(
        name="answer", kind=Kind.TEXT, label=N("怎样帮的"), required=True, max_length=1000, rules=("S-11",)
    ),
)
DECLINE = _form(
    "service_decline",
    N("谢绝"),
    N("谢绝并告知"),
    Field(
        name="answer", kind=Kind.TEXT, label=N("怎样答复住户"), hint=N("说清办不了，也说找谁办"), required=True,
        max_length=1000, rules=("S-11",),
    ),
)  # fmt: skip
CANCEL = _form(
    "service_cancel",
    N("取消特约服务"),
    N("取消"),
    Field(name="reason", kind=Kind.LINE, label=N("取消原因"), required=True, rules=("S-05",)),
)
FILE_MONTH = _form(
    "service_month",
    N("特约服务统计与分析"),
    N("上报"),
    Field(
        name="conclusion", kind=Kind.TEXT, label=N("看出什么，要改什么"), required=True, max_length=2000,
        rules=("S-07",),
    ),
    Field(name="analysed_with", kind=Kind.STAFF, label=N("和哪位管理员一起分析"), required=True, rules=("S-07",)),
    Field(name="reason", kind=Kind.LINE, label=N("更正原因"), hint=N("第一次上报不用填"), rules=("S-07",)),
)  # fmt: skip
