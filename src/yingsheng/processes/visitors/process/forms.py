"""The forms of passes, visitors and deposits; each makes its page and its API schema."""

from __future__ import annotations

from typing import Any

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.visitors.models import Deposit, Pass, Visitor

RELATIONS: Choices = tuple((code, str(label)) for code, label in Pass.Relation.choices)
CONSENTS: Choices = tuple((code, str(label)) for code, label in Pass.Consent.choices)
GIVEN: Choices = (("phone", N("电话问过业主")), ("letter", N("业主签字的书面同意")))
ANSWERS: Choices = (("yes", N("同意放行")), ("no", N("不同意")))
MATCHES: Choices = (("yes", N("逐项核对，相符")), ("no", N("不相符")))
KEPT_BACK: Choices = (
    ("mismatch", N("实物和清单不符")), ("no_pass", N("没带放行条")), ("owner_no", N("业主不同意")),
    ("put_off", N("住户另约时间")), ("other", N("其它，写在说明里")),
)  # fmt: skip
HOST_KINDS: Choices = tuple((code, str(label)) for code, label in Visitor.HostKind.choices)
ID_STATES: Choices = tuple((code, str(label)) for code, label in Visitor.IdState.choices)
HOST_ANSWERS: Choices = (("yes", N("同意见")), ("no", N("不愿见")), ("absent", N("不在或没接")))
REASONS: Choices = (
    ("host_unwilling", N("被访人不愿见")), ("id_unwilling", N("不愿出示证件")),
    ("id_forgotten", N("忘带证件，没有干部来协助")),
    ("forced", N("强行进入")), ("no_host", N("说不清找谁")), ("closed_floor", N("楼层不对外")),
)  # fmt: skip
DEPOSIT_KINDS: Choices = tuple((code, str(label)) for code, label in Deposit.Kind.choices)
ID_KINDS: Choices = (
    ("id_card", N("身份证")), ("passport", N("护照")), ("driving", N("驾驶证")), ("work_card", N("工作证")),
    ("known", N("认得本人")),
)  # fmt: skip


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(
        name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),) if fields else ()
    )


def _line(name: str, label: str, *rules: str, required: bool = False, most: int = 60, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, required=required, max_length=most, rules=rules, **more
    )


def _text(name: str, label: str, *rules: str, required: bool = False, most: int = 300, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.TEXT, label=label, required=required, max_length=most, rules=rules, **more
    )


def _choice(
    name: str, label: str, choices: Choices, *rules: str, required: bool = False, hint: str = ""
) -> Field:
    return Field(
        name=name, kind=Kind.CHOICE, label=label, choices=choices, rules=rules, required=required, hint=hint
    )


def _moment(name: str, label: str, *rules: str, hint: str = "") -> Field:
    return Field(name=name, kind=Kind.MOMENT, label=label, rules=rules, hint=hint)


REASON = _line("reason", N("原因"), required=True, most=200)
ROOM = Field(
    name="room",
    kind=Kind.LINE,
    max_length=40,
    label=N("房号"),
    required=True,
    example="3-2-1802",
    rules=("V-09",),
)
ITEMS = _text(
    "items", N("物品清单"), "V-02", "V-09", required=True, most=900,
    hint=N("一行一样，写名称和数量，大件写上“大件”。例如：双门冰箱 1 大件"),
)  # fmt: skip
PLATE = _line("plate", N("车牌"), "V-09", most=12, example="粤B12345")
LETTER = Field(
    name="letter",
    kind=Kind.FILES,
    label=N("书面同意的照片"),
    hint=N("业主签字的委托，拍照附上"),
    rules=("V-02",),
)
CONSENT_NAME = _line(
    "consent_name", N("哪位业主同意的"), "V-02", hint=N("电话问的写业主的称呼；书面的写签字人")
)

PASS = _spec(
    "release_pass", N("开放行条"), N("开出"),
    ROOM,
    _line("applicant", N("申请人"), "V-09", required=True),
    _choice("relation", N("与住户的关系"), RELATIONS, "V-02", required=True),
    _choice(
        "consent_way", N("业主同意"), CONSENTS, "V-02",
        hint=N("亲属、租户、单位要有业主的同意；还没问到的先登记，问到了再开出"),
    ),
    CONSENT_NAME, LETTER, ITEMS, PLATE,
    _moment("valid_from", N("从什么时候有效"), "V-09", hint=N("不填就是现在")),
    _moment("valid_until", N("有效到"), "V-09", hint=N("不填按规程的时长")),
    _line("arrears_remark", N("欠费提醒"), "V-09", most=120, hint=N("只作提醒，不影响放行")),
)  # fmt: skip
PASS_CONSENT = _spec(
    "pass_consent", N("记下业主的同意"), N("同意，开出"),
    _choice("consent_way", N("怎么同意的"), GIVEN, "V-02", required=True), CONSENT_NAME, LETTER,
)  # fmt: skip
PASS_ANSWER = _spec(
    "pass_answer", N("回门岗的话"), N("回话"),
    _choice("answer", N("业主怎么说"), ANSWERS, "V-02", required=True),
    _line("remark", N("问了谁、怎么说的"), "V-02", required=True, most=200),
)  # fmt: skip
PASS_REPLACE = _spec("pass_replace", N("换新条"), N("换新条"), ITEMS, PLATE)
PASS_REVOKE = _spec("pass_revoke", N("撤销"), N("撤销"), REASON)

# at the gate, on a phone; the code comes with each deed, for the phone may know a pass from its code alone
CODE = _text("code", N("放行条的码或编号"), "V-02", required=True, most=2400)
GATE_RELEASE = _spec(
    "gate_release", N("放行"), N("放行"), CODE,
    _choice("matches", N("实物和清单"), MATCHES, "V-02", required=True),
    _line("remark", N("说明"), "V-03", most=200, hint=N("先问候，再请出示放行条；东西重的搭把手")),
)  # fmt: skip
GATE_KEEP = _spec(
    "gate_keep", N("未放行"), N("记为未放行"), CODE,
    _choice("reason", N("为什么"), KEPT_BACK, "V-02", required=True),
    _line("remark", N("说明"), "V-03", most=200),
)  # fmt: skip
GATE_ASK = _spec(
    "gate_ask", N("联系业主"), N("请前台联系业主"), CODE,
    _line("question", N("要问业主什么"), "V-02", required=True, most=200),
)  # fmt: skip

VISITOR = _spec(
    "visitor", N("登记来访"), N("登记"),
    _line("name", N("来访人"), "V-09", required=True, hint=N("问好，问清找谁；只记姓名，不记证件号")),
    _choice("host_kind", N("找谁"), HOST_KINDS, "V-05", required=True),
    _line("room", N("住户房号"), "V-05", "V-09", most=40, example="3-2-1802"),
    _line("host_unit", N("办公单位、楼层"), "V-01", "V-08"),
    Field(name="host_staff", kind=Kind.STAFF, label=N("找哪位员工"), rules=("V-08",)),
    _line("purpose", N("事由"), "V-09", required=True, most=120),
    Field(name="people", kind=Kind.INTEGER, label=N("人数"), minimum=1, maximum=200, rules=("V-09",)),
    Field(name="is_vip", kind=Kind.FLAG, label=N("重要来宾"), rules=("V-08",)),
    _moment("expected_at", N("预约的时间"), "V-08", hint=N("已经到了的不填")),
    Field(name="met_by", kind=Kind.STAFF, label=N("由谁迎接、引导"), hint=N("预约的要填"), rules=("V-08",)),
)  # fmt: skip
VISITOR_ARRIVED = _spec("visitor_arrived", N("客人到了"), N("到了，去联系被访人"))
VISITOR_IN = _spec(
    "visitor_in", N("请客人进去"), N("进入"),
    _choice("host_answer", N("被访人怎么说"), HOST_ANSWERS, "V-05", required=True),
    _choice("id_state", N("证件"), ID_STATES, "V-05", "V-06", hint=N("只有保安员可以要求出示；看过即还，不留不抄")),
    _line("leader", N("来协助的干部"), "V-06", hint=N("忘带证件又必须进时填")),
    _line("led_by", N("由谁带路"), "V-01", "V-08", hint=N("去办公楼层的要填")),
)  # fmt: skip
VISITOR_REFUSE = _spec(
    "visitor_refuse", N("婉言谢绝"), N("记为未进入"),
    _choice("reason", N("原因"), REASONS, "V-06", "V-09", required=True, hint=N("怎么说，看旁边的参考话术")),
    _line("leader", N("呼叫了哪位干部"), "V-06", hint=N("强行进入时必填")),
)  # fmt: skip
VISITOR_MESSAGE = _spec(
    "visitor_message", N("代收留言或名片"), N("代收"),
    _text("message", N("留言，或名片上的单位和姓名"), "V-07", required=True),
)  # fmt: skip
VISITOR_LEAVE = _spec("visitor_leave", N("客人离开"), N("道别，登记离开"))
VISITOR_CANCEL = _spec("visitor_cancel", N("取消预约"), N("取消"), REASON)

DEPOSIT = _spec(
    "deposit", N("登记寄存或失物"), N("收下"),
    _choice("kind", N("是哪一种"), DEPOSIT_KINDS, "V-04", required=True),
    _line("name", N("物品"), "V-09", required=True, most=120),
    _line("condition", N("状况"), "V-09", required=True, most=200, hint=N("几件、有没有破损、是否封好；不拆看")),
    _line("giver", N("寄存人或拾到的人"), "V-09", required=True),
    Field(name="phone", kind=Kind.PHONE, label=N("电话"), rules=("V-09",)),
    _line("room", N("寄存人或失主的房号"), "V-04", most=40, example="3-2-1802"),
    _line("found_where", N("在哪里捡到的"), "V-04", most=120, hint=N("失物要填")),
    _line("place", N("放在哪里"), "V-09", required=True, most=120, example="大堂柜2格"),
    Field(name="photos", kind=Kind.FILES, label=N("照片"), rules=("V-09",)),
    _line("remark", N("备注"), most=200),
)  # fmt: skip
DEPOSIT_COLLECT = _spec(
    "deposit_collect", N("领取"), N("交给领取人"),
    _line("collector", N("领取人"), "V-09", required=True),
    _choice("id_kind", N("凭什么认人"), ID_KINDS, "V-09", required=True, hint=N("看过即还，不留不抄")),
    Field(name="phone", kind=Kind.PHONE, label=N("电话"), rules=("V-09",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("领取人签名"), required=True, rules=("V-09",)),
)  # fmt: skip
DEPOSIT_HAND_ON = _spec(
    "deposit_hand_on", N("移交出去"), N("移交"),
    _line("to", N("移交给谁"), "V-04", required=True, example="派出所"), REASON,
)  # fmt: skip
DEPOSIT_MOVE = _spec(
    "deposit_move", N("换地方存放"), N("换地方"),
    _line("place", N("新的位置"), "V-04", required=True, most=120),
)  # fmt: skip
SLIPS = Field(
    name="slips", kind=Kind.INTEGER, label=N("门岗交回的存根张数"), required=True, minimum=0, maximum=9999,
    rules=("V-02",),
)  # fmt: skip
WEEK_NOTE = _line("note", N("张数不符的原因"), "V-02", most=200, hint=N("张数相符不用填"))
WEEK_REASON = _line("correction", N("更正的原因"), "V-02", most=200, hint=N("已经报过又要改时填"))
RENEW_KEY = _spec(
    "gate_key", N("换签名密钥"), N("换密钥"),
    _line("reason", N("为什么换"), "V-02", required=True, most=200, hint=N("已开出的放行条用到过期为止")),
)  # fmt: skip
