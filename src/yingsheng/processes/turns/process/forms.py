"""The forms of rosters: leave, swaps, wishes, calls, posts and shifts, tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.turns.models import CallAttempt, Leave

LEAVE_KINDS = tuple((code, str(label)) for code, label in Leave.Kind.choices)
OUTCOMES = tuple(
    (str(code.value), str(code.label)) for code in CallAttempt.State if code != CallAttempt.State.CAME
)
WEEKDAYS = (
    ("0", N("周一")), ("1", N("周二")), ("2", N("周三")), ("3", N("周四")), ("4", N("周五")), ("5", N("周六")),
    ("6", N("周日")),
)  # fmt: skip
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


@lru_cache(maxsize=1)
def role_choices() -> Choices:
    """Every role by its canonical name."""
    text = resources.files("yingsheng.content").joinpath("roles.toml").read_text(encoding="utf-8")
    return tuple((row["code"], row["zh"]) for row in tomllib.loads(text)["role"])


def spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    """A form of one group without a heading."""
    return FormSpec(
        name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),) if fields else ()
    )


def _clock_check(values: Mapping[str, object]) -> Mapping[str, str]:
    wrong = N("请写成 07:30 的样子")
    return {
        name: wrong
        for name in ("starts", "ends")
        if values.get(name) and not CLOCK.fullmatch(str(values[name]).replace("：", ":").strip())
    }


REASON = Field(
    name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("D-11", "D-28")
)
DECISION = Field(name="decision", kind=Kind.LINE, label=N("意见"), max_length=200, rules=("D-11",))
WHY_NOT = Field(
    name="decision", kind=Kind.LINE, label=N("理由"), required=True, max_length=200, rules=("D-11",)
)
SUBSTITUTE = Field(name="substitute", kind=Kind.STAFF, label=N("谁来替班"), rules=("D-11",))
NOTE = Field(name="note_text", kind=Kind.LINE, label=N("说明"), max_length=100, rules=("D-01", "D-13"))

LEAVE = spec(
    "leave", N("申请请假或替班"), N("申请"),
    Field(name="kind", kind=Kind.CHOICE, label=N("类别"), choices=LEAVE_KINDS, required=True, rules=("D-11", "D-28")),
    Field(name="starts_at", kind=Kind.MOMENT, label=N("从什么时候"), required=True, rules=("D-11",)),
    Field(name="ends_at", kind=Kind.MOMENT, label=N("到什么时候"), required=True, rules=("D-11",)),
    Field(
        name="reason", kind=Kind.LINE, label=N("特殊原因"), hint=N("没有特殊原因不请假、不替班"), required=True,
        max_length=200, rules=("D-28",),
    ),
)  # fmt: skip
LEAVE_APPROVE = spec(
    "leave_approve", N("批准"), N("批准请假"),
    Field(
        name="substitute", kind=Kind.STAFF, label=N("谁来替班"), hint=N("可以先批准，替班的人随后再定"),
        rules=("D-11",),
    ),
    DECISION,
)  # fmt: skip
LEAVE_SUBSTITUTE = spec(
    "leave_substitute", N("安排替班"), N("定下替班"),
    Field(name="substitute", kind=Kind.STAFF, label=N("谁来替班"), required=True, rules=("D-11",)),
    Field(name="day", kind=Kind.DATE, label=N("哪一天"), hint=N("留空就是全部还没人替的班"), rules=("D-11",)),
)  # fmt: skip
LEAVE_REFUSE = spec("leave_refuse", N("不批准"), N("不批准"), WHY_NOT)
LEAVE_WITHDRAW = spec("leave_withdraw", N("撤回申请"), N("撤回"))

SWAP = spec(
    "swap", N("申请换班"), N("问同事"),
    Field(name="day", kind=Kind.DATE, label=N("我的哪一天"), required=True, rules=("D-11",)),
    Field(
        name="shift", kind=Kind.LINE, label=N("班次代码"), hint=N("那天只有一个班就留空"), max_length=20,
        rules=("D-11",),
    ),
    Field(name="colleague", kind=Kind.STAFF, label=N("和谁换"), required=True, rules=("D-11",)),
    Field(
        name="other_day", kind=Kind.DATE, label=N("换对方的哪一天"), hint=N("留空就是请对方替，不还班"),
        rules=("D-11",),
    ),
    REASON,
)  # fmt: skip
SWAP_AGREE = spec("swap_agree", N("同意换班"), N("同意"))
SWAP_DECLINE = spec("swap_decline", N("不同意换班"), N("不同意"), DECISION)
SWAP_APPROVE = spec("swap_approve", N("批准换班"), N("批准换班"))
SWAP_REFUSE = spec("swap_refuse", N("不批准"), N("不批准"), WHY_NOT)
SWAP_WITHDRAW = spec("swap_withdraw", N("撤回申请"), N("撤回"))

WISH = spec(
    "wish", N("希望休息的日子"), N("登记"),
    Field(name="day", kind=Kind.DATE, label=N("哪一天"), required=True, rules=("D-01",)), NOTE,
)  # fmt: skip
WISH_WITHDRAW = spec("wish_withdraw", N("撤回愿望"), N("撤回"))

CALL = spec(
    "on_call_attempt", N("登记一次联系"), N("登记"),
    Field(name="staff", kind=Kind.STAFF, label=N("联系谁"), required=True, rules=("D-13",)),
    Field(name="outcome", kind=Kind.CHOICE, label=N("结果"), choices=OUTCOMES, required=True, rules=("D-13",)),
    Field(name="reason", kind=Kind.LINE, label=N("为什么事"), required=True, max_length=200, rules=("D-13",)), NOTE,
)  # fmt: skip
CALL_CAME = spec("on_call_came", N("回到现场"), N("已回到现场"), NOTE)

_NAMES = (
    Field(name="name", kind=Kind.LINE, label=N("名称"), required=True, max_length=20, rules=("D-02",)),
    Field(name="name_en", kind=Kind.LINE, label=N("英文名称"), max_length=40, rules=("D-02",)),
)
CODE = Field(
    name="code", kind=Kind.LINE, label=N("代码"), hint=N("表格里显示的短代码，例如 A"), required=True, max_length=6,
    rules=("D-02",),
)  # fmt: skip
ACTIVE = Field(name="active", kind=Kind.FLAG, label=N("使用中"), rules=("D-02",))


def post_form(*, new: bool) -> FormSpec:
    """A duty post, new or to be changed."""
    roles = Field(
        name="roles", kind=Kind.CHOICES, label=N("哪些岗位可以值"), hint=N("都不选就是谁都可以"),
        choices=role_choices(), rules=("D-04",),
    )  # fmt: skip
    key = Field(name="is_key", kind=Kind.FLAG, label=N("关键岗位，一刻也不能无人"), rules=("D-04",))
    if new:
        return spec("post_new", N("新增值班岗位"), N("新增"), CODE, *_NAMES, roles, key)
    return spec("post_change", N("修改值班岗位"), N("保存"), *_NAMES, roles, key, ACTIVE)


def shift_form(*, new: bool) -> FormSpec:
    """A shift, new or to be changed."""
    fields = (
        *_NAMES,
        Field(name="starts", kind=Kind.LINE, label=N("开始"), required=True, max_length=5, example="07:30",
              rules=("D-02", "D-03")),
        Field(name="ends", kind=Kind.LINE, label=N("结束"), hint=N("不晚于开始就是次日"), required=True, max_length=5,
              example="15:30", rules=("D-02", "D-03")),
        Field(name="needs", kind=Kind.INTEGER, label=N("至少几人"), required=True, minimum=1, maximum=50,
              rules=("D-04",)),
        Field(name="weekdays", kind=Kind.CHOICES, label=N("星期几"), required=True, choices=WEEKDAYS,
              rules=("D-02",)),
    )  # fmt: skip
    if new:
        base = spec("shift_new", N("新增班次"), N("新增"), CODE, *fields)
    else:
        base = spec("shift_change", N("修改班次"), N("保存"), *fields, ACTIVE)
    return FormSpec(
        name=base.name, title=base.title, verb=base.verb, fieldsets=base.fieldsets, check=_clock_check
    )


ASSIGN = spec(
    "turn", N("排班"), N("排上"),
    Field(name="staff", kind=Kind.STAFF, label=N("谁"), required=True, rules=("D-01",)),
)  # fmt: skip
TABLE = spec(
    "roster_table", N("导入排班表"), N("先检查"),
    Field(
        name="table", kind=Kind.TABLE, label=N("文件"), hint=N("Excel 月表（.xlsx）或日历（.ics）"), required=True,
        rules=("D-01",),
    ),
)  # fmt: skip
