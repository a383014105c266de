"""The forms of the registers; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.registers.models import KeyCustomer, Plan

REASONS = tuple((code, str(label)) for code, label in KeyCustomer.Reason.choices)
PLANS = tuple((code, str(label)) for code, label in Plan.Kind.choices)
WAYS = (("phone", N("电话")), ("visit", N("上门")), ("message", N("短信或微信")), ("meeting", N("约见")))
CATEGORIES = (
    ("fees", N("收费")),
    ("parking", N("停车")),
    ("renovation", N("装修")),
    ("repair", N("维修")),
    ("access", N("门禁出入")),
    ("facilities", N("设施开放")),
    ("environment", N("环境卫生")),
    ("service", N("服务态度")),
    ("other", N("其它")),
)


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _reason(*rules: str) -> Field:
    return Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=rules)


DAYS = Field(
    name="every_days", kind=Kind.INTEGER, label=N("多少天联系一次"), hint=N("不填就用规程的周期"), minimum=1,
    maximum=365, rules=("Z-05",),
)  # fmt: skip
CARE_BY = Field(name="care_by", kind=Kind.STAFF, label=N("由谁联系"), required=True, rules=("Z-05",))
NUMBER = Field(
    name="number", kind=Kind.LINE, label=N("由哪件事而来（编号）"), hint=N("从事项页点进来会自己填好"), max_length=40
)  # fmt: skip

CUSTOMER = _spec(
    "key_customer", N("提请列为重点客户"), N("提请"),
    Field(
        name="room", kind=Kind.LINE, label=N("房号"), required=True, max_length=40, example="3-2-1802", rules=("Z-05",),
    ),
    Field(name="contact_name", kind=Kind.LINE, label=N("联系人"), max_length=60, rules=("Z-05",)),
    Field(name="reason", kind=Kind.CHOICE, label=N("类别"), choices=REASONS, required=True, rules=("Z-05",)),
    Field(name="why", kind=Kind.LINE, label=N("为什么"), required=True, max_length=300, rules=("Z-05",)),
    CARE_BY, DAYS, NUMBER,
)  # fmt: skip
CUSTOMER_APPROVE = _spec("key_customer_approve", N("批准列入"), N("批准列入"))
CUSTOMER_CONTACT = _spec(
    "key_customer_contact", N("记下联系"), N("记下"),
    Field(name="way", kind=Kind.CHOICE, label=N("方式"), choices=WAYS, required=True, rules=("Z-05",)),
    Field(name="summary", kind=Kind.TEXT, label=N("谈了什么"), required=True, max_length=500, rules=("Z-05", "F-25")),
)  # fmt: skip
CUSTOMER_REPLAN = _spec(
    "key_customer_replan", N("改联系计划"), N("更改"), CARE_BY,
    Field(
        name="every_days", kind=Kind.INTEGER, label=N("多少天联系一次"), required=True, minimum=1, maximum=365,
        rules=("Z-05",),
    ),
)  # fmt: skip
CUSTOMER_REMOVE = _spec("key_customer_remove", N("移出名单"), N("移出"), _reason("Z-05"))

TYPICAL_WORDS = (
    Field(name="title", kind=Kind.LINE, label=N("标题"), required=True, max_length=80, rules=("Z-06",)),
    Field(name="category", kind=Kind.CHOICE, label=N("类别"), choices=CATEGORIES, required=True, rules=("B-10",)),
    Field(
        name="summary", kind=Kind.TEXT, label=N("经过"), required=True, max_length=2000,
        hint=N("用自己的话写，不写姓名、电话和房号"), rules=("Z-06", "B-10"),
    ),
    Field(name="learned", kind=Kind.TEXT, label=N("学到什么"), required=True, max_length=1000, rules=("B-10",)),
)  # fmt: skip
TYPICAL = _spec("typical_case", N("收为典型案例"), N("收录"), *TYPICAL_WORDS, NUMBER)
TYPICAL_REWRITE = _spec("typical_rewrite", N("修改案例"), N("修改"), *TYPICAL_WORDS)
TYPICAL_PUBLISH = _spec("typical_publish", N("批准公布"), N("批准公布"))
TYPICAL_ADOPT = _spec(
    "typical_adopt", N("定为项目要求"), N("定为要求"),
    Field(
        name="requirement_number", kind=Kind.LINE, label=N("要求编号"), required=True, max_length=40, rules=("B-10",),
    ),
    Field(name="requirement_date", kind=Kind.DATE, label=N("生效日期"), required=True, rules=("B-10",)),
    Field(
        name="requirement_text", kind=Kind.TEXT, label=N("要求内容"), required=True, max_length=1000, rules=("B-10",),
    ),
)  # fmt: skip
TYPICAL_READ = _spec("typical_read", N("读过案例"), N("我已读过"))
TYPICAL_RETIRE = _spec("typical_retire", N("撤下案例"), N("撤下"), _reason("B-10"))

PLAN = _spec(
    "key_customer_replan", N("改联系计划"), N("更改"), CARE_BY,
    Field(
        name="every_days", kind=Kind.INTEGER, label=N("多少天联系一次"), required=True, minimum=1, maximum=365,
        rules=("Z-05",),
    ),
)  # fmt: skip
CUSTOMER_REMOVE = _spec("key_customer_remove", N("移出名单"), N("移出"), _reason("Z-05"))

TYPICAL_WORDS = (
    Field(name="title", kind=Kind.LINE, label=N("标题"), required=True, max_length=80, rules=("Z-06",)),
    Field(name="category", kind=Kind.CHOICE, label=N("类别"), choices=CATEGORIES, required=True, rules=("B-10",)),
    Field(
        name="summary", kind=Kind.TEXT, label=N("经过"), required=True, max_length=2000,
        hint=N("用自己的话写，不写姓名、电话和房号"), rules=("Z-06", "B-10"),
    ),
    Field(name="learned", kind=Kind.TEXT, label=N("学到什么"), required=True, max_length=1000, rules=("B-10",)),
)  # fmt: skip
TYPICAL = _spec("typical_case", N("收为典型案例"), N("收录"), *TYPICAL_WORDS, NUMBER)
TYPICAL_REWRITE = _spec("typical_rewrite", N("修改案例"), N("修改"), *TYPICAL_WORDS)
TYPICAL_PUBLISH = _spec("typical_publish", N("批准公布"), N("批准公布"))
TYPICAL_ADOPT = _spec(
    "typical_adopt", N("定为项目要求"), N("定为要求"),
    Field(
        name="requirement_number", kind=Kind.LINE, label=N("要求编号"), required=True, max_length=40, rules=("B-10",),
    ),
    Field(name="requirement_date", kind=Kind.DATE, label=N("生效日期"), required=True, rules=("B-10",)),
    Field(
        name="requirement_text", kind=Kind.TEXT, label=N("要求内容"), required=True, max_length=1000, rules=("B-10",),
    ),
)  # fmt: skip
TYPICAL_READ = _spec("typical_read", N("读过案例"), N("我已读过"))
TYPICAL_RETIRE = _spec("typical_retire", N("撤下案例"), N("撤下"), _reason("B-10"))

ANSWERS = (
    Field(name="question", kind=Kind.LINE, label=N("问题"), required=True, max_length=120, rules=("B-09",)),
    Field(name="answer", kind=Kind.TEXT, label=N("答案"), required=True, max_length=2000, rules=("B-09",)),
    Field(
        name="keywords", kind=Kind.LINE, label=N("关键词"), hint=N("用空格或逗号隔开"), max_length=200, rules=("B-09",)
    ),
    Field(name="category", kind=Kind.CHOICE, label=N("类别"), choices=CATEGORIES, required=True, rules=("B-09",)),
    Field(name="owner", kind=Kind.STAFF, label=N("负责人"), hint=N("不填就是自己"), rules=("B-09",)),
)  # fmt: skip
KNOWLEDGE = _spec("knowledge", N("新知识条目"), N("保存条目"), *ANSWERS)
KNOWLEDGE_REWRITE = _spec("knowledge_rewrite", N("写答案或改写"), N("保存条目"), *ANSWERS)
KNOWLEDGE_APPROVE = _spec("knowledge_approve", N("批准使用"), N("批准使用"))
KNOWLEDGE_REVIEW = _spec(
    "knowledge_review", N("复审"), N("内容仍然对"),
    Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200, rules=("B-09",)),
)  # fmt: skip
KNOWLEDGE_RETIRE = _spec("knowledge_retire", N("停用"), N("停用"), _reason("B-09"))

PLAN = _spec(
    "plan", N("登记计划方案"), N("登记"),
    Field(name="kind", kind=Kind.CHOICE, label=N("种类"), choices=PLANS, required=True, rules=("Z-01", "X-10")),
    Field(name="year", kind=Kind.INTEGER, label=N("年度"), required=True, minimum=2000, maximum=2099, rules=("Z-01",)),
    Field(name="drafter", kind=Kind.STAFF, label=N("由谁编制"), required=True, rules=("Z-01", "X-10")),
    Field(name="due_date", kind=Kind.DATE, label=N("完成日期"), hint=N("不填就用规程的时限"), rules=("Z-01", "X-10")),
)  # fmt: skip
PLAN_DRAFT = _spec(
    "plan_draft", N("交方案"), N("上交"),
    Field(
        name="contribution", kind=Kind.TEXT, label=N("客服中心做了什么"), required=True, max_length=1000,
        rules=("X-10", "Z-01"),
    ),
    Field(name="files", kind=Kind.FILES, label=N("方案文件"), hint=N("PDF或图片"), rules=("Z-01", "X-10")),
)  # fmt: skip
PLAN_RETURN = _spec("plan_return", N("退回修改"), N("退回"), _reason("Z-01"))
PLAN_APPROVE = _spec("plan_approve", N("批准方案"), N("批准"))
EXPORT = _spec("key_customers_export", N("导出名单"), N("导出"), _reason("Z-05"))
IMPORT = _spec(
    "key_customers_import", N("导入名单"), N("导入"),
    Field(
        name="table", kind=Kind.TABLE, label=N("Excel文件"), required=True,
        hint=N("列的次序同导出的名单：房号、联系人、类别、为什么、由谁联系、多少天联系一次；有一行不对就一行也不写"),
        rules=("Z-05",),
    ),
)  # fmt: skip
