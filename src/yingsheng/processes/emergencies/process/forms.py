"""The forms of an emergency; each makes its page, its API schema and its sheet."""

from __future__ import annotations

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.processes.emergencies.models import Kind as EmergencyKind
from yingsheng.processes.emergencies.models import OutsideCall

KINDS: Choices = tuple((str(code), str(label)) for code, label in EmergencyKind.choices)
CHANNELS: Choices = tuple(
    (code, str(label))
    for code, label in Case.Channel.choices
    if code in ("phone", "visit", "oral", "relay", "night_log", "hotline")
)
BODIES: Choices = tuple((str(code), str(label)) for code, label in OutsideCall.Body.choices)
POWERS: Choices = (("mobilise", N("调动其他部门人员")), ("protect", N("采取临时保护措施")))
# what a repair order asks for; the codes are those of the process that takes repairs
TRADES: Choices = (
    ("water", N("给排水")),
    ("electric", N("电气")),
    ("carpentry", N("木工门窗")),
    ("masonry", N("泥水防水")),
    ("lock", N("门锁")),
    ("lift", N("电梯")),
    ("appliance", N("设备电器")),
    ("public", N("公共设施")),
    ("other", N("其他工种")),
)
MOST_MINUTES = 600
MOST_INJURED = 999


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(
        name=f"emergency_{name}",
        title=title,
        verb=verb,
        fieldsets=(Fieldset(legend="", fields=fields),) if fields else (),
    )


INTAKE = FormSpec(
    name="emergency_register",
    title=N("登记突发事件"),
    verb=N("登记并报警"),
    fieldsets=(
        Fieldset(
            legend=N("什么事"),
            fields=(
                Field(
                    name="kind", kind=Kind.CHOICE, label=N("哪一种"), choices=KINDS, required=True,
                    rules=("X-01", "X-02"),
                ),
                Field(
                    name="place", kind=Kind.LINE, label=N("地点"), max_length=120, rules=("X-01",),
                    hint=N("房号、楼栋或位置都行；不填就是来电人的房号"), example=N("3栋2单元走廊"),
                ),
                Field(
                    name="body", kind=Kind.TEXT, label=N("发生了什么"), required=True, max_length=1000,
                    rules=("X-01", "X-02"),
                ),
            ),
        ),
        Fieldset(
            legend=N("补充"),
            fields=(Field(name="channel", kind=Kind.CHOICE, label=N("来源"), choices=CHANNELS),),
        ),
    ),
)  # fmt: skip
ACKNOWLEDGE = _form(
    "acknowledge",
    N("接警"),
    N("我来处理"),
    Field(
        name="eta_minutes", kind=Kind.INTEGER, label=N("几分钟到场"), minimum=0, maximum=MOST_MINUTES,
        rules=("X-01", "X-02"),
    ),
    Field(name="who", kind=Kind.STAFF, label=N("谁去"), hint=N("不选就是本人"), rules=("X-01",)),
)  # fmt: skip
ARRIVE = _form(
    "arrive",
    N("到场"),
    N("已到场"),
    Field(name="found", kind=Kind.TEXT, label=N("现场情况"), max_length=1000, rules=("X-02",)),
)
REASSURE = _form(
    "reassure",
    N("安抚告知"),
    N("告知住户"),
    Field(
        name="said", kind=Kind.TEXT, label=N("告诉住户的话"), required=True, max_length=500, rules=("X-03",),
        hint=N("会告知来电人和名单上的每一户"),
    ),
)  # fmt: skip
TICK = _form(
    "tick",
    N("勾处置清单"),
    N("这步已做"),
    Field(
        name="number", kind=Kind.INTEGER, label=N("清单第几步"), required=True, minimum=1, maximum=20,
        rules=("X-03", "X-11"),
    ),
    Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200),
)  # fmt: skip
CALLER = _form(
    "caller",
    N("又一户来电"),
    N("记入名单"),
    Field(name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, rules=("X-03",)),
    Field(name="caller_name", kind=Kind.LINE, label=N("称呼"), max_length=60),
    Field(name="note", kind=Kind.LINE, label=N("他那里的情况"), max_length=200),
)
OUTSIDE = _form(
    "outside",
    N("请外部支援"),
    N("记下这个电话"),
    Field(name="body", kind=Kind.CHOICE, label=N("打给谁"), choices=BODIES, required=True, rules=("X-02",)),
    Field(name="answered", kind=Kind.LINE, label=N("接电话的人"), max_length=60),
    Field(name="called_at", kind=Kind.MOMENT, label=N("什么时候打的"), hint=N("不填为现在")),
    Field(name="note", kind=Kind.LINE, label=N("对方怎么说"), max_length=200),
)
POWER = _form(
    "power",
    N("协调调动"),
    N("记入日志"),
    Field(name="power", kind=Kind.CHOICE, label=N("用了哪项权力"), choices=POWERS, required=True, rules=("X-04",)),
    Field(name="what", kind=Kind.TEXT, label=N("做了什么安排"), required=True, max_length=500, rules=("X-04",)),
)  # fmt: skip
STOP_HARM = _form(
    "stop_harm",
    N("止损"),
    N("损害已止住"),
    Field(
        name="measure", kind=Kind.TEXT, label=N("怎样止住的"), required=True, max_length=500, rules=("X-02",)
    ),
)
RESOLVE = _form(
    "resolve",
    N("处置完毕"),
    N("处置完毕"),
    Field(name="cause", kind=Kind.TEXT, label=N("原因"), required=True, max_length=1000, rules=("X-03",)),
    Field(
        name="measures", kind=Kind.TEXT, label=N("采取的措施"), required=True, max_length=1000, rules=("X-03",),
        hint=N("会告知名单上的每一户"),
    ),
    Field(name="loss_fen", kind=Kind.YUAN, label=N("损失（元）"), rules=("X-07",)),
    Field(
        name="injured", kind=Kind.INTEGER, label=N("受伤人数"), minimum=0, maximum=MOST_INJURED, rules=("X-07",)
    ),
)  # fmt: skip
CALL_BACK = _form(
    "call_back",
    N("回电"),
    N("已回电"),
    Field(name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, rules=("X-03",)),
    Field(name="said", kind=Kind.LINE, label=N("住户怎么说"), max_length=200),
)
REPORT = _form(
    "report",
    N("写特别事件报告"),
    N("报告写好"),
    Field(
        name="course", kind=Kind.TEXT, label=N("事件经过"), required=True, max_length=4000, rules=("X-07",),
        hint=N("时间、地点、谁报告了谁、怎样处置；登记的内容会自动印在报告上"),
    ),
    Field(name="lessons", kind=Kind.TEXT, label=N("教训与防范"), max_length=2000, rules=("X-07",)),
)  # fmt: skip
SIGN = _form(
    "sign",
    N("签批报告"),
    N("签批"),
    Field(name="opinion", kind=Kind.TEXT, label=N("批示意见"), max_length=1000, rules=("X-07",)),
)
CLOSE = _form(
    "close",
    N("归档"),
    N("归档"),
    Field(name="summary", kind=Kind.TEXT, label=N("小结"), max_length=1000),
)
FALSE_ALARM = _form(
    "false_alarm",
    N("误报"),
    N("记为误报"),
    Field(
        name="reason",
        kind=Kind.TEXT,
        label=N("怎样查明是误报"),
        required=True,
        max_length=500,
        rules=("X-01",),
    ),
)
REPAIR = _form(
    "repair",
    N("开报修单"),
    N("开报修单"),
    Field(name="trade", kind=Kind.CHOICE, label=N("工种"), choices=TRADES, required=True, rules=("X-02",)),
    Field(name="body", kind=Kind.TEXT, label=N("要修什么"), required=True, max_length=1000),
)
DRILL = _form(
    "drill",
    N("登记演练"),
    N("登记演练"),
    Field(
        name="kind", kind=Kind.CHOICE, label=N("演练哪一种"), choices=KINDS, required=True, rules=("X-11",)
    ),
    Field(name="held_on", kind=Kind.DATE, label=N("演练日期"), required=True, rules=("X-11",)),
    Field(
        name="participants", kind=Kind.LINE, label=N("参加人"), required=True, max_length=200, rules=("X-11",)
    ),
    Field(name="findings", kind=Kind.TEXT, label=N("发现的问题"), max_length=2000, rules=("X-11",)),
)
