"""What the desk and the purchaser are asked."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.prepaid import models

KINDS = tuple((code, str(label)) for code, label in models.Kind.choices)
REQUEST_KINDS = tuple((code, str(label)) for code, label in models.Request.Kind.choices)
WAYS = (("slip", N("出告知单")), ("phone", N("打电话")), ("face", N("当面告知")), ("message", N("发消息")))


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _reason(rule: str) -> Field:
    return Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=(rule,))


def _room(rule: str) -> Field:
    return Field(name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, rules=(rule,))


def _who(rule: str) -> Field:
    return Field(
        name="collector", kind=Kind.LINE, label=N("领取人"), required=True, max_length=60, rules=(rule,)
    )


def _signature(name: str, label: str, rule: str, *, required: bool = True) -> Field:
    return Field(name=name, kind=Kind.SIGNATURE, label=label, required=required, rules=(rule,))


ORDER = _spec(
    "prepaid_order", N("登记预购"), N("收款登记"),
    _room("P-02"),
    Field(name="kind", kind=Kind.CHOICE, label=N("买什么"), choices=KINDS, required=True, rules=("P-02",)),
    Field(name="cash_fen", kind=Kind.YUAN, label=N("收到现金（元）"), required=True, minimum=1, rules=("P-02",)),
    Field(
        name="quantity", kind=Kind.INTEGER, label=N("要买的数量"), hint=N("度或立方米；按金额买就不填"), minimum=1,
        maximum=100_000, rules=("P-02",),
    ),
    Field(
        name="device", kind=Kind.LINE, label=N("遥控板或智能卡编号"), hint=N("没有交来就不填"), max_length=40,
        rules=("P-02",),
    ),
    Field(name="payer", kind=Kind.LINE, label=N("交款人"), required=True, max_length=60, rules=("P-02",)),
    _signature("signature", N("交款人签名"), "P-02", required=False),
)  # fmt: skip
ORDER_CANCEL = _spec(
    "prepaid_cancel", N("退回预购"), N("退钱退设备"), _reason("P-05"), _who("P-05"),
    _signature("signature", N("领取人签名"), "P-05"),
)  # fmt: skip
BOUGHT = _spec(
    "prepaid_bought", N("登记买成"), N("已买成"),
    Field(name="bought_fen", kind=Kind.YUAN, label=N("购买金额（元）"), required=True, minimum=1, rules=("P-07",)),
    Field(
        name="quantity", kind=Kind.INTEGER, label=N("买到的数量"), minimum=1, maximum=100_000, rules=("P-04",),
    ),
    Field(name="receipt", kind=Kind.LINE, label=N("收据号"), required=True, max_length=40, rules=("P-04",)),
)  # fmt: skip
NOT_BOUGHT = _spec("prepaid_not_bought", N("登记没有买成"), N("没有买成"), _reason("P-07"))
TELL = _spec(
    "prepaid_tell", N("通知住户来领"), N("已通知"),
    Field(name="way", kind=Kind.CHOICE, label=N("怎么通知"), choices=WAYS, required=True, rules=("P-05",)),
)  # fmt: skip
COLLECT = _spec(
    "prepaid_collect", N("住户领取"), N("领取"), _who("P-05"),
    Field(name="counted", kind=Kind.FLAG, label=N("领取人已当面点清找零"), rules=("P-05",)),
    _signature("signature", N("领取人签名"), "P-05"),
)  # fmt: skip

BATCH = _spec(
    "prepaid_batch", N("准备集中购买"), N("列出待购清单"),
    Field(name="purchaser", kind=Kind.STAFF, label=N("代办人"), required=True, rules=("P-03",)),
    Field(
        name="remark", kind=Kind.LINE, label=N("备注"), hint=N("没有待购的预购，就记为本周没有预购"), max_length=300,
        rules=("P-03",),
    ),
)  # fmt: skip
BATCH_GATHER = _spec("prepaid_batch_gather", N("补进新的预购"), N("补进清单"))
BATCH_CANCEL = _spec("prepaid_batch_cancel", N("取消这一批"), N("取消"), _reason("P-03"))
BATCH_HAND = _spec(
    "prepaid_batch_hand", N("交给代办人"), N("交出现金和设备"),
    _signature("given_signature", N("前台签名"), "P-03"),
    _signature("taken_signature", N("代办人签名"), "P-03"),
)  # fmt: skip
BATCH_BACK = _spec(
    "prepaid_batch_back", N("代办人交回"), N("点清并关闭"),
    Field(
        name="change_fen", kind=Kind.YUAN, label=N("退回现金（元）"), required=True, minimum=0, rules=("P-04", "P-07")
    ),
    Field(
        name="devices_back", kind=Kind.INTEGER, label=N("交回设备数"), required=True, minimum=0, maximum=1000,
        rules=("P-04", "P-07"),
    ),
    _signature("back_signature", N("代办人签名"), "P-04"),
    _signature("kept_signature", N("前台签名"), "P-04"),
    Field(
        name="explanation", kind=Kind.LINE, label=N("差额说明"), hint=N("规程允许不相符也关闭时才用"), max_length=300,
        rules=("P-07",),
    ),
)  # fmt: skip

REQUEST = _spec(
    "utility_request", N("受理代办"), N("受理"),
    _room("P-01"),
    Field(name="kind", kind=Kind.CHOICE, label=N("代办种类"), choices=REQUEST_KINDS, required=True, rules=("P-01",)),
    Field(name="utility", kind=Kind.LINE, label=N("哪家单位"), required=True, max_length=40, rules=("P-01",)),
    Field(name="requested_by_name", kind=Kind.LINE, label=N("申请人"), required=True, max_length=60, rules=("P-01",)),
    Field(name="text", kind=Kind.LINE, label=N("要办什么"), max_length=300, rules=("P-01",)),
    Field(name="papers", kind=Kind.LINE, label=N("收下的资料"), max_length=300, rules=("P-01",)),
    Field(name="cash_fen", kind=Kind.YUAN, label=N("收到现金（元）"), minimum=0, rules=("P-01",)),
)  # fmt: skip
REQUEST_SUBMIT = _spec(
    "utility_request_submit", N("递交"), N("交给经办人"),
    Field(name="runner", kind=Kind.STAFF, label=N("经办人"), required=True, rules=("P-01",)),
    _signature("signature", N("经办人签名"), "P-01"),
)  # fmt: skip
REQUEST_DONE = _spec(
    "utility_request_done", N("办妥"), N("已办妥"),
    Field(name="result", kind=Kind.LINE, label=N("结果"), required=True, max_length=300, rules=("P-01",)),
    Field(name="paid_fen", kind=Kind.YUAN, label=N("缴费金额（元）"), minimum=0, rules=("P-01",)),
    Field(name="receipt", kind=Kind.LINE, label=N("收据号"), max_length=40, rules=("P-01",)),
)  # fmt: skip
REQUEST_REFUSED = _spec(
    "utility_request_refused", N("没有办成"), N("没有办成"),
    Field(name="result", kind=Kind.LINE, label=N("原因"), required=True, max_length=300, rules=("P-01",)),
)  # fmt: skip
REQUEST_CLOSE = _spec(
    "utility_request_close", N("告知并交还"), N("已告知，资料票据交还"), _who("P-01"),
    _signature("signature", N("领取人签名"), "P-01"),
)  # fmt: skip
FILE_MONTH = _spec(
    "prepaid_month", N("上报预购统计"), N("上报"),
    Field(name="note", kind=Kind.TEXT, label=N("说明"), max_length=1000, rules=("P-06",)),
    Field(
        name="reason", kind=Kind.LINE, label=N("更正原因"), hint=N("第一次上报不填"), max_length=200, rules=("P-06",)
    ),
)  # fmt: skip
