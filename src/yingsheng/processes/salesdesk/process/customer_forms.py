"""What is asked at the books: of a visitor, a caller, somebody introduced, and what is learnt of them later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import Entry, Project
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.facts import PublicKind
from yingsheng.processes.salesdesk.rules.matching import Key
from yingsheng.processes.salesdesk.services.entries import LIMITS, SELLING

RELATIONS = {
    Relation.SELF: N("本人"), Relation.SPOUSE: N("配偶"), Relation.SIBLING: N("兄弟姐妹"), Relation.PARENT: N("父母"),
    Relation.CHILD: N("子女"), Relation.GRANDPARENT: N("祖父母"), Relation.GRANDCHILD: N("孙子女"),
    Relation.GREAT_GRANDPARENT: N("曾祖父母"), Relation.GREAT_GRANDCHILD: N("曾孙子女"), Relation.BATCH: N("同一批人"),
    Relation.COUSIN: N("堂表亲"), Relation.IN_LAW: N("姻亲"), Relation.FRIEND: N("朋友同事"), Relation.OTHER: N("其他"),
}  # fmt: skip
KEYS = {Key.FULL_NAME: N("姓名全名"), Key.PHONE: N("电话"), Key.CAR: N("车牌、品牌和姓氏")}
PUBLIC_KINDS = {
    PublicKind.PEER: N("自称同行，有同事认识"), PublicKind.PRINCIPAL: N("甲方领导带来纯参观"),
    PublicKind.MARKETING: N("乙方营销领导带来或通知"), PublicKind.SOLICITOR: N("推销人员，自称不买房"),
}  # fmt: skip
NAMED_WHEN = (("during", N("接待过程中")), ("afterwards", N("接待完以后")))
NOTICED = (("during", N("接待过程中")), ("after", N("接待完以后")))
REACH = (("reached", N("在场或联系得上")), ("unreached", N("不在场也联系不上")))
BOOKS = {code: str(label) for code, label in Entry.Book.choices}
FIELDS = {
    "name": N("客户姓名"), "surname": N("姓氏"), "employer_or_address": N("单位或住址"), "contact": N("联系方式"),
    "intention": N("购买意向"), "source": N("信息来源"), "car_brand": N("车辆品牌"), "plate": N("车牌"),
    "remark": N("备注"),
}  # fmt: skip
# the words of the seven fields where one is missing (J-04)
SEVEN = {**FIELDS, "date": N("日期"), "agent": N("接待业务员")}
TOLD = {
    "named": N("点名的业务员"), "public": N("公共客户的情况"), "group": N("是不是团购"), "knew": N("是否知情"),
    "went_on": N("是否继续接待"), "remark": N("同行人"), "several": N("几项情况"),
}  # fmt: skip


def _line(
    name: str, *, required: bool = False, hint: str = "", example: str = "", rule: str = "J-04"
) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=FIELDS[name], required=required, hint=hint, example=example,
        max_length=LIMITS[name], rules=(rule,),
    )  # fmt: skip


def _choices(words: Any) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, text) for code, text in words.items())


def _projects(site: Any) -> Sequence[tuple[str, str]]:
    rows = Project.objects.filter(site=site, state=SELLING).order_by("pk")
    return [(one.name, "") for one in rows]


NAME = _line("name", required=True, hint=N("全名才能作为认定依据，“王先生”不算"))
CONTACT = _line(
    "contact", required=True, hint=N("电话或别的联系方式，可以写几个，用逗号分开"), example="138 0013 8000"
)
CAR = (_line("surname", rule="J-05"), _line("car_brand", rule="J-05"), _line("plate", rule="J-05"))
PROJECT = Field(
    name="project", kind=Kind.LINE, label=N("项目"), hint=N("只有一个在售项目时可以不写"), max_length=60,
    suggest=_projects, rules=("J-01",),
)  # fmt: skip
NAMED = Field(name="named", kind=Kind.STAFF, label=N("点名找哪位业务员"), rules=("J-13", "J-17"))
NAMED_AT = Field(
    name="named_when", kind=Kind.CHOICE, label=N("什么时候点的名"), choices=NAMED_WHEN, rules=("J-13",)
)


def _spec(name: str, title: str, verb: str, *groups: Fieldset) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _group(*fields: Field, legend: str = "") -> Fieldset:
    return Fieldset(legend=legend, fields=fields)


REGISTER = _spec(
    "sales_register", N("登记客户"), N("登入登记本"),
    _group(NAME, CONTACT, _line("employer_or_address"), _line("intention"), _line("source")),
    _group(*CAR, legend=N("车辆，可以作为认定依据")),
    _group(
        NAMED, NAMED_AT,
        Field(
            name="brought_by", kind=Kind.LINE, label=N("哪位老客户带来"), hint=N("写登记号或老客户的电话"),
            max_length=60, rules=("J-11",),
        ),
        Field(
            name="companions", kind=Kind.LINE, label=N("同行人和关系"), max_length=300, rules=("J-08", "J-21"),
        ),
        _line("remark"),
        legend=N("谁带来、找谁"),
    ),
)  # fmt: skip
LEAVE = _spec(
    "sales_leave", N("未留资料"), N("结束接待"),
    _group(
        Field(
            name="reason", kind=Kind.LINE, label=N("为什么没有留资料"), required=True, max_length=200, rules=("J-04",)
        )
    ),
)  # fmt: skip
LOOK = _spec(
    "sales_look", N("查冲突"), N("查登记"),
    _group(
        Field(name="name", kind=Kind.LINE, label=N("客户姓名"), max_length=60, rules=("J-05",)),
        Field(name="contact", kind=Kind.LINE, label=N("联系方式"), max_length=120, rules=("J-05",)), *CAR,
    ),
)  # fmt: skip
FIND = _spec(
    "sales_find", N("记一条先前的登记"), N("记下"),
    _group(
        Field(
            name="entry", kind=Kind.LINE, label=N("登记号或电话"), required=True, max_length=60, rules=("J-05",)
        ),
        Field(
            name="relation", kind=Kind.CHOICE, label=N("登记的人是来访者的"), required=True,
            choices=_choices(RELATIONS), rules=("J-08",),
        ),
        Field(
            name="noticed", kind=Kind.CHOICE, label=N("什么时候发现"), required=True, choices=NOTICED,
            rules=("J-19", "J-22"),
        ),
        Field(
            name="day", kind=Kind.DATE, label=N("发现日期"), hint=N("接待后发现的写，不写是今天"),
            rules=("J-14", "J-23", "J-31"),
        ),
        Field(name="reach", kind=Kind.CHOICE, label=N("原业务员"), choices=REACH, rules=("J-19",)),
        Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200),
    ),
)  # fmt: skip


def _flag(name: str, label: str, *rules: str) -> Field:
    return Field(name=name, kind=Kind.FLAG, label=label, rules=rules)


TELL = _spec(
    "sales_tell", N("补记接待情况"), N("补记"),
    _group(NAMED, NAMED_AT),
    _group(
        Field(
            name="public_kind", kind=Kind.CHOICE, label=N("公共客户"), choices=_choices(PUBLIC_KINDS), rules=("J-09",)
        ),
        _flag("said_himself", N("本人自己说的"), "J-09"),
        _flag("colleagues_know", N("有同事认识"), "J-09"),
        _flag("card_given", N("给了名片"), "J-09"),
        _flag("public_after", N("接待完才认定"), "J-10"),
        legend=N("公共客户"),
    ),
    _group(
        _flag("is_group", N("团购客户"), "J-26"),
        _flag("knew", N("接待前就知道是同事的客户"), "J-33"),
        _flag("went_on", N("知道以后仍继续接待"), "J-19", "J-20"),
        Field(name="remark", kind=Kind.LINE, label=N("同行人和关系"), max_length=300, rules=("J-21",)),
        legend=N("其他"),
    ),
)  # fmt: skip
CONSENT = _spec(
    "sales_consent", N("原业务员同意"), N("同意由接待者继续"),
    _group(
        Field(
            name="agent", kind=Kind.STAFF, label=N("原业务员"), hint=N("本人登录时不用选"), rules=("J-19",)
        ),
        Field(
            name="password", kind=Kind.SECRET, label=N("原业务员密码"), hint=N("在同事的屏幕上同意时签名用"),
            max_length=128, rules=("J-19",),
        ),
        Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200),
    ),
)  # fmt: skip
CORRECT = _spec(
    "sales_correct", N("补记更正"), N("补记更正"),
    _group(
        Field(
            name="field", kind=Kind.CHOICE, label=N("更正哪一项"), required=True, choices=tuple(FIELDS.items()),
            rules=("J-29",),
        ),
        Field(name="text", kind=Kind.LINE, label=N("应该是"), max_length=200, rules=("J-29",)),
        Field(
            name="reason", kind=Kind.LINE, label=N("为什么更正"), hint=N("原来的登记不改，两边都看得到"), required=True,
            max_length=200, rules=("J-29",),
        ),
    ),
)  # fmt: skip
CALL = _spec(
    "sales_call", N("登记来电"), N("登记来电"),
    _group(
        NAME, _line("contact"),
        Field(
            name="content", kind=Kind.TEXT, label=N("问了什么"), required=True, max_length=300, rules=("J-06",)
        ),
        NAMED,
        Field(
            name="helped", kind=Kind.STAFF, label=N("帮哪位同事接的"), hint=N("自己面前的电话不用选"), rules=("J-06",)
        ),
        Field(
            name="called_at", kind=Kind.MOMENT, label=N("来电时间"), hint=N("不写就是现在"), rules=("J-06",)
        ),
    ),
    _group(
        _line("employer_or_address"), _line("intention"), _line("source"), *CAR, _line("remark"), PROJECT,
        legend=N("还知道什么"),
    ),
)  # fmt: skip
REFERRAL = _spec(
    "sales_referral", N("登记未到访的亲友"), N("登记"),
    _group(
        Field(
            name="introduced_by", kind=Kind.LINE, label=N("哪位看房人介绍"), hint=N("写看房人的登记号或电话"),
            required=True, max_length=60, rules=("J-14",),
        ),
        Field(
            name="relation", kind=Kind.CHOICE, label=N("未到访者是看房人的"), required=True,
            choices=tuple(one for one in _choices(RELATIONS) if one[0] != Relation.SELF.value), rules=("J-14",),
        ),
        NAME, _line("contact"),
    ),
    _group(
        _line("employer_or_address"), _line("intention"), _line("source"), *CAR, _line("remark"),
        legend=N("登记齐全才能据此移交"),
    ),
)  # fmt: skip
REASON = Field(name="reason", kind=Kind.LINE, label=N("理由"), required=True, max_length=200, rules=("J-29",))
EXPORT = _spec("sales_book_export", N("导出客户登记"), N("导出"), _group(REASON))
OPEN = _spec("sales_entry_open", N("查看完整资料"), N("查看"), _group(REASON))
IMPORT = _spec(
    "sales_book_import", N("导入客户登记"), N("检查文件"),
    _group(
        Field(
            name="table", kind=Kind.TABLE, label=N("Excel 或 CSV 文件"), required=True,
            hint=N("按模板的列，一行一位客户；先检查，确认后才写入"), rules=("J-04",),
        ),
        PROJECT,
    ),
)  # fmt: skip
