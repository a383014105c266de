"""The forms of the key cabinet; each makes its page and its API schema."""

from __future__ import annotations

from typing import Any

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.keys.models import Loan, Loss

CLASSES: Choices = (
    ("vacant", N("空置房屋")),
    ("entrusted", N("业主托管")),
    ("equipment_spare", N("设备用房备用")),
    ("other", N("其它")),
)
PAPERS: Choices = (
    ("id_card", N("身份证")),
    ("driver", N("驾驶证")),
    ("passport", N("护照")),
    ("work", N("工作证")),
    ("other", N("其它证件")),
)
CONSENT_WAYS: Choices = (
    ("phone", N("电话")),
    ("message", N("短信或微信")),
    ("written", N("书面")),
    ("present", N("业主在场")),
)
CHASE_WAYS: Choices = (("phone", N("电话")), ("visit", N("上门")), ("message", N("短信或微信")))
LOAN_KINDS: Choices = tuple((code, str(label)) for code, label in Loan.Kind.choices)
OUTCOMES: Choices = tuple((code, str(label)) for code, label in Loss.Outcome.choices)


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),))


def _line(name: str, label: str, *rules: str, required: bool = False, most: int = 60, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, required=required, max_length=most, rules=rules, **more
    )


def _choice(
    name: str, label: str, choices: Choices, *rules: str, required: bool = False, **more: Any
) -> Field:
    return Field(
        name=name, kind=Kind.CHOICE, label=label, choices=choices, required=required, rules=rules, **more
    )


def _signature(label: str, *rules: str, required: bool = True) -> Field:
    return Field(name="signature", kind=Kind.SIGNATURE, label=label, required=required, rules=rules)


HOOK = (
    _line("cabinet", N("钥匙柜"), "K-02", required=True, most=20, example="1号柜"),
    _line("building", N("楼号"), "K-02", most=40, hint=N("有房号的不用填")),
    _line("floor", N("楼层"), "K-02", most=10, hint=N("有房号的不用填")),
    _line("hook", N("挂钩号"), "K-02", most=20, example="A-05"),
)
PURPOSE = _line("purpose", N("借去做什么"), "K-11", required=True, most=200, example="检修水表")
DUE = Field(
    name="due_at", kind=Kind.MOMENT, label=N("归还时间"), hint=N("不填就按规定的借用期限"), rules=("K-04", "K-11")
)  # fmt: skip
CONSENT = (
    _line("consent_by", N("业主方谁同意的"), "K-12", hint=N("托管的钥匙才要填")),
    _choice("consent_way", N("怎样同意的"), CONSENT_WAYS, "K-12"),
)
PLEDGE_FIELDS = (
    _line("pledged_by", N("承诺书由谁签"), "K-10", hint=N("业主托管的钥匙才要填")),
    _signature(N("在承诺书上签名"), "K-10", required=False),
    Field(name="files", kind=Kind.FILES, label=N("或签好的纸质承诺书照片"), rules=("K-10",)),
)

KEY = FormSpec(
    name="key", title=N("登记钥匙"), verb=N("放入钥匙柜"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                _choice("kind", N("钥匙类别"), CLASSES, "K-01", required=True),
                _line("name", N("开哪扇门"), "K-03", required=True, most=120, example="入户门"),
                _line("room", N("房号"), "K-01", most=40, hint=N("空置和托管的必填"), example="3-2-1802"),
                Field(name="pieces", kind=Kind.INTEGER, label=N("一串几把"), minimum=1, maximum=99, rules=("K-03",)),
                Field(name="is_security_door", kind=Kind.FLAG, label=N("防盗门钥匙"), rules=("K-04",)),
                _line("number", N("标签编号"), "K-03", most=40, hint=N("不填由系统编号")),
            ),
        ),
        Fieldset(legend=N("挂在哪里"), fields=HOOK),
        Fieldset(
            legend=N("谁交来的"),
            fields=(
                _line("handed_by", N("交钥匙的人"), "K-07", hint=N("不填就是登记人自己")),
                *PLEDGE_FIELDS,
                _line("remark", N("备注"), most=300),
            ),
        ),
    ),
)  # fmt: skip
LEND_INSIDE = _spec(
    "key_lend_inside", N("借给本公司员工"), N("签名借出"),
    Field(name="staff", kind=Kind.STAFF, label=N("谁借"), required=True, rules=("K-05", "K-11")),
    PURPOSE, DUE, *CONSENT, _signature(N("借用人签名"), "K-05"),
)  # fmt: skip
LEND_OUTSIDE = _spec(
    "key_lend_outside", N("借给外单位人员"), N("看证、收押金、签名借出"),
    _line("name", N("借用人"), "K-11", required=True), _line("organisation", N("单位"), "K-11", most=80),
    Field(name="phone", kind=Kind.PHONE, label=N("电话"), rules=("K-11",)),
    _choice("id_kind", N("看过的证件"), PAPERS, "K-06", required=True),
    _line("id_number", N("证件号码"), "K-06", required=True, hint=N("加密保存，只显示头尾")),
    Field(
        name="deposit_fen", kind=Kind.YUAN, label=N("押金（元）"), rules=("K-06",),
        hint=N("收现金，放进前台钱箱；不填就按规定的金额"),
    ),
    PURPOSE, DUE, *CONSENT, _signature(N("借用人签名"), "K-06"),
)  # fmt: skip
TAKE_BACK = _spec(
    "key_take_back", N("收回钥匙"), N("收回"),
    _line("giver", N("谁来还"), "K-04", hint=N("不填就是借用人")),
    Field(name="refund_fen", kind=Kind.YUAN, label=N("退还押金（元）"), hint=N("不填就全退"), rules=("K-11",)),
    _line("kept_reason", N("押金没有全退的原因"), "K-11", most=200),
    _signature(N("领回押金签名"), "K-11", required=False), _line("remark", N("钥匙状况"), "K-04", most=200),
)  # fmt: skip
EXTEND = _spec(
    "key_extend", N("延长借用"), N("改归还时间"),
    Field(name="due_at", kind=Kind.MOMENT, label=N("新的归还时间"), required=True, rules=("K-04",)),
    _line("reason", N("原因"), "K-04", required=True, most=200),
)  # fmt: skip
CHASE = _spec(
    "key_chase", N("催还"), N("记下催还"), _choice("way", N("怎样催的"), CHASE_WAYS, "K-12", required=True),
    _line("result", N("对方怎么说"), "K-12", required=True, most=200),
)  # fmt: skip
GIVE = _spec(
    "key_give", N("交给业主"), N("业主签收"), _line("name", N("领钥匙的业主"), "K-07", required=True),
    _choice("id_kind", N("看过的证件"), PAPERS, "K-07", required=True),
    _line("id_number", N("证件号码"), "K-07", required=True, hint=N("加密保存，只显示头尾")),
    Field(name="phone", kind=Kind.PHONE, label=N("电话"), rules=("K-07",)), _signature(N("业主签名"), "K-07"),
    _line("remark", N("备注"), "K-07", most=200),
)  # fmt: skip
PLEDGE = _spec("key_pledge", N("补托管承诺书"), N("存入承诺书"), *PLEDGE_FIELDS)
ENTRUST = _spec("key_entrust", N("业主托管回来"), N("收下并挂回"), *PLEDGE_FIELDS)
MOVE = _spec("key_move", N("换个位置挂"), N("换位置"), *HOOK, _line("reason", N("原因"), "K-02", most=200))
SCRAP = _spec(
    "key_scrap", N("作废"), N("作废"), _line("reason", N("为什么作废"), "K-04", required=True, most=200),
    _line("witness", N("谁在场"), "K-04", required=True),
)  # fmt: skip
LOSE = _spec(
    "key_lose", N("报遗失"), N("报遗失"),
    Field(
        name="circumstances", kind=Kind.TEXT, label=N("什么时候发现、怎么丢的、找过哪里"), required=True,
        max_length=300, rules=("K-04",),
    ),
)  # fmt: skip
LOSS_TOLD = _spec(
    "key_loss_told", N("告知住户"), N("记下告知"),
    _line("told", N("告诉了谁、怎么说的、住户要求"), "K-04", required=True, most=200),
)  # fmt: skip
LOSS_DECIDE = _spec(
    "key_loss_decide", N("定遗失怎么处理"), N("定下处理"),
    _choice("outcome", N("处理"), OUTCOMES, "K-04", required=True),
    _line("decision", N("谁负责、谁出钱、什么时候办完"), "K-04", required=True, most=300),
    Field(name="refund_fen", kind=Kind.YUAN, label=N("退还押金（元）"), hint=N("不填就全退"), rules=("K-11",)),
)  # fmt: skip
FILE_MONTH = _spec(
    "key_month", N("上报钥匙清点"), N("上报"),
    Field(
        name="conclusion", kind=Kind.TEXT, label=N("情况说明"), hint=N("有差异、超期、遗失的写清怎么处理"),
        required=True, max_length=2000, rules=("K-08",),
    ),
    _line("reason", N("更正原因"), "K-08", most=200, hint=N("第一次上报不用填")),
)  # fmt: skip
IMPORT = _spec(
    "key_import", N("导入钥匙"), N("导入"),
    Field(
        name="table", kind=Kind.TABLE, label=N("Excel文件"),
        hint=N("列依次是：编号、类别、开哪扇门、房号、楼号、钥匙柜、楼层、挂钩号、把数、备注；第一行是标题"),
        required=True, rules=("K-02",),
    ),
)  # fmt: skip
EXPORT = _spec(
    "key_export", N("导出钥匙"), N("导出"), _line("reason", N("导出的理由"), required=True, most=200)
)
