"""The page of a decision: the ruling's form, the form that tries the articles out, the menu entry."""

from __future__ import annotations

from collections.abc import Mapping

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import MenuEntry, Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.process.attribution_words import (
    KEYS,
    NOTICED,
    PUBLIC_KINDS,
    RECORDS,
    RELATIONS,
)
from yingsheng.processes.salesdesk.queries.allow import SEE

CLAIMS = (1, 2)  # earlier entries that the form has room for; the API takes any number


def _pairs(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), text) for code, text in words.items())


RULING = FormSpec(
    name="ruling",
    title=N("裁定归属"),
    verb=N("裁定"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="owner", kind=Kind.STAFF, label=N("归谁"), hint=N("不填归销售部"), rules=("J-28",)
                ),
                Field(name="first", kind=Kind.STAFF, label=N("第一人"), required=True, rules=("J-28",)),
                Field(
                    name="first_percent", kind=Kind.PERCENT, label=N("第一人比例（%）"), minimum=0, required=True,
                    rules=("J-28",),
                ),
                Field(name="second", kind=Kind.STAFF, label=N("第二人"), rules=("J-28",)),
                Field(
                    name="second_percent", kind=Kind.PERCENT, label=N("第二人比例（%）"), minimum=0, rules=("J-28",)
                ),
                Field(
                    name="fine_fen", kind=Kind.YUAN, label=N("罚款（元）"), hint=N("只有抢客成交才罚款"), minimum=0,
                    rules=("J-20",),
                ),
                Field(
                    name="heir", kind=Kind.STAFF, label=N("取消的佣金归谁"), hint=N("不填归公司"), rules=("J-34",)
                ),
                Field(
                    name="reason", kind=Kind.TEXT, label=N("裁定理由"), required=True, max_length=300, rules=("J-28",)
                ),
            ),
        ),
    ),
)  # fmt: skip


def _line(name: str, label: str, rule: str, *, hint: str = "", required: bool = False) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, hint=hint, required=required, max_length=60, rules=(rule,)
    )


def _flag(name: str, label: str, rule: str) -> Field:
    return Field(name=name, kind=Kind.FLAG, label=label, rules=(rule,))


def _claim(number: int) -> Fieldset:
    at = f"claim{number}"
    return Fieldset(
        legend=N("更早的登记（一）") if number == 1 else N("更早的登记（二）"),
        fields=(
            _line(f"{at}_agent", N("谁的登记"), "J-05", hint=N("没有更早的登记就不填")),
            Field(
                name=f"{at}_record", kind=Kind.CHOICE, label=N("哪一本"), choices=_pairs(RECORDS), rules=("J-04",)
            ),
            Field(name=f"{at}_day", kind=Kind.DATE, label=N("登记日"), rules=("J-31",)),
            Field(
                name=f"{at}_relation", kind=Kind.CHOICE, label=N("与来访者的关系"), choices=_pairs(RELATIONS),
                rules=("J-08",),
            ),
            Field(
                name=f"{at}_keys", kind=Kind.CHOICES, label=N("哪些相同"), choices=_pairs(KEYS), rules=("J-05",)
            ),
            Field(
                name=f"{at}_noticed", kind=Kind.CHOICE, label=N("什么时候发现"), choices=_pairs(NOTICED),
                rules=("J-19", "J-22"),
            ),
            Field(
                name=f"{at}_discovered", kind=Kind.DATE, label=N("发现日"), hint=N("接待后才发现的要填"),
                rules=("J-23",),
            ),
            Field(name=f"{at}_closed", kind=Kind.DATE, label=N("原客户成交日"), rules=("J-21",)),
        ),
    )  # fmt: skip


SEVERAL = N("多人用顿号分开")
TRIAL = FormSpec(
    name="trial",
    title=N("归属试算"),
    verb=N("按条款试算"),
    fieldsets=(
        Fieldset(
            legend=N("这次来访"),
            fields=(
                _line("receiver", N("接待者"), "J-01", required=True),
                Field(name="visit_day", kind=Kind.DATE, label=N("来访日"), required=True, rules=("J-31",)),
                _line("present", N("在场或联系得上的业务员"), "J-19", hint=SEVERAL),
                _line("named", N("客户点名找谁"), "J-13"),
                _flag("named_too_late", N("接待后才说起"), "J-13"),
                _line("brought_by", N("谁的老客户带来"), "J-11"),
                _line("help_of", N("替谁接待"), "J-02"),
                Field(
                    name="public_kind", kind=Kind.CHOICE, label=N("公共客户"), choices=_pairs(PUBLIC_KINDS),
                    rules=("J-09",),
                ),
                _flag("card_given", N("给了名片"), "J-09"),
                _flag("recognised_after", N("接待后才认定为公共客户"), "J-10"),
                _flag("group_purchase", N("团购"), "J-26"),
                _flag("knew", N("接待者知道是谁的客户"), "J-33"),
                _flag("went_on", N("知道后仍继续接待"), "J-19"),
                _line("consented", N("同意继续接待的业务员"), "J-19", hint=SEVERAL),
            ),
        ),
        *(_claim(number) for number in CLAIMS),
        Fieldset(
            legend=N("成交"),
            fields=(
                _line("closer", N("谁成交"), "J-24", hint=N("没有成交就不填")),
                Field(name="deposit_day", kind=Kind.DATE, label=N("交定金日"), rules=("J-24",)),
                Field(name="signed_day", kind=Kind.DATE, label=N("签认购书日"), rules=("J-24",)),
            ),
        ),
    ),
)  # fmt: skip
MENU: tuple[MenuEntry, ...] = (
    MenuEntry(
        group=N("售楼接待"), label=N("归属试算"), icon="scale", url_name="salesdesk:explain", permission=SEE, order=139
    ),
)  # fmt: skip
SHEETS: tuple[Sheet, ...] = ()
