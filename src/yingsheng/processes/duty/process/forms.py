"""The forms of the duty log; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.duty.models import Line, SpotCheck
from yingsheng.processes.duty.rules import HARD, MAJOR

KINDS = tuple((code, str(label)) for code, label in Line.Kind.choices)
POWERS = tuple((code, str(label)) for code, label in Line.Power.choices)
LEVELS = ((HARD, N("难题，报主管")), (MAJOR, N("重大，马上报管理处主任")))
AREAS = (("normal", N("正常")), ("abnormal", N("有异常")))
# the things of the post that are counted at a handover
THINGS = (
    ("phones", N("电话、对讲机")),
    ("keys", N("钥匙柜")),
    ("books", N("登记本册和表单")),
    ("computers", N("电脑、打印机")),
    ("tools", N("手电、雨具等公用品")),
    ("desk", N("桌面和柜台整洁")),
)
CHECK_RESULTS = ((SpotCheck.State.GOOD.value, N("正常")), (SpotCheck.State.WANTING.value, N("有问题")))


def _spec(name: str, title: str, verb: str, *fields: Field, legend: str = "") -> FormSpec:
    groups = (Fieldset(legend=legend, fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _line(
    name: str, label: str, *rules: str, required: bool = False, limit: int = 200, hint: str = ""
) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, required=required, max_length=limit, rules=rules, hint=hint
    )  # fmt: skip


def _text(name: str, label: str, *rules: str, required: bool = False, hint: str = "") -> Field:
    return Field(
        name=name, kind=Kind.TEXT, label=label, required=required, max_length=2000, rules=rules, hint=hint
    )


def _password(name: str, label: str, *rules: str) -> Field:
    return Field(name=name, kind=Kind.SECRET, label=label, required=True, max_length=128, rules=rules)


ARRIVED = Field(
    name="arrived_at", kind=Kind.MOMENT, label=N("到岗时间"), hint=N("不填就是现在"), rules=("D-15",)
)
HAS_READ = Field(name="has_read", kind=Kind.FLAG, label=N("已看上一班记录，问清办到哪一步"), rules=("D-15",))
AREA = Field(
    name="area", kind=Kind.CHOICE, label=N("区域检查"), choices=AREAS, required=True, rules=("D-16",)
)
AREA_NOTE = _line("area_note", N("异常情况"), "D-16", limit=300)
TO_FOLLOW = _text("to_follow", N("要跟进的事"), "D-15")

OPEN_POST = _spec(
    "duty_open_post", N("接空岗"), N("签名接班"),
    _line("post", N("值班岗"), "D-05", hint=N("只有一个岗空着时不用填"), limit=40),
    ARRIVED, HAS_READ, AREA, AREA_NOTE, TO_FOLLOW, _password("password", N("接班人密码"), "D-17"),
)  # fmt: skip

WRITTEN = (
    Field(name="kind", kind=Kind.CHOICE, label=N("类别"), choices=KINDS, required=True, rules=("D-06", "D-14", "D-24")),
    _text("content", N("内容"), "D-14", "D-24", required=True),
    _line("room", N("房号"), "D-24", limit=40, hint=N("例如 3-2-1802")),
    _line("caller", N("来电来访人"), "D-24", limit=60),
    Field(name="phone", kind=Kind.PHONE, label=N("电话"), rules=("D-24",)),
    _text("action", N("怎样处理、采取了什么措施"), "D-07", "D-12"),
    Field(name="department", kind=Kind.DEPARTMENT, label=N("通知或调动的部门"), rules=("D-06", "D-12", "D-24")),
    _line("told", N("报告或通知了谁"), "D-07", "D-09", limit=60),
    Field(name="told_at", kind=Kind.MOMENT, label=N("通知时间"), rules=("D-24",)),
    Field(
        name="power", kind=Kind.CHOICE, label=N("用了哪项权力"), choices=POWERS, rules=("D-12",),
        hint=N("调动别的部门或采取保护措施时必须写明"),
    ),
    Field(name="level", kind=Kind.CHOICE, label=N("自己解决不了，上报"), choices=LEVELS, rules=("D-09",)),
    _text("result", N("结果"), "D-14"),
    Field(name="important", kind=Kind.FLAG, label=N("重要，没办完不能交班"), rules=("D-20",)),
)  # fmt: skip
NOTE = _spec(
    "duty_note", N("记一条"), N("记入日志"), *WRITTEN,
    Field(name="is_open", kind=Kind.FLAG, label=N("还没办完，要接着办"), rules=("D-15", "D-19", "D-25")),
    Field(
        name="corrects", kind=Kind.INTEGER, label=N("更正哪一条（编号）"), minimum=1, rules=("D-14",),
        hint=N("记下的不能改，写错了就另写一条来更正"),
    ),
)  # fmt: skip
# the same line, written because something is still to come of it
NOTE_OPEN = _spec("duty_note_open", N("记一件未完的事"), N("记入日志"), *WRITTEN)

PREPARE = _spec(
    "duty_prepare", N("交班准备"), N("准备好了"),
    Field(name="tidied", kind=Kind.FLAG, label=N("公共物品和桌面已整理"), rules=("D-18",)),
    Field(name="property", kind=Kind.CHOICES, label=N("清点在位的公物"), choices=THINGS, rules=("D-18",)),
    _line("property_note", N("缺少或损坏"), "D-18", limit=300),
    Field(name="evidence", kind=Kind.FLAG, label=N("记录已写好，凭证已收齐"), rules=("D-19",)),
    _text("told", N("如实写明未完的事"), "D-19"),
)  # fmt: skip

ACCEPT = _spec(
    "duty_accept", N("主管放行未完事项"), N("同意带到下一班"),
    _line("numbers", N("清单编号"), "D-20", hint=N("例如 1 3；不填就是全部")),
    _line("reason", N("原因"), "D-20", required=True),
)  # fmt: skip

REFUSE = _spec(
    "duty_refuse", N("不接班"), N("不接，退回"),
    Field(name="incoming", kind=Kind.STAFF, label=N("接班人"), required=True, rules=("D-16",)),
    _line("reason", N("为什么不接"), "D-16", required=True),
)  # fmt: skip

HAND_OVER = _spec(
    "duty_hand_over", N("当面交接"), N("双方签名交接"),
    Field(name="outgoing", kind=Kind.STAFF, label=N("交班人"), required=True, rules=("D-17", "D-19")),
    Field(name="incoming", kind=Kind.STAFF, label=N("接班人"), required=True, rules=("D-15", "D-17")),
    ARRIVED, HAS_READ, AREA, AREA_NOTE,
    _line("area_explained", N("交班人的说明"), "D-16", limit=300), TO_FOLLOW,
    _password("outgoing_password", N("交班人密码"), "D-17", "D-19"),
    _password("incoming_password", N("接班人密码"), "D-17"),
)  # fmt: skip

CLOSE = _spec("duty_close", N("下班收岗"), N("签名下班"), _password("password", N("您的密码"), "D-19"))

STEP_OUT = _spec(
    "duty_step_out", N("临时离岗"), N("离岗"),
    _line("reason", N("去做什么"), "D-08", "D-04", required=True),
    Field(name="cover", kind=Kind.STAFF, label=N("谁顶替"), hint=N("岗上还有人时可以不填"), rules=("D-04",)),
)  # fmt: skip
STEP_BACK = _spec("duty_step_back", N("回到岗上"), N("回岗"))

SETTLE = _spec(
    "duty_settle", N("已办完"), N("办完"), _line("note", N("怎样办完的"), "D-15", required=True, limit=300)
)
LINK = _spec(
    "duty_link", N("已开单"), N("记下单号"), _line("number", N("单号"), "D-25", required=True, limit=40)
)

SPOT_CHECK = _spec(
    "duty_spot_check", N("抽查值班"), N("记下抽查"),
    Field(name="person", kind=Kind.STAFF, label=N("抽查谁"), rules=("D-22",)),
    Field(name="result", kind=Kind.CHOICE, label=N("结果"), choices=CHECK_RESULTS, required=True, rules=("D-22",)),
    _text("found", N("看到的情况"), "D-22", required=True),
    _line("demanded", N("要求怎样整改"), "D-22", limit=300),
)  # fmt: skip
MEND = _spec(
    "duty_mend", N("已整改"), N("已整改"), _line("mended", N("怎样整改的"), "D-22", required=True, limit=300)
)

SIGN_LOG = _spec(
    "duty_sign_log", N("签署值班记录"), N("检查无误，签名"),
    _line("remark", N("批示"), "D-21", limit=300), _password("password", N("您的密码"), "D-21"),
)  # fmt: skip
