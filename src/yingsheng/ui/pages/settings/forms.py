"""What the pages of the settings ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.contacts import CONTACTS
from yingsheng.kernel.worktime.models import CalendarDay

HOURS_HINT = N("例如 8:30-12:00、13:30-17:30；全天写 0:00-24:00；不上班就空着")
WEEKDAYS = (N("星期一"), N("星期二"), N("星期三"), N("星期四"), N("星期五"), N("星期六"), N("星期日"))
REASON = Field(name="reason", kind=Kind.LINE, label=N("理由"), required=True)
PASSWORD_HINT = N("至少10个字符，当面告诉本人；第一次登录时须换成自己的密码")


def _spec(name: str, title: str, verb: str, *fields: Field, more: tuple[Fieldset, ...] = ()) -> FormSpec:
    return FormSpec(name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields), *more))


def hire_form() -> FormSpec:
    """A new member of staff."""
    return _spec(
        "hire",
        N("新增人员"),
        N("新增"),
        Field(name="name", kind=Kind.LINE, label=N("姓名"), required=True, max_length=40),
        Field(
            name="username",
            kind=Kind.LINE,
            label=N("登录名"),
            required=True,
            max_length=40,
            hint=N("字母、数字、点、横线，例如 wang.fang"),
        ),
        Field(name="phone", kind=Kind.PHONE, label=N("电话")),
        Field(
            name="password",
            kind=Kind.LINE,
            label=N("临时密码"),
            hint=N("至少10个字符，第一次登录时须更换；空着则暂时不能登录"),
            max_length=128,
        ),
    )


def appoint_form(*, roles: Choices, departments: Choices) -> FormSpec:
    """A post for somebody."""
    return _spec(
        "appoint",
        N("任命"),
        N("任命"),
        Field(name="role", kind=Kind.CHOICE, label=N("角色"), required=True, choices=roles),
        Field(
            name="department",
            kind=Kind.CHOICE,
            label=N("部门"),
            choices=departments,
            hint=N("不属于哪个部门的岗位（如管理处主任）请选“未定”"),
        ),
        Field(
            name="post_name",
            kind=Kind.LINE,
            label=N("岗位名称"),
            hint=N("空着则与角色同名"),
            max_length=60,
        ),
    )


def end_form(*, posts: Choices) -> FormSpec:
    """A post somebody holds no longer."""
    return _spec(
        "end",
        N("结束任职"),
        N("结束任职"),
        Field(name="appointment", kind=Kind.CHOICE, label=N("岗位"), required=True, choices=posts),
        REASON,
    )


GIVE_PASSWORD = _spec(
    "password",
    N("发给临时密码"),
    N("发给临时密码"),
    Field(
        name="password",
        kind=Kind.LINE,
        label=N("临时密码"),
        hint=PASSWORD_HINT,
        required=True,
        max_length=128,
    ),
)
DEACTIVATE = _spec("deactivate", N("停用账户"), N("停用账户"), REASON)
REACTIVATE = _spec("reactivate", N("恢复账户"), N("恢复账户"))
DROP_FACTOR = _spec("factor", N("解除第二重验证"), N("解除"), REASON)
END_SESSIONS = _spec("sessions", N("结束全部登录"), N("结束全部登录"))
UNLOCK = _spec("unlock", N("解除登录锁定"), N("解除锁定"))


def delegate_form(*, posts: Choices) -> FormSpec:
    """Somebody stands in for a post during leave."""
    return _spec(
        "delegate",
        N("安排代理"),
        N("安排代理"),
        Field(name="post", kind=Kind.CHOICE, label=N("岗位"), required=True, choices=posts),
        Field(
            name="to_staff",
            kind=Kind.STAFF,
            label=N("由谁代理"),
            required=True,
            hint=N("代理期间有这个岗位的全部权限，也收到它的提醒"),
        ),
        Field(name="active_from", kind=Kind.MOMENT, label=N("从"), required=True),
        Field(name="active_to", kind=Kind.MOMENT, label=N("到"), required=True),
        Field(name="reason", kind=Kind.LINE, label=N("理由"), required=True, hint=N("例如 年假、外出培训")),
    )


RENAME_ROLE = _spec(
    "rename_role",
    N("本项目的叫法"),
    N("改用这个名称"),
    Field(
        name="name",
        kind=Kind.LINE,
        label=N("中文名称"),
        hint=N("空着则恢复规程里的名称"),
        max_length=60,
    ),
    Field(name="name_en", kind=Kind.LINE, label=N("英文名称"), max_length=60),
)

CONTACT_FORM = _spec(
    "contacts",
    N("对外公布的联系方式"),
    N("公布"),
    *(
        Field(
            name=name,
            kind=Kind.LINE,
            label=label,
            max_length=200 if name == "address" else 120 if name == "complaint_email" else 40,
            rules=("B-11",) if name == "service_hotline" else ("C-02",) if name != "address" else (),
        )
        for name, label in CONTACTS.items()
    ),
)

DAY_FORM = _spec(
    "day",
    N("这一天的时间"),
    N("改为这样"),
    Field(
        name="kind",
        kind=Kind.CHOICE,
        label=N("这一天"),
        required=True,
        choices=tuple(
            (kind.value, str(label))
            for kind, label in (
                (CalendarDay.Kind.WORKDAY, N("上班")),
                (CalendarDay.Kind.HOLIDAY, N("放假")),
                (CalendarDay.Kind.SPECIAL, N("特别时间")),
            )
        ),
    ),
    Field(name="windows", kind=Kind.LINE, label=N("工作时段"), hint=HOURS_HINT),
    Field(name="name", kind=Kind.LINE, label=N("理由"), required=True, max_length=60),
)
CLEAR_DAY = _spec("clear_day", N("恢复平常时间"), N("恢复平常时间"))
WEEK_FORM = _spec(
    "week",
    N("每周的工作时间"),
    N("从现在起改为这样"),
    *(
        Field(name=f"day{number}", kind=Kind.LINE, label=label, hint=HOURS_HINT if number == 0 else "")
        for number, label in enumerate(WEEKDAYS)
    ),
)
LOAD_YEAR = _spec(
    "load_year",
    N("载入放假安排"),
    N("载入"),
    Field(name="year", kind=Kind.INTEGER, label=N("年份"), required=True, minimum=2000, maximum=2099),
)

FAMILIES: Mapping[str, str] = {
    "org": N("人员与设置"),
    "estate": N("住户档案"),
    "policies": N("规程"),
    "worktime": N("工作日历"),
    "timers": N("承诺与时限"),
    "events": N("事件记录"),
    "charges": N("价目与收款"),
    "orders": N("派工单"),
    "cases": N("事项"),
    "notify": N("告知单"),
}


def token_form(*, families: Iterable[tuple[str, str, Choices]]) -> FormSpec:
    """A token: its name, whose powers it has, which of them, and until when; `families` are (code, title, scopes)."""
    return _spec(
        "token",
        N("发放令牌"),
        N("发放"),
        Field(
            name="name",
            kind=Kind.LINE,
            label=N("用途"),
            required=True,
            max_length=60,
            hint=N("例如 门禁系统、呼叫中心"),
        ),
        Field(
            name="acts_as",
            kind=Kind.STAFF,
            label=N("以谁的名义"),
            required=True,
            hint=N("令牌做的事都记在这个人名下，权限不会超过他"),
        ),
        Field(
            name="expires_on",
            kind=Kind.DATE,
            label=N("有效至"),
            required=True,
            hint=N("当天结束时失效"),
        ),
        more=(
            Fieldset(
                legend=N("允许的操作"),
                fields=tuple(
                    Field(name=f"scope_{code}", kind=Kind.CHOICES, label=title, choices=scopes)
                    for code, title, scopes in families
                ),
            ),
        ),
    )
