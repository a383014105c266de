"""The forms of the desk; each makes its page and its API schema."""

from __future__ import annotations

from collections.abc import Collection

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N

CHANNELS = (
    ("phone", N("来电")),
    ("visit", N("来访")),
    ("letter", N("来信")),
    ("fax", N("传真")),
    ("email", N("电子邮件")),
)
KINDS = (
    ("enquiry", N("咨询")),
    ("suggestion", N("建议")),
    ("help", N("求助")),
    ("praise", N("表扬")),
    ("direction", N("问路找人")),
    ("business", N("商务服务")),
)
DECISIONS = (("adopted", N("采纳")), ("improve", N("制订改进方案")), ("declined", N("暂不采纳")))

INTAKE = FormSpec(
    name="enquiry",
    title=N("登记咨询建议"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="title",
                    kind=Kind.LINE,
                    label=N("问什么"),
                    required=True,
                    max_length=120,
                    rules=("B-04",),
                ),
                Field(
                    name="answer",
                    kind=Kind.TEXT,
                    label=N("当场答复"),
                    hint=N("当场答不了就留空，约定答复时间"),
                    rules=("B-02", "B-03"),
                ),
                Field(name="agreed_at", kind=Kind.MOMENT, label=N("约定答复时间"), rules=("B-02",)),
                Field(
                    name="kind",
                    kind=Kind.CHOICE,
                    label=N("性质"),
                    choices=KINDS,
                    required=True,
                    rules=("B-08", "B-16", "B-17"),
                ),
                Field(
                    name="channel",
                    kind=Kind.CHOICE,
                    label=N("来源"),
                    choices=CHANNELS,
                    required=True,
                    rules=("B-04",),
                ),
                Field(name="body", kind=Kind.TEXT, label=N("详情"), max_length=2000),
                Field(
                    name="rings",
                    kind=Kind.INTEGER,
                    label=N("铃响几声接起"),
                    minimum=1,
                    maximum=30,
                    rules=("B-06",),
                ),
            ),
        ),
    ),
)
ANSWER = FormSpec(
    name="enquiry_answer",
    title=N("答复"),
    verb=N("记下答复"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="answer", kind=Kind.TEXT, label=N("答复内容"), required=True, rules=("B-03",)),
            ),
        ),
    ),
)
DECIDE = FormSpec(
    name="enquiry_decide",
    title=N("建议处理"),
    verb=N("决定"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="decision",
                    kind=Kind.CHOICE,
                    label=N("决定"),
                    choices=DECISIONS,
                    required=True,
                    rules=("B-08",),
                ),
                Field(name="answer", kind=Kind.TEXT, label=N("给住户的答复"), required=True, rules=("B-08",)),
                Field(
                    name="plan",
                    kind=Kind.TEXT,
                    label=N("改什么"),
                    hint=N("选了制订改进方案才填"),
                    max_length=1000,
                    rules=("B-08",),
                ),
                Field(name="plan_date", kind=Kind.DATE, label=N("什么时候改好"), rules=("B-08",)),
                Field(name="responsible", kind=Kind.STAFF, label=N("由谁来改"), rules=("B-08",)),
            ),
        ),
    ),
)


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


CHECK = _spec(
    "improvement_check", N("检查改进"), N("记下检查"),
    Field(
        name="done", kind=Kind.CHOICE, label=N("落实了吗"), choices=(("yes", N("已落实")), ("no", N("还没有"))),
        required=True, rules=("B-08",),
    ),
    Field(name="finding", kind=Kind.TEXT, label=N("看到的情况"), required=True, max_length=1000, rules=("B-08",)),
    Field(name="new_date", kind=Kind.DATE, label=N("没落实的新日期"), rules=("B-08",)),
)  # fmt: skip
SEND_HELP = _spec(
    "help_send", N("派人去帮"), N("派人去帮"),
    Field(name="helper", kind=Kind.STAFF, label=N("谁去"), required=True, rules=("B-07",)),
    Field(name="note", kind=Kind.LINE, label=N("交代"), rules=("B-07",)),
)  # fmt: skip
HELP_DONE = _spec(
    "help_done", N("告知结果"), N("记下结果"),
    Field(name="answer", kind=Kind.TEXT, label=N("结果"), required=True, max_length=1000, rules=("B-07",)),
)  # fmt: skip
PASS_PRAISE = _spec(
    "praise_pass", N("转告本人和上级"), N("转告"),
    Field(name="praised", kind=Kind.STAFF, label=N("表扬谁"), required=True, rules=("B-07",)),
    Field(name="note", kind=Kind.LINE, label=N("附言"), rules=("B-07",)),
)  # fmt: skip
THANK = _spec(
    "praise_thank", N("回谢住户"), N("记下回谢"),
    Field(name="answer", kind=Kind.TEXT, label=N("怎么谢的"), required=True, max_length=1000, rules=("B-07",)),
)  # fmt: skip
TIDY_ITEMS = (
    ("clean", N("台面和地面干净")),
    ("filed", N("文件资料已归档")),
    ("screens", N("离开时电脑锁屏")),
    ("stocked", N("表格和用品齐全")),
    ("personal", N("没有私人物品和食物")),
    ("seats", N("座椅摆放整齐")),
    ("water", N("饮水和纸杯备好")),
    ("board", N("公告栏没有过期内容")),
    ("floor", N("等候区地面干净")),
    ("light", N("灯光和空调正常")),
)


def tidy_form(*, items: Collection[str]) -> FormSpec:
    """The check list with these items; the whole list where all are asked for."""
    choices = tuple((code, label) for code, label in TIDY_ITEMS if code in items)
    return _spec(
        "desk_tidy", N("整洁检查"), N("记下检查"),
        Field(name="ticked", kind=Kind.CHOICES, label=N("做到了的"), choices=choices, rules=("B-12",)),
        Field(name="findings", kind=Kind.TEXT, label=N("没做到的情况和处理"), max_length=500, rules=("B-12",)),
        Field(name="reason", kind=Kind.LINE, label=N("更正原因"), hint=N("今天第一次检查不用填"), rules=("B-12",)),
    )  # fmt: skip


TIDY = tidy_form(items=[code for code, _label in TIDY_ITEMS])

ASSIGN = FormSpec(
    name="enquiry_assign",
    title=N("派给责任部门"),
    verb=N("派给部门"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="department",
                    kind=Kind.DEPARTMENT,
                    label=N("责任部门"),
                    required=True,
                    rules=("B-05", "B-15"),
                ),
                Field(name="note", kind=Kind.LINE, label=N("交代"), rules=("B-05",)),
            ),
        ),
    ),
)
CONTACT = FormSpec(
    name="enquiry_contact",
    title=N("联系客户"),
    verb=N("记下联系"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="task",
                    kind=Kind.TEXT,
                    label=N("任务"),
                    required=True,
                    max_length=1000,
                    rules=("B-05",),
                ),
                Field(
                    name="person",
                    kind=Kind.LINE,
                    label=N("联系了谁"),
                    required=True,
                    max_length=60,
                    rules=("B-05",),
                ),
                Field(name="said", kind=Kind.TEXT, label=N("说了什么"), max_length=500, rules=("B-05",)),
            ),
        ),
    ),
)
DAY_REPORT = FormSpec(
    name="desk_day",
    title=N("前台日报"),
    verb=N("上报今天"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="note",
                    kind=Kind.TEXT,
                    label=N("要请上级注意的事"),
                    max_length=2000,
                    rules=("B-13", "B-15"),
                ),
                Field(
                    name="reason",
                    kind=Kind.LINE,
                    label=N("更正原因"),
                    hint=N("今天第一次上报不用填"),
                    rules=("B-13",),
                ),
            ),
        ),
    ),
)
OFFICER = FormSpec(
    name="reception_officer",
    title=N("接待管理员"),
    verb=N("指定"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="staff", kind=Kind.STAFF, label=N("由谁接待"), required=True, rules=("B-05",)),
            ),
        ),
    ),
)
