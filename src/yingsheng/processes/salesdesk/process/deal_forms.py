"""What is asked of a deal, a rate, a group bonus and an application."""

from __future__ import annotations

from typing import Any

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import Application, Rate
from yingsheng.processes.salesdesk.queries.deals import project_names

KINDS = tuple((code, str(label)) for code, label in Application.Kind.choices)
EARNINGS = tuple((code, str(label)) for code, label in Rate.Kind.choices)


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _line(name: str, label: str, rule: str, *, length: int = 60, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, max_length=length, rules=(rule,), **{"required": True, **more}
    )


def _project(rule: str) -> Field:
    return _line("project", N("项目"), rule, suggest=project_names)


def _day(label: str, rule: str, name: str = "day") -> Field:
    return Field(name=name, kind=Kind.DATE, label=label, required=True, rules=(rule,))


def _closer(hint: str) -> Field:
    return Field(name="closer", kind=Kind.STAFF, label=N("成交人"), hint=hint, rules=("J-24",))


DEAL = _spec(
    "sales_deal", N("登记成交"), N("登记成交"),
    _line("visit", N("接待编号"), "J-24", length=24, hint=N("客户登记页上的编号"), example="JD-20261129-001"),
    _line("unit", N("房号"), "J-24", hint=N("买的是哪一套"), example="3栋2单元1802"),
    Field(name="price_fen", kind=Kind.YUAN, label=N("成交价（元）"), required=True, minimum=1, rules=("J-24",)),
    _closer(N("不选就是本人；销售经理登记的，不选就是接待的人")),
)  # fmt: skip
DEPOSIT = _spec(
    "sales_deposit", N("收定金"), N("记下定金"),
    Field(name="deposit_fen", kind=Kind.YUAN, label=N("定金（元）"), required=True, minimum=1, rules=("J-24",)),
    _line("receipt", N("收据号"), "J-24", length=40),
    _day(N("交定金日期"), "J-24"),
    _line("purchaser", N("买方姓名"), "J-25", required=False, hint=N("只交定金就算成交的项目才要填")),
    _closer(N("换了人成交才选")),
)  # fmt: skip
SIGN = _spec(
    "sales_subscription", N("签认购书"), N("记下签约"),
    _line("purchaser", N("买方姓名"), "J-25", hint=N("和认购书上写的一样")),
    _day(N("签约日期"), "J-24"),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("买方签名"), required=True, rules=("J-24",)),
    _closer(N("换了人成交才选")),
)  # fmt: skip
TRANSFER = _spec("sales_transfer", N("买方私下转让"), N("记下转让"), _line("name", N("转给谁"), "J-25"))
FORMALITIES = _spec("sales_formalities", N("办完手续"), N("手续办完"))
CANCEL = _spec(
    "sales_cancel", N("取消成交"), N("取消这笔成交"), _line("reason", N("取消原因"), "J-24", length=200)
)  # fmt: skip
RATE = _spec(
    "sales_rate", N("设定佣金标准"), N("设定标准"),
    _project("J-24"),
    Field(name="kind", kind=Kind.CHOICE, label=N("佣金怎么算"), choices=EARNINGS, required=True, rules=("J-24",)),
    _line("percent", N("成交价的百分之几"), "J-24", length=12, required=False, example="1.25", hint=N("最多三位小数")),
    Field(name="fixed_fen", kind=Kind.YUAN, label=N("每套定额（元）"), rules=("J-24",)),
    _day(N("从哪天成交的起"), "J-24", "valid_from"),
    _line("reason", N("依据"), "J-24", length=200),
)  # fmt: skip
BONUS = _spec(
    "sales_bonus", N("分配团购奖金"), N("分配奖金"),
    _project("J-26"),
    _line("name", N("哪批团购"), "J-26"),
    Field(name="fen", kind=Kind.YUAN, label=N("奖金（元）"), required=True, minimum=1, rules=("J-26",)),
    _day(N("分配日期"), "J-26"),
    Field(
        name="parts", kind=Kind.TEXT, label=N("分给谁"), required=True, max_length=2000, rules=("J-26",),
        hint=N("每行一人：姓名、权重，按序接待过团购客户的再写“接待”"), example="严一 1 接待",
    ),
    Field(
        name="raised_percent", kind=Kind.INTEGER, label=N("接待的提高百分之几"), minimum=0, maximum=1000,
        hint=N("不填就按规程设定的"), rules=("J-26",),
    ),
    _line("reason", N("分配理由"), "J-26", length=200),
)  # fmt: skip
APPLICATION = _spec(
    "sales_application", N("向销售经理申请"), N("送销售经理"),
    Field(name="kind", kind=Kind.CHOICE, label=N("申请什么"), choices=KINDS, required=True, rules=("J-27",)),
    _line("deal", N("成交编号"), "J-27", length=24, required=False, hint=N("和哪笔成交有关；没有就不填")),
    Field(
        name="text", kind=Kind.TEXT, label=N("内容和原因"), required=True, max_length=300, rules=("J-27",)
    ),
)  # fmt: skip
GRANT = _spec(
    "sales_application_grant", N("同意申请"), N("同意"), _line("answer", N("怎么同意、为什么"), "J-27", length=300)
)  # fmt: skip
REFUSE = _spec(
    "sales_application_refuse", N("不同意申请"), N("不同意"), _line("answer", N("为什么不同意"), "J-27", length=300)
)  # fmt: skip
