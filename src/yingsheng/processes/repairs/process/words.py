"""Codes of repairs and their words."""

from __future__ import annotations

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.orders.models import Trade
from yingsheng.processes.repairs.rules import clocks as c

KINDS = (("urgent", N("急修")), ("minor", N("零星维修")), ("project", N("维修工程")))
TRADES = tuple((str(code), str(label)) for code, label in Trade.choices)
METHODS = tuple((str(code), str(label)) for code, label in Payment.Method.choices)
PARTS = (
    ("public", N("公共部位")),
    ("private", N("专有部位")),
    ("neighbour", N("另一户的部位")),
    ("unclear", N("还不清楚")),
)
CHANNELS = (
    ("phone", N("来电")),
    ("visit", N("来访")),
    ("email", N("电子邮件")),
    ("letter", N("来信")),
    ("relay", N("员工转告")),
    ("night_log", N("夜间记录")),
)
GIVING = (("pool", N("放进抢单池")), ("turn", N("按轮次派人")))
DECISIONS = (("accepted", N("接受")), ("declined", N("不接受")), ("withdrawn", N("撤回报价")))
ANSWERED_BY = (("phone", N("电话")), ("face", N("当面")), ("message", N("短信或微信")))
SATISFACTION = (("yes", N("满意")), ("no", N("不满意")), ("unreached", N("没联系上，已书面告知")))
MILESTONES = {
    c.ISSUE: N("开派工单"),
    c.PASS_ON: N("维修队派人"),
    c.SIGN: N("接单签收"),
    c.ON_SITE: N("到场"),
    c.FINISH: N("修好"),
    c.APOLOGY: N("致歉说明"),
    c.TELL: N("告知结果并问满意"),
    c.RECOVER: N("收回派工单"),
    c.REVIEW: N("晨间检查维修"),
    c.ANALYSIS: N("报修分析"),
    c.REPORT: N("报修分析上报"),
}
KEPT_BY = {
    c.ISSUE: ("issue",),
    c.PASS_ON: ("issue",),
    c.FINISH: ("complete", "issue"),
    c.APOLOGY: ("apologise",),
    c.TELL: ("tell",),
    c.RECOVER: ("recover",),
}
