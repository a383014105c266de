"""The forms of the archive: what the front desk is asked, on the screen and over the API."""

from __future__ import annotations

from collections.abc import Mapping

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Member, Room
from yingsheng.kernel.estate.reminders import REMINDERS
from yingsheng.kernel.estate.residents import INFORM_MODES

RELATIONS: Choices = tuple((one.value, str(one.label)) for one in Member.Relation)
USES: Choices = tuple((one.value, str(one.label)) for one in Room.Use)
FORGET: Choices = (("id_number", N("身份证号")), ("birth_date", N("出生日期")))


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


_NAME = Field(name="name", kind=Kind.LINE, label=N("姓名"), required=True, max_length=60, rules=("A-06",))
_CALL_AS = Field(
    name="call_as", kind=Kind.LINE, label=N("怎么称呼"), hint=N("例如王女士、李老师；当面和电话里都这样叫"),
    max_length=40, rules=("A-20",),
)  # fmt: skip
_PHONE = Field(name="phone", kind=Kind.LINE, label=N("电话"), max_length=40, rules=("A-06",))
_RELATION = Field(
    name="relation", kind=Kind.CHOICE, label=N("与住户的关系"), choices=RELATIONS, required=True, rules=("A-06",)
)  # fmt: skip
_DECIDES = Field(
    name="decides", kind=Kind.FLAG, label=N("这一户由他做主"), hint=N("有事先告知做主的人"), rules=("C-81",)
)  # fmt: skip
_EMERGENCY = Field(name="is_emergency_contact", kind=Kind.FLAG, label=N("紧急联系人"))
_CODES = Field(
    name="reminder_codes", kind=Kind.CHOICES, label=N("提醒"), choices=tuple(REMINDERS.items()), rules=("A-20",)
)  # fmt: skip
_REMINDER = Field(
    name="reminder", kind=Kind.LINE, label=N("其它提醒"), hint=N("接电话的人要先看到的话"), max_length=200
)  # fmt: skip
_MOVED_IN = Field(name="moved_in_date", kind=Kind.DATE, label=N("入住日期"))
_REASON = Field(name="reason", kind=Kind.LINE, label=N("原因"), max_length=200)

RESIDENT = _form(
    "resident", N("登记住户"), N("登记住户"),
    _NAME, _PHONE,
    Field(name="phone_label", kind=Kind.LINE, label=N("这个号码"), hint=N("例如单位、只在晚上"), max_length=20),
    _RELATION, _CALL_AS,
    _DECIDES, _EMERGENCY, _MOVED_IN,
    Field(
        name="id_number", kind=Kind.LINE, label=N("身份证号"), hint=N("加密保存，平时不显示"), max_length=20,
        rules=("A-22",),
    ),
    _CODES, _REMINDER,
)  # fmt: skip
HOUSEHOLD = _form(
    "household", N("提醒与住户资料"), N("更正"), _CODES, _REMINDER, _MOVED_IN,
)  # fmt: skip
VEHICLE = _form(
    "vehicle", N("登记车辆"), N("登记车辆"),
    Field(name="plate", kind=Kind.LINE, label=N("车牌"), required=True, max_length=20, example="粤B12345"),
    Field(name="model", kind=Kind.LINE, label=N("车型"), max_length=40),
)  # fmt: skip
TITLE = _form(
    "title", N("产权变更"), N("过户并封存原档案"), _NAME, _PHONE, _CALL_AS,
    Field(name="changed_date", kind=Kind.DATE, label=N("过户日期"), required=True, rules=("A-12",)),
)  # fmt: skip
MOVE_OUT = _form(
    "move_out", N("住户迁出"), N("迁出并封存档案"),
    Field(
        name="moved_out_date", kind=Kind.DATE, label=N("迁出日期"), required=True, rules=("A-12",),
        hint=N("档案封存后只能查看；没办完的事项照常办理"),
    ),
)  # fmt: skip
MEMBER = _form("member", N("更正家庭成员"), N("更正"), _RELATION, _DECIDES, _EMERGENCY)
INFORMED = _form(
    "informed", N("记录告知"), N("记下告知"),
    Field(name="about", kind=Kind.LINE, label=N("告知了什么"), required=True, max_length=200, rules=("C-81",)),
    Field(
        name="mode", kind=Kind.CHOICE, label=N("怎么告知的"), choices=tuple(INFORM_MODES.items()), required=True,
        rules=("C-81",),
    ),
)  # fmt: skip
END_MEMBER = _form(
    "end_member", N("不再住在这一户"), N("移出这一户"),
    Field(name="ended_date", kind=Kind.DATE, label=N("离开日期"), required=True),
)  # fmt: skip
PERSON = _form(
    "person", N("更正个人资料"), N("更正"), _NAME, _CALL_AS,
    Field(name="do_not_call", kind=Kind.FLAG, label=N("勿来电"), hint=N("除紧急情况外不给此人打电话")),
    Field(
        name="id_number", kind=Kind.LINE, label=N("身份证号"), hint=N("留空则不改；加密保存"), max_length=20,
        rules=("A-22",),
    ),
    Field(name="birth_date", kind=Kind.DATE, label=N("出生日期"), hint=N("留空则不改")),
    Field(name="forget", kind=Kind.CHOICES, label=N("删除已存的"), choices=FORGET),
    Field(name="note", kind=Kind.LINE, label=N("备注"), max_length=200),
)  # fmt: skip
_NEW_RELATION = Field(
    name="relation", kind=Kind.CHOICE, label=N("与住户的关系"), choices=RELATIONS, rules=("A-06",)
)  # fmt: skip


def _needs_relation(values: Mapping[str, object]) -> dict[str, str]:
    """Somebody of a home is something there; somebody without one is not."""
    if values.get("room") and not values.get("relation"):
        return {"relation": N("请选择与住户的关系")}
    return {}


# whoever stands at the counter and is in no file yet, with a home here or without one
NEW_FACE = FormSpec(
    name="new_face",
    title=N("新住户、新来人来电"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                _NAME,
                _PHONE,
                _CALL_AS,
                Field(
                    name="room", kind=Kind.LINE, label=N("房号"), hint=N("不住在这里的人留空"), max_length=60,
                    rules=("C-84",),
                ),
            ),
        ),
        Fieldset(
            legend=N("住在这里的人"),
            fields=(_NEW_RELATION, _MOVED_IN, _DECIDES, _EMERGENCY, _CODES, _REMINDER),
        ),
        Fieldset(
            legend=N("不住在这里的人"),
            fields=(
                Field(
                    name="note", kind=Kind.LINE, label=N("备注"), hint=N("例如哪家公司、为什么来"), max_length=200
                ),
            ),
        ),
    ),
    check=_needs_relation,
)  # fmt: skip
NEWCOMER = _form(
    "newcomer", N("登记来人来电"), N("登记"), _NAME, _PHONE, _CALL_AS,
    Field(name="note", kind=Kind.LINE, label=N("备注"), hint=N("例如哪家公司、为什么来"), max_length=200),
)  # fmt: skip
PHONE = _form(
    "phone", N("登记电话"), N("登记电话"),
    Field(name="number", kind=Kind.LINE, label=N("电话"), required=True, max_length=40, rules=("A-06",)),
    Field(name="label", kind=Kind.LINE, label=N("这个号码"), hint=N("例如单位、只在晚上"), max_length=20),
    Field(name="is_primary", kind=Kind.FLAG, label=N("首选号码")),
)  # fmt: skip
PHONE_NOTE = _form(
    "phone_note", N("更正电话"), N("更正"),
    Field(name="label", kind=Kind.LINE, label=N("这个号码"), hint=N("例如单位、只在晚上"), max_length=20),
    Field(name="is_primary", kind=Kind.FLAG, label=N("首选号码")),
)  # fmt: skip
REMOVE_PHONE = _form("remove_phone", N("停用电话"), N("停用电话"), _REASON)
REMOVE_VEHICLE = _form("remove_vehicle", N("注销车辆"), N("注销车辆"), _REASON)
CONSENT = _form(
    "consent", N("登记同意"), N("登记同意"),
    Field(
        name="purpose", kind=Kind.LINE, label=N("同意的用途"), required=True, max_length=60, rules=("A-19",),
        hint=N("例如接收社区活动通知"),
    ),
)  # fmt: skip
WITHDRAW = _form("withdraw", N("撤回同意"), N("撤回同意"))
ROOM = _form(
    "room", N("更正房屋资料"), N("更正"),
    Field(name="unit", kind=Kind.LINE, label=N("单元"), max_length=12),
    Field(
        name="number", kind=Kind.LINE, label=N("房号"), required=True, max_length=12,
        hint=N("改了房号，原来的号自动留作曾用号"),
    ),
    Field(name="use", kind=Kind.CHOICE, label=N("用途"), choices=USES, required=True),
    Field(name="floor", kind=Kind.INTEGER, label=N("楼层"), minimum=-9, maximum=200),
    Field(name="area_m2", kind=Kind.LINE, label=N("建筑面积（平方米）"), max_length=12),
    Field(name="former_key", kind=Kind.LINE, label=N("曾用号"), max_length=40),
)  # fmt: skip
