"""The forms of the mail; each makes its page and its API schema."""

from __future__ import annotations

from typing import Any

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.queries.items import area_names

KINDS = tuple((code, str(label)) for code, label in MailItem.Kind.choices)
CONDITIONS = tuple((code, str(label)) for code, label in MailItem.Condition.choices)
STAGES = tuple((code, str(label)) for code, label in MailItem.Stage.choices)
WAYS = (
    ("phone", N("电话")),
    ("message", N("短信或微信")),
    ("visit", N("上门")),
    ("slip", N("留通知单")),
    ("letter", N("信函")),
)
FIRST_WAYS = tuple(one for one in WAYS if one[0] != "letter")
WISHES = (
    ("come", N("自己来取")),
    ("proxy", N("请家人代领")),
    ("keep", N("请代为保管")),
    ("return", N("请退回")),
    ("other", N("另有安排")),
)
IDENTITIES = (("id_card", N("看过证件")), ("known", N("认识本人")), ("code", N("取件码相符")))
RELATIONS = (
    ("spouse", N("配偶")),
    ("parent", N("父母")),
    ("child", N("子女")),
    ("sibling", N("兄弟姐妹")),
    ("relative", N("其它家属")),
    ("other", N("不是家人")),
)
ID_KINDS = (
    ("id_card", N("身份证")),
    ("passport", N("护照")),
    ("permit", N("往来内地通行证")),
    ("licence", N("驾驶证")),
    ("other", N("其它证件")),
)
CAUSES = (
    ("moved", N("已调离或迁走")),
    ("address", N("地址变更")),
    ("unknown", N("查无此人")),
    ("refused", N("住户拒收")),
    ("expired", N("过期未取且已不住这里")),
)
COLLECTED_AS = dict(RELATIONS) | {
    "addressee": N("收件人"), "household": N("户主"), "post": N("邮局人员"),
}  # fmt: skip


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _line(
    name: str, label: str, rule: str, *, hint: str = "", required: bool = False, most: int = 60
) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, hint=hint, required=required, max_length=most, rules=(rule,)
    )


def _choice(
    name: str, label: str, choices: tuple[tuple[str, str], ...], rule: str, *, required: bool = True
) -> Field:
    return Field(name=name, kind=Kind.CHOICE, label=label, choices=choices, required=required, rules=(rule,))


def _count(name: str, label: str) -> Field:
    return Field(name=name, kind=Kind.INTEGER, label=label, minimum=0, maximum=9999, rules=("M-02",))


def _areas(site: Any) -> list[tuple[str, str]]:
    return area_names(site=site)


REACHED = Field(name="reached", kind=Kind.FLAG, label=N("本户已知道"), rules=("M-11",))
NOTE = _line("note", N("说了什么"), "M-11", most=200)
OFFICER = Field(name="officer", kind=Kind.STAFF, label=N("管理员"), required=True, rules=("M-01", "M-05"))
SIGNATURE = Field(name="signature", kind=Kind.SIGNATURE, label=N("签名"), required=True, rules=("M-12",))
PHOTOS = Field(name="photos", kind=Kind.FILES, label=N("照片"), hint=N("有破损时拍下"), rules=("M-02",))
PLACE = _line("place", N("存放位置"), "M-10", hint=N("例如：专柜 2 层"), most=40)
ROOM = Field(
    name="room", kind=Kind.LINE, label=N("房号"), hint=N("查无此处的留空，写寄至何处"), max_length=40,
    example="3-2-1802", rules=("M-04",),
)  # fmt: skip
TRACKING = _line("tracking_number", N("运单号"), "M-04")
ADDRESSEE = _line("addressee", N("收件人"), "M-04", hint=N("不填就用这一户做主的人"))
KIND = _choice("kind", N("种类"), KINDS, "M-09")
CARRIER = _line("carrier", N("邮局或快递公司"), "M-04")

INTAKE = _spec(
    "mail_item", N("收一件邮件"), N("收下登记"),
    KIND, ROOM, ADDRESSEE, TRACKING, CARRIER,
    _line("sender", N("寄件人"), "M-04"),
    _line("destination", N("寄至何处"), "M-04", hint=N("照件上写；不填就是房号"), most=120),
    _line("brought_by", N("投递员"), "M-02"),
    _choice("condition", N("外观"), CONDITIONS, "M-02"),
    _line("damage", N("破损的样子"), "M-02", most=200),
    PHOTOS, PLACE,
)  # fmt: skip
QUICK = _spec(
    "mail_quick", N("连续收件"), N("收下，下一件"),
    Field(
        name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, example="3-2-1802", rules=("M-04",)
    ),
    TRACKING, ADDRESSEE, KIND, CARRIER, PLACE,
    _line("damage", N("破损的样子"), "M-02", hint=N("完好就不填"), most=200),
)  # fmt: skip
NOTIFY = _spec(
    "mail_notify", N("通知住户"), N("记下通知"), _choice("way", N("方式"), FIRST_WAYS, "M-11"), REACHED, NOTE
)
TELL_AREA = _spec("mail_tell_area", N("通知管理员来取"), N("通知"), OFFICER)
COLLECT = _spec(
    "mail_collect", N("本户领取"), N("交给本户"),
    _line("name", N("领取人"), "M-12", required=True),
    _choice("identity", N("怎么核实身份"), IDENTITIES, "M-12"),
    _line("pickup_code", N("取件码"), "M-12", hint=N("有就填，对不上不能领"), most=8),
    SIGNATURE,
)  # fmt: skip
BY_FAMILY = _spec(
    "mail_by_family", N("家人代领"), N("认可并交给代领人"),
    _line("name", N("代领人"), "M-12", required=True),
    _choice("relation", N("与收件人的关系"), RELATIONS, "M-12"),
    _choice("id_kind", N("出示的证件"), ID_KINDS, "M-12"),
    _line("id_number", N("证件号码"), "M-12", hint=N("加密保存，只显示首尾"), required=True, most=40),
    Field(name="phone", kind=Kind.PHONE, label=N("代领人电话"), rules=("M-12",)),
    SIGNATURE,
)  # fmt: skip
TO_AREA = _spec("mail_to_area", N("管理员签收"), N("交给管理员"), OFFICER, SIGNATURE)
TAKE_BACK = _spec(
    "mail_take_back", N("管理员交回"), N("收回柜里"),
    _line("reason", N("为什么交回"), "M-08", required=True, most=200), PLACE,
)  # fmt: skip
CONTACT = _spec(
    "mail_contact", N("过期联系"), N("记下联系"),
    _choice("way", N("方式"), WAYS, "M-07"),
    Field(name="reached", kind=Kind.FLAG, label=N("联系上了"), rules=("M-07",)),
    _choice("wish", N("住户要怎么处理"), WISHES, "M-07", required=False),
    _line("note", N("说了什么"), "M-07", most=200),
    Field(
        name="officer", kind=Kind.STAFF, label=N("会同的管理员"), hint=N("您就是管理员时不填"), rules=("M-07",)
    ),
)  # fmt: skip
KEEP = _spec(
    "mail_keep",
    N("暂存"),
    N("暂存"),
    _line("because", N("怎么知道住户仍住在这里"), "M-08", required=True, most=200),
)
UNDELIVERABLE = _spec(
    "mail_undeliverable", N("核实无法投递"), N("核实，准备退回"),
    _choice("cause", N("原因"), CAUSES, "M-13"),
    _line("verified_as", N("怎么核实的"), "M-13", required=True, most=200),
)  # fmt: skip
RETURN = _spec(
    "mail_return", N("退回邮局"), N("退回"),
    _line("clerk", N("邮局人员"), "M-13", required=True),
    _line("organisation", N("邮局或快递公司"), "M-13", required=True),
    Field(name="returned_date", kind=Kind.DATE, label=N("退回日期"), hint=N("不填就是今天"), rules=("M-13",)),
    SIGNATURE,
)  # fmt: skip
MOVE = _spec(
    "mail_move", N("换存放位置"), N("换位置"), _line("place", N("新的位置"), "M-06", required=True, most=40)
)
DAMAGE = _spec(
    "mail_damage", N("登记损坏"), N("登记"),
    _choice("condition", N("外观"), tuple(one for one in CONDITIONS if one[0] != "sound"), "M-06"),
    _line("damage", N("损坏的样子"), "M-06", required=True, most=200),
    PHOTOS,
)  # fmt: skip
LOSE = _spec(
    "mail_lose", N("登记遗失"), N("登记遗失"),
    _line("reason", N("怎么丢的，查到了什么"), "M-06", required=True, most=200),
)  # fmt: skip
FOUND = _spec(
    "mail_found", N("找回"), N("放回柜里"),
    _line("reason", N("怎么找到的"), "M-06", required=True, most=200), PLACE,
)  # fmt: skip

ROUND = _spec(
    "mail_round", N("管理员来取"), N("办理勾选的"),
    _choice("act", N("办什么"), (("tell", N("通知管理员来取")), ("hand", N("管理员签收"))), "M-05"),
    OFFICER,
    Field(name="signature", kind=Kind.SIGNATURE, label=N("签名"), hint=N("签收时签一次，每件都记上"), rules=("M-03",)),
)  # fmt: skip

BATCH = _spec(
    "mail_batch", N("收信件报刊"), N("收下登记"),
    Field(
        name="area", kind=Kind.LINE, label=N("片区"), hint=N("全项目一起时不填"), max_length=40, suggest=_areas,
        rules=("M-01",),
    ),
    _count("letters", N("信件（封）")), _count("papers", N("报纸（份）")), _count("magazines", N("杂志（本）")),
    _count("others", N("其它（件）")), _count("damaged", N("破损（件）")),
    _line("damage", N("破损的样子"), "M-02", most=200),
    _line("brought_by", N("投递员"), "M-02"),
)  # fmt: skip
BATCH_TELL = _spec("mail_batch_tell", N("通知管理员来取"), N("通知"), OFFICER)
BATCH_FETCH = _spec("mail_batch_fetch", N("管理员领取"), N("签名领取"), OFFICER, SIGNATURE)
BATCH_CANCEL = _spec(
    "mail_batch_cancel", N("登记有误"), N("作废"), _line("reason", N("原因"), "M-02", required=True, most=200)
)
