"""The forms of the complaint desk; each makes its page, its API schema and its sheet."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.process import words as w


def _form(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


REGISTER = FormSpec(
    name="complaint_register",
    title=N("登记投诉"),
    verb=N("登记投诉"),
    fieldsets=(
        Fieldset(
            legend=N("事由"),
            fields=(
                Field(
                    name="title",
                    kind=Kind.LINE,
                    label=N("投诉什么"),
                    required=True,
                    max_length=120,
                    rules=("C-04", "C-09", "C-71"),
                ),
                Field(
                    name="body",
                    kind=Kind.TEXT,
                    label=N("经过"),
                    hint=N("照住户的话写，不加判断"),
                    rules=("C-09",),
                ),
                Field(
                    name="category",
                    kind=Kind.CHOICE,
                    label=N("类别"),
                    hint=N("不选则按文字归类，定级时可改"),
                    choices=w.CATEGORIES,
                    rules=("C-25",),
                ),
                Field(name="demand", kind=Kind.TEXT, label=N("住户的要求"), max_length=500, rules=("C-09",)),
            ),
        ),
        Fieldset(
            legend=N("补充"),
            fields=(
                Field(
                    name="channel",
                    kind=Kind.CHOICE,
                    label=N("来源"),
                    choices=w.CHANNELS,
                    required=True,
                    rules=("C-01", "C-03"),
                ),
                Field(
                    name="files",
                    kind=Kind.FILES,
                    label=N("照片或PDF文件"),
                    hint=N("可一次选几个，每个不超过10 MB；照片里的位置信息会去掉"),
                ),
                Field(name="place", kind=Kind.LINE, label=N("地点"), max_length=120, rules=("C-09",)),
                Field(name="happened_at", kind=Kind.MOMENT, label=N("发生时间"), rules=("C-09",)),
                Field(
                    name="heard_at",
                    kind=Kind.MOMENT,
                    label=N("接到投诉的时间"),
                    hint=N("当时没有登记才填，时限从那时算起"),
                    rules=("C-12", "C-13", "C-80"),
                ),
                Field(
                    name="respondent",
                    kind=Kind.LINE,
                    label=N("被投诉的人或部门"),
                    max_length=120,
                    rules=("C-09",),
                ),
                Field(
                    name="respondent_staff",
                    kind=Kind.STAFF,
                    label=N("被投诉的员工"),
                    hint=N("选中后本件涉密，本人看不到"),
                    rules=("C-78",),
                ),
                Field(
                    name="household_limit_at",
                    kind=Kind.MOMENT,
                    label=N("住户要求的完成时间"),
                    rules=("C-39",),
                ),
                Field(
                    name="first_heard_by", kind=Kind.STAFF, label=N("首先听到的员工"), rules=("C-05", "C-12")
                ),
                Field(name="written", kind=Kind.FLAG, label=N("书面投诉"), rules=("C-64",)),
                Field(
                    name="ongoing_harm",
                    kind=Kind.FLAG,
                    label=N("损害正在发生"),
                    hint=N("先止损，后处理投诉"),
                    rules=("C-17",),
                ),
                Field(
                    name="forwarded_by_hq",
                    kind=Kind.FLAG,
                    label=N("公司投诉处理中心转来"),
                    hint=N("从公司热线、传真或邮箱来的不用勾"),
                    rules=("C-01", "C-55"),
                ),
            ),
        ),
    ),
)

SOLVE_ON_SPOT = _form(
    "complaint_solve_on_spot",
    N("现场解决"),
    N("记为已解决"),
    Field(name="result", kind=Kind.TEXT, label=N("怎样解决的"), required=True, rules=("C-12", "C-13")),
    Field(name="solved_at", kind=Kind.MOMENT, label=N("解决时间"), hint=N("不填为现在"), rules=("C-12",)),
)
CLASSIFY = _form(
    "complaint_classify",
    N("分类定级"),
    N("定类定级"),
    Field(
        name="cause",
        kind=Kind.CHOICE,
        label=N("原因在哪里"),
        choices=w.CAUSES,
        required=True,
        rules=("C-18", "C-19"),
    ),
    Field(
        name="severity",
        kind=Kind.CHOICE,
        label=N("程度（不选由规程判定）"),
        choices=w.SEVERITIES,
        rules=("C-21",),
    ),
    Field(name="our_fault", kind=Kind.FLAG, label=N("我方服务有过失"), rules=("C-22",)),
    Field(name="promise_broken", kind=Kind.FLAG, label=N("承诺或合同约定的服务没有做到"), rules=("C-21",)),
    Field(
        name="times_raised",
        kind=Kind.INTEGER,
        label=N("住户提出过几次"),
        minimum=1,
        maximum=99,
        rules=("C-21",),
    ),
    Field(name="loss_fen", kind=Kind.YUAN, label=N("给住户造成的损失（元）"), rules=("C-21", "F-13")),
    Field(name="injury", kind=Kind.FLAG, label=N("有人受伤"), rules=("C-21",)),
    Field(name="complex", kind=Kind.FLAG, label=N("问题复杂"), rules=("C-36",)),
    Field(name="wants_help", kind=Kind.FLAG, label=N("住户希望我们帮助协调"), rules=("C-18",)),
    Field(name="situation", kind=Kind.CHOICE, label=N("情况"), choices=w.SITUATIONS, rules=("C-26",)),
    Field(
        name="liable",
        kind=Kind.CHOICE,
        label=N("漏水一类：责任在哪一方"),
        hint=N("公共部位由我方修；专有部位由业主修；楼上漏下来的由上层住户承担"),
        choices=w.LIABLE,
        rules=("C-82",),
    ),
    Field(name="other_room", kind=Kind.ROOM, label=N("另一户的房号"), max_length=40, rules=("C-82",)),
    Field(name="reason", kind=Kind.LINE, label=N("改轻的理由"), rules=("C-21",)),
)
DISPATCH = _form(
    "complaint_dispatch",
    N("派发部门"),
    N("派发"),
    Field(
        name="department",
        kind=Kind.DEPARTMENT,
        label=N("责任部门"),
        hint=N("不选则按类别对照表派发"),
        rules=("C-27", "C-31"),
    ),
    Field(
        name="handler",
        kind=Kind.STAFF,
        label=N("处理人"),
        hint=N("不填由部门负责人指定"),
        rules=("C-30", "C-87"),
    ),
    Field(name="tracker", kind=Kind.STAFF, label=N("跟踪人"), rules=("C-41",)),
    Field(name="instruction", kind=Kind.TEXT, label=N("联系单要求"), max_length=500, rules=("C-32",)),
)
ACCEPT = _form(
    "complaint_accept",
    N("签收"),
    N("签收"),
    Field(name="handler", kind=Kind.STAFF, label=N("处理人"), hint=N("不填为本人"), rules=("C-30", "C-87")),
)
CONTACT = _form(
    "complaint_contact",
    N("联系住户"),
    N("记下联系"),
    Field(name="person", kind=Kind.LINE, label=N("告知了谁"), required=True, max_length=60, rules=("C-81",)),
    Field(name="agreed_reply_at", kind=Kind.MOMENT, label=N("约定答复时间"), rules=("C-33", "C-44")),
    Field(name="refused_date", kind=Kind.FLAG, label=N("住户不接受另约时间"), rules=("C-44",)),
    Field(name="said", kind=Kind.TEXT, label=N("说了什么"), max_length=500),
)
VERIFY = _form(
    "complaint_verify",
    N("核实情况"),
    N("记下核实结果"),
    Field(name="finding", kind=Kind.TEXT, label=N("核实结果"), required=True, rules=("C-16",)),
)
PLAN = _form(
    "complaint_plan",
    N("告知方案"),
    N("告知住户"),
    Field(
        name="plan",
        kind=Kind.TEXT,
        label=N("方案与所需时间"),
        hint=N("尽量给出具体时间；可以给两个方案让住户选"),
        required=True,
        rules=("C-35", "C-58"),
    ),
    Field(name="consent", kind=Kind.FLAG, label=N("住户同意"), rules=("C-58", "C-86")),
)
PROGRESS = _form(
    "complaint_progress",
    N("进展"),
    N("记下进展"),
    Field(name="text", kind=Kind.TEXT, label=N("进展"), required=True, rules=("C-45", "C-66")),
    Field(name="tell", kind=Kind.FLAG, label=N("同时告知住户"), rules=("C-66",)),
)
CALL_SUPERVISOR = _form(
    "complaint_call_supervisor",
    N("请主管到场"),
    N("请主管到场"),
    Field(name="why", kind=Kind.LINE, label=N("说明"), rules=("C-07", "C-14")),
)
HAND_UP = _form(
    "complaint_hand_up",
    N("上报"),
    N("上报"),
    Field(
        name="to_role",
        kind=Kind.CHOICE,
        label=N("上报给"),
        hint=N("不选为规程规定的下一级"),
        choices=w.ROLES_ABOVE,
        rules=("C-53", "C-54"),
    ),
    Field(
        name="reason",
        kind=Kind.TEXT,
        label=N("缘由和经过"),
        required=True,
        max_length=1000,
        rules=("C-44", "C-53"),
    ),
)
DECIDE = _form(
    "complaint_decide",
    N("批示"),
    N("批示"),
    Field(
        name="decision",
        kind=Kind.TEXT,
        label=N("批示意见"),
        required=True,
        max_length=1000,
        rules=("C-53", "C-57"),
    ),
)
FORWARD = _form(
    "complaint_forward",
    N("转外部单位"),
    N("转出"),
    Field(
        name="body",
        kind=Kind.LINE,
        label=N("转给哪个单位"),
        required=True,
        max_length=80,
        rules=("C-46", "C-48"),
    ),
    Field(name="letter", kind=Kind.TEXT, label=N("书面说明"), required=True, rules=("C-46",)),
)
EXTEND = _form(
    "complaint_extend",
    N("批准延期"),
    N("批准延期"),
    Field(name="due_at", kind=Kind.MOMENT, label=N("延至"), required=True, rules=("C-39",)),
    Field(name="reason", kind=Kind.LINE, label=N("延期原因（会告知住户）"), required=True, rules=("C-39",)),
)
PAUSE = _form(
    "complaint_pause",
    N("暂停计时"),
    N("暂停计时"),
    Field(name="reason", kind=Kind.LINE, label=N("暂停原因"), required=True),
)
RESUME = FormSpec(name="complaint_resume", title=N("恢复计时"), verb=N("恢复计时"), fieldsets=())
FINISH = _form(
    "complaint_finish",
    N("处理完毕"),
    N("处理完毕"),
    Field(name="method", kind=Kind.LINE, label=N("处理方式"), required=True, rules=("C-73",)),
    Field(name="result", kind=Kind.TEXT, label=N("处理结果"), required=True, rules=("C-60",)),
    Field(name="prevention", kind=Kind.TEXT, label=N("防止再次发生的措施"), max_length=1000, rules=("C-68",)),
)
REFUSE = _form(
    "complaint_refuse",
    N("婉拒"),
    N("婉拒"),
    Field(name="reason", kind=Kind.TEXT, label=N("理由"), required=True, rules=("C-50",)),
    Field(name="alternative", kind=Kind.TEXT, label=N("建议的另一条途径"), rules=("C-49", "C-50")),
)
REPLY = _form(
    "complaint_reply",
    N("答复住户"),
    N("记下答复"),
    Field(
        name="modes",
        kind=Kind.CHOICES,
        label=N("答复方式"),
        choices=w.MODES,
        required=True,
        rules=("C-63", "C-64", "C-65"),
    ),
    Field(name="said", kind=Kind.TEXT, label=N("答复内容"), required=True, rules=("C-60",)),
    Field(
        name="no_visit_reason",
        kind=Kind.LINE,
        label=N("没有上门的原因"),
        hint=N("只打电话的要写明"),
        max_length=200,
        rules=("C-63",),
    ),
    Field(name="opinion", kind=Kind.TEXT, label=N("住户意见"), max_length=1000, rules=("C-61",)),
    Field(name="signed_by", kind=Kind.LINE, label=N("签名人"), max_length=60, rules=("C-63",)),
    Field(name="signature", kind=Kind.SIGNATURE, label=N("住户签名"), rules=("C-11", "C-63")),
)
OPINION = _form(
    "complaint_opinion",
    N("住户意见"),
    N("记下意见"),
    Field(
        name="satisfied",
        kind=Kind.CHOICE,
        label=N("是否满意"),
        choices=(("yes", N("满意")), ("no", N("不满意"))),
        required=True,
        rules=("C-56", "C-59"),
    ),
    Field(name="opinion", kind=Kind.TEXT, label=N("住户怎么说"), max_length=1000, rules=("C-60",)),
)
REPORT_HQ = _form(
    "complaint_report_hq",
    N("回报公司"),
    N("回报公司"),
    Field(name="text", kind=Kind.TEXT, label=N("回报内容"), required=True, max_length=1000, rules=("C-55",)),
)
CLOSE = _form(
    "complaint_close",
    N("归档"),
    N("归档"),
    Field(name="summary", kind=Kind.TEXT, label=N("小结"), max_length=1000, rules=("C-70",)),
)
SPLIT = _form(
    "complaint_split",
    N("拆开集体投诉"),
    N("拆开"),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, rules=("X-08",)),
)
