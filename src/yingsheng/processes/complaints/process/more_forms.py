"""Forms of what goes on beside the handling: confirming, asking, taking over, and what periods owe."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.complaints.process import words as w


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


CONFIRM = _form(
    "complaint_confirm",
    N("签认记录"),
    N("签认记录"),
    Field(name="signed_by", kind=Kind.LINE, label=N("签认人"), max_length=60, rules=("C-11",)),
    Field(
        name="signature",
        kind=Kind.SIGNATURE,
        label=N("住户签名"),
        hint=N("或填写纸质表的编号"),
        rules=("C-11",),
    ),
    Field(name="reference", kind=Kind.LINE, label=N("纸质表编号"), max_length=60, rules=("C-11",)),
    Field(name="statement", kind=Kind.TEXT, label=N("住户自己的话"), max_length=1000, rules=("C-11",)),
)
ASK = _form(
    "complaint_ask",
    N("请部门协助"),
    N("问这个部门"),
    Field(name="department", kind=Kind.DEPARTMENT, label=N("问哪个部门"), required=True, rules=("C-43",)),
    Field(
        name="question",
        kind=Kind.TEXT,
        label=N("需要什么"),
        required=True,
        max_length=1000,
        rules=("C-43", "C-85"),
    ),
)
ANSWER_ASK = _form(
    "complaint_answer_ask",
    N("部门答复"),
    N("答复"),
    Field(
        name="answer", kind=Kind.TEXT, label=N("解决办法"), required=True, max_length=1000, rules=("C-43",)
    ),
    Field(name="tell", kind=Kind.FLAG, label=N("同时告知住户"), rules=("C-43",)),
)
TAKE_OVER = _form(
    "complaint_take_over",
    N("白班接件"),
    N("接件并通知部门"),
    Field(name="department", kind=Kind.DEPARTMENT, label=N("通知哪个部门"), required=True, rules=("C-80",)),
    Field(name="text", kind=Kind.LINE, label=N("交接说明"), rules=("C-80",)),
)
CONTACT_OTHER = _form(
    "complaint_contact_other",
    N("联系另一户"),
    N("记下联系"),
    Field(name="person", kind=Kind.LINE, label=N("联系了谁"), required=True, max_length=60, rules=("C-82",)),
    Field(name="reached", kind=Kind.FLAG, label=N("联系上了"), rules=("C-82",)),
    Field(
        name="said",
        kind=Kind.TEXT,
        label=N("联系情况"),
        hint=N("会告知投诉人"),
        required=True,
        max_length=500,
        rules=("C-82",),
    ),
)
STOP_HARM = _form(
    "complaint_stop_harm",
    N("止损"),
    N("记下止损"),
    Field(
        name="measure",
        kind=Kind.TEXT,
        label=N("怎样止住的"),
        hint=N("会告知投诉人"),
        required=True,
        max_length=500,
        rules=("C-17",),
    ),
)
SUPPLEMENT = _form(
    "complaint_supplement",
    N("补记要素"),
    N("补记"),
    Field(name="happened_at", kind=Kind.MOMENT, label=N("发生时间"), rules=("C-09",)),
    Field(name="place", kind=Kind.LINE, label=N("地点"), max_length=120, rules=("C-09",)),
    Field(name="respondent", kind=Kind.LINE, label=N("被投诉的人或部门"), max_length=120, rules=("C-09",)),
    Field(name="demand", kind=Kind.TEXT, label=N("住户的要求"), max_length=500, rules=("C-09",)),
)
JOIN = _form(
    "complaint_join",
    N("并入已有的集体投诉"),
    N("并入"),
    Field(
        name="number",
        kind=Kind.LINE,
        label=N("集体投诉编号"),
        required=True,
        max_length=40,
        rules=("C-65", "X-08"),
    ),
)
SIGN_UNANSWERED = _form(
    "complaint_sign_unanswered",
    N("核对未答复的投诉"),
    N("核对签认"),
    Field(name="note", kind=Kind.TEXT, label=N("核对情况"), max_length=1000, rules=("C-69",)),
    Field(
        name="reason",
        kind=Kind.LINE,
        label=N("再次核对的原因"),
        hint=N("今天第一次核对不用填"),
        rules=("C-69",),
    ),
)
FILE_MONTH = _form(
    "complaint_file_month",
    N("报送"),
    N("报送这一期"),
    Field(name="note", kind=Kind.TEXT, label=N("情况分析"), max_length=4000, rules=("C-73", "C-75")),
    Field(name="reason", kind=Kind.LINE, label=N("更正原因"), hint=N("第一次报送不用填"), rules=("C-75",)),
)
IMPROVE = _form(
    "improvement",
    N("改进措施"),
    N("定下措施"),
    Field(
        name="source",
        kind=Kind.CHOICE,
        label=N("从哪里看出来的"),
        choices=tuple((str(code), str(label)) for code, label in Improvement.Source.choices),
        required=True,
        rules=("C-79", "F-22"),
    ),
    Field(name="category", kind=Kind.CHOICE, label=N("投诉类别"), choices=w.CATEGORIES, rules=("C-25",)),
    Field(name="number", kind=Kind.LINE, label=N("集体投诉编号"), max_length=40, rules=("C-79",)),
    Field(
        name="pattern",
        kind=Kind.TEXT,
        label=N("看到的规律"),
        required=True,
        max_length=1000,
        rules=("C-79", "F-22"),
    ),
    Field(name="measure", kind=Kind.TEXT, label=N("措施"), required=True, max_length=1000, rules=("C-79",)),
    Field(name="responsible", kind=Kind.STAFF, label=N("负责人"), required=True, rules=("C-79",)),
    Field(name="done_by", kind=Kind.DATE, label=N("完成日期"), required=True, rules=("C-79",)),
    Field(
        name="evaluate_on",
        kind=Kind.DATE,
        label=N("评估日期"),
        hint=N("不填按规程的评估周期"),
        rules=("C-79", "F-22"),
    ),
)
EVALUATE = _form(
    "improvement_evaluate",
    N("评估效果"),
    N("记下评估"),
    Field(
        name="effective",
        kind=Kind.CHOICE,
        label=N("效果"),
        choices=(("yes", N("措施有效")), ("no", N("无效，要调整"))),
        required=True,
        rules=("C-79", "F-22"),
    ),
    Field(
        name="evaluation",
        kind=Kind.TEXT,
        label=N("评估的依据"),
        required=True,
        max_length=1000,
        rules=("C-79", "F-22"),
    ),
)
ADJUST = _form(
    "improvement_adjust",
    N("调整措施"),
    N("调整"),
    Field(
        name="measure",
        kind=Kind.TEXT,
        label=N("新的措施"),
        required=True,
        max_length=1000,
        rules=("C-79", "F-22"),
    ),
    Field(name="responsible", kind=Kind.STAFF, label=N("负责人"), required=True, rules=("C-79",)),
    Field(name="done_by", kind=Kind.DATE, label=N("完成日期"), required=True, rules=("C-79",)),
    Field(
        name="evaluate_on",
        kind=Kind.DATE,
        label=N("评估日期"),
        hint=N("不填按规程的评估周期"),
        rules=("C-79", "F-22"),
    ),
)
