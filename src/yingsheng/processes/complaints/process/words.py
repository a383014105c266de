"""The words of the complaint desk: categories, causes, degrees, modes, milestones."""

from __future__ import annotations

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.complaints.rules import answering as a
from yingsheng.processes.complaints.rules import classify as k
from yingsheng.processes.complaints.rules import clocks as c

CATEGORIES = (  # C-25
    ("security", N("安保")),
    ("cleaning", N("清洁")),
    ("greening", N("绿化")),
    ("repair", N("工程维修")),
    ("mail", N("信件报刊")),
    ("renovation", N("装修管理")),
    ("staff_attitude", N("员工态度")),
    ("other", N("其它")),
)
SITUATIONS = (  # C-26
    ("facilities", N("公共设施设备")),
    ("service_quality", N("服务质量")),
    ("service_attitude", N("服务态度")),
    ("abnormal", N("异常情况")),
)
CAUSES = (
    (k.OWN_SERVICE, N("本处服务、收费、管理或维修有失职、差错或违纪")),
    (k.DEVELOPER, N("开发商遗留或房屋质量")),
    (k.ENVIRONMENT, N("外部环境或其他社会问题")),
    (k.OUTSIDE_AREA, N("服务范围以外的公共设施")),
    (k.OUTSIDE_REMIT, N("超出物业管理职责")),
    (k.NO_CLAIM, N("没有明确对象、诉求或事实")),
    (k.GRUMBLING, N("情绪宣泄，无实质内容")),
    (k.NOT_OURS, N("主要责任查明不在本处")),
    (k.PAID_REPAIR, N("诉求：有偿维修")),
    (k.CONSULTATION, N("诉求：咨询求助")),
    (k.SUGGESTION, N("诉求：改进建议")),
)
SEVERITIES = (("minor", N("轻微")), ("serious", N("重要")), ("major", N("重大")))
VALIDITIES = (
    ("valid", N("有效")),
    ("assist", N("协助处理")),
    ("invalid", N("无效")),
    ("demand", N("诉求")),
)
LIABLE = (  # C-82
    ("public", N("公共部位：由我方维修")),
    ("own", N("本户专有部位：由本户维修")),
    ("upstairs", N("上层住户：由上层住户承担")),
    ("unknown", N("待查")),
)
CHANNELS = (
    ("phone", N("来电")),
    ("visit", N("来访")),
    ("letter", N("来信")),
    ("fax", N("传真")),
    ("email", N("电子邮件")),
    ("oral", N("口头")),
    ("hotline", N("公司热线")),
    ("company_fax", N("公司传真")),
    ("company_mail", N("公司邮箱")),
    ("box", N("意见箱")),
    ("forum", N("业主论坛")),
    ("survey", N("满意度调查")),
    ("follow_up", N("回访")),
    ("relay", N("员工转告")),
    ("night_log", N("夜间记录")),
)
MODES = (
    (a.VISIT, N("上门")),
    (a.PHONE, N("电话")),
    (a.WRITING, N("书面")),
    (a.FACE, N("当面（来访）")),
    (a.EMAIL, N("电子邮件")),
)
MILESTONES = {
    c.ASSIGN: N("落实专人"),
    c.CONTACT: N("联系住户"),
    c.VERIFY: N("核实情况"),
    c.ONSPOT_REPORT: N("向前台报告"),
    c.ONSPOT_REPLY: N("现场处理答复"),
    c.PLAN: N("给出方案"),
    c.HANDLE: N("处理完成"),
    c.SAME_DAY_FIX: N("当日处理"),
    c.ESCALATE: N("报告上级"),
    c.MAJOR_REPORT: N("重大投诉上报"),
    c.MAJOR_ANSWER: N("明确答复"),
    c.SOLVE: N("解决"),
    c.NEGOTIATE: N("联系责任单位"),
    c.AGREED_REPLY: N("约定答复"),
    c.REPLY: N("答复住户"),
    c.HQ_REPORT: N("回报公司"),
    c.AUTO_UPGRADE: N("满一个月升级"),
    c.GROUP_INFORM: N("集体投诉上报"),
    c.NIGHT: N("白班接件"),
    c.LOG: N("登记投诉"),
    c.HARM: N("止住损害"),
    c.CONSULT: N("部门答复"),
    c.DISPATCH: N("送达部门"),
    c.SIGN: N("部门签收"),
    c.OUTSIDE_NOTICE: N("告知进展"),
    c.DECIDE: N("上级批示"),
    c.UNSOLVED: N("告知前台"),
    c.DIVISION: N("报告分管经理"),
    c.EMAIL: N("回应邮件"),
    "unanswered": N("核对未答复的投诉"),
    "statistics": N("投诉统计"),
    "statistics_report": N("投诉统计上报"),
    "rates": N("投诉有效率和处理及时率"),
    "month_report": N("部门客户投诉工作月报"),
    "record_checks": N("抽查投诉记录"),
    "complainant_visits": N("走访投诉人"),
    "improvement": N("评估改进措施"),
}
ROLES_ABOVE = (
    ("CS_SUP", N("客服主管")),
    ("SITE_HEAD", N("管理处主任")),
    ("AREA_SUP", N("区域主管")),
    ("DEPT_MGR", N("物业部经理")),
    ("DIV_MGR", N("分管经理")),
    ("CO_MGR", N("物业公司经理")),
    ("DGM", N("主管副总经理")),
    ("GM", N("总经理")),
    ("HQ_COMPLAINT", N("公司客户投诉处理中心")),
)
EXTERNAL = (N("开发商"), N("市政部门"), N("供水公司"), N("供电公司"), N("街道办事处"))
