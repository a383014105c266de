"""The forms of patrols, visits and inspections; each makes its page and its API schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import get_language

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.patrols.models import DiaryEntry, Finding
from yingsheng.processes.patrols.queries.inspecting import figures_of
from yingsheng.processes.patrols.queries.walking import suggest_areas, suggest_routes
from yingsheng.processes.patrols.rules.standards import FIGURES, Section, load_library

KINDS: Choices = tuple((code, str(label)) for code, label in Finding.Kind.choices)
DIARY_KINDS: Choices = tuple((code, str(label)) for code, label in DiaryEntry.Kind.choices)
RESULTS: Choices = (("fine", N("正常")), ("found", N("有问题")))
ACTS: Choices = (("educated", N("教育")), ("corrected", N("纠正")), ("stopped", N("制止")))
HANDLINGS: Choices = (("handled", N("当场处理了")), ("open", N("处理不了，要上报")))
VISIT_RESULTS: Choices = (("met", N("已走访")), ("absent", N("家中无人")), ("refused", N("不愿接受")))


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _line(name: str, label: str, *rules: str, required: bool = False, most: int = 200, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.LINE, label=label, required=required, max_length=most, rules=rules, **more
    )


def _text(name: str, label: str, *rules: str, required: bool = False, most: int = 500, **more: Any) -> Field:
    return Field(
        name=name, kind=Kind.TEXT, label=label, required=required, max_length=most, rules=rules, **more
    )


NUMBER = Field(
    name="number", kind=Kind.INTEGER, label=N("第几个点"), required=True, minimum=1, maximum=999, rules=("G-01",)
)  # fmt: skip
REASON = _line("reason", N("原因"), required=True)
CASE_NUMBER = _line("number", N("转成的事项编号"), "G-02", required=True, most=40, example="TS-20261122-0007")

ROUTE = _spec(
    "patrol_route", N("新增巡视路线"), N("新增"),
    _line("name", N("路线名称"), "G-01", required=True, most=60, example="3栋地下室到天台"),
    _line("area", N("片区"), "G-01", most=40, suggest=suggest_areas),
    _line("focus", N("巡视重点"), "G-01", required=True, example="消防通道、照明、设备间"),
)  # fmt: skip
ROUTE_CHANGE = _spec("patrol_route_change", N("更改路线"), N("更改"), *ROUTE.fields)
POINT = _spec(
    "patrol_point", N("增加一个点"), N("增加"),
    _line("name", N("点的名称"), "G-01", required=True, most=60, example="配电房"),
    _line("place", N("位置"), "G-01", most=120, example="3栋负一层"),
    _line("look_at", N("看什么"), "G-01", required=True, most=300, example="门锁好、温度、异响、灭火器"),
)  # fmt: skip
POINT_DROP = _spec("patrol_point_drop", N("去掉一个点"), N("去掉"), NUMBER, REASON)
ROUTE_RETIRE = _spec("patrol_route_retire", N("停用路线"), N("停用"), REASON)

START = _spec(
    "patrol_start", N("开始巡视"), N("开始巡视"),
    _line("route", N("路线"), "G-01", required=True, most=60, suggest=suggest_routes),
    _line("focus", N("今天的重点"), "G-01", hint=N("不填就用路线的重点")),
)  # fmt: skip
FOUND_FIELDS = (
    Field(name="kind", kind=Kind.CHOICE, label=N("问题种类"), choices=KINDS, rules=("G-02", "G-05")),
    _text("text", N("发现了什么"), "G-02"),
    Field(
        name="acts", kind=Kind.CHOICES, label=N("对违规的人"), choices=ACTS, hint=N("只有违规违约才要选"),
        rules=("G-05",),
    ),
    Field(name="handling", kind=Kind.CHOICE, label=N("处理"), choices=HANDLINGS, rules=("G-02",)),
    _line("action", N("怎么处理的"), "G-02", most=300),
)  # fmt: skip
PHOTOS = Field(name="photos", kind=Kind.FILES, label=N("照片"), hint=N("可以不拍"))
TICK = _spec(
    "patrol_tick", N("记一个点"), N("记下"), NUMBER,
    Field(name="result", kind=Kind.CHOICE, label=N("看的结果"), choices=RESULTS, required=True, rules=("G-01",)),
    *FOUND_FIELDS, PHOTOS,
)  # fmt: skip
FIND = _spec(
    "patrol_find", N("记路上发现的问题"), N("记下问题"),
    _line("place", N("地点"), "G-02", required=True, most=120),
    *FOUND_FIELDS, PHOTOS,
)  # fmt: skip
FINDING = _spec("patrol_finding", N("登记一个问题"), N("登记"), *FIND.fields)
END = _spec(
    "patrol_end", N("结束巡视"), N("结束巡视"),
    _line("remark", N("说明"), "G-01", most=300, hint=N("有点没看，要写原因")),
)  # fmt: skip
HANDLE = _spec(
    "finding_handle", N("记下处理"), N("记下"),
    _line("action", N("怎么处理的"), "G-02", required=True, most=300),
)  # fmt: skip
PASS_ON = _spec("finding_pass_on", N("已转成的事项"), N("记下编号"), CASE_NUMBER)

REPORT = _spec(
    "patrol_report", N("写今天的日报表"), N("开始写"),
    _line("focus", N("工作重点"), "G-09", most=300, hint=N("巡视过的日子，日报表已自动建好")),
)  # fmt: skip
HAND_UP = _spec(
    "patrol_report_hand_up", N("上交日报表"), N("上交"),
    _line("area", N("片区"), "G-09", most=80),
    _line("route", N("路线"), "G-09", most=200),
    _line("time", N("时间"), "G-09", most=200),
    _line("focus", N("重点"), "G-09", most=300),
    _text("findings", N("发现"), "G-09", required=True, most=2000),
    _text("action", N("处理"), "G-09", required=True, most=2000),
    _text("open_items", N("未完事项"), "G-09", required=True, most=2000),
)  # fmt: skip
RETURN = _spec(
    "patrol_report_return", N("批回日报表"), N("批回"),
    _text("remark", N("上级意见"), "G-09", required=True),
)  # fmt: skip

VISIT_FIELDS = (
    Field(name="result", kind=Kind.CHOICE, label=N("结果"), choices=VISIT_RESULTS, required=True, rules=("G-03",)),
    _line("person_met", N("见到了谁"), "G-03", most=60, hint=N("已走访的要写")),
    _line("publicity", N("宣传了什么"), "G-03", most=300),
    _text("opinions", N("住户的意见"), "G-03", "G-04", most=2000),
    _line("outcome", N("怎么答复的"), "G-03", most=300),
    _line("next_step", N("下一步"), "G-03", most=200),
)  # fmt: skip
VISIT = _spec(
    "household_visit", N("登记走访"), N("登记"),
    _line("room", N("房号"), "G-03", required=True, most=40, example="3-2-1802"),
    *VISIT_FIELDS,
)  # fmt: skip
VISIT_RECORD = _spec("household_visit_record", N("记下走访"), N("记下走访"), *VISIT_FIELDS)
VISIT_DROP = _spec("household_visit_drop", N("从名单拿掉"), N("拿掉"), REASON)
ARRANGE = _spec(
    "arrange_visits", N("安排走访"), N("安排走访"),
    Field(name="staff", kind=Kind.STAFF, label=N("由谁走访"), required=True, rules=("G-04",)),
    Field(name="day", kind=Kind.DATE, label=N("哪一天"), hint=N("不填就是今天"), rules=("G-03",)),
    _line("area", N("片区"), "G-03", most=40, hint=N("不填就从全部住户里选"), suggest=suggest_areas),
    Field(
        name="count", kind=Kind.INTEGER, label=N("几户"), hint=N("不填就排满当天的户数"), minimum=1, maximum=99,
        rules=("G-03",),
    ),
)  # fmt: skip

ENTRY = _spec(
    "diary_entry", N("写工作日记"), N("写入"),
    Field(name="kind", kind=Kind.CHOICE, label=N("类别"), choices=DIARY_KINDS[1:], required=True, rules=("G-07",)),
    _text("text", N("内容"), "G-07", required=True, most=2000),
    _line("measure", N("怎么处理"), "G-07", most=300),
)  # fmt: skip


def item_words(*, code: str, figures: Mapping[str, Any] | None = None) -> str:
    """An item of the standards as the reader is told it; without figures those of the rule book itself are used."""
    item = next((one for one in load_library().inspected() if one.code == code), None)
    if item is None:
        return code
    return item.read(language=get_language() or "zh-hans", figures=figures or _usual())


def _usual() -> Mapping[str, Any]:
    """What the rule book says where no site is asked."""
    rules = load_book().rules
    found = {}
    for name, path in FIGURES.items():
        rule_id, _, parameter = path.partition(".")
        found[name] = rules[rule_id].parameter(parameter).value
    return found


class _Said:
    """Words that are read in the language of whoever reads them."""

    def __init__(self, *, code: str, figures: Mapping[str, Any] | None) -> None:
        self.code = code
        self.figures = figures

    def __str__(self) -> str:
        return item_words(code=self.code, figures=self.figures)


def inspection_form(*, site: Site | None = None, at: datetime | None = None) -> FormSpec:
    """What the supervisor ticks of one member of staff: the items that are not in order, section by section (G-06).

    With a site its figures stand in the words, and only what applies there is asked.
    """
    figures = None
    if site is not None and at is not None:
        figures = figures_of(site=site, at=at, language=get_language() or "zh-hans")
    groups = [_faults(section, figures) for section in load_library().sections if section.inspected]
    head = Fieldset(
        legend="",
        fields=(
            Field(
                name="staff",
                kind=Kind.STAFF,
                label=N("检查谁"),
                required=True,
                rules=("G-06", "W-02"),
            ),
        ),
    )
    faults = Fieldset(
        legend=N("不合格的打勾，其余都算合格"), fields=tuple(group for group in groups if group is not None)
    )
    tail = Fieldset(legend="", fields=(_line("note", N("当场怎么说的、要怎么改"), "G-06", most=300),))
    return FormSpec(
        name="inspection", title=N("检查一名员工"), verb=N("记下检查"), fieldsets=(head, faults, tail)
    )


def _faults(section: Section, figures: Mapping[str, Any] | None) -> Field | None:
    items = [item for item in section.items if figures is None or item.applies(figures=figures)]
    if not items:
        return None
    choices: Any = tuple((item.code, lazystr(_Said(code=item.code, figures=figures))) for item in items)
    title: Any = lazystr(_Title(section))
    rules = tuple(dict.fromkeys(item.rule for item in items))
    return Field(name=section.code, kind=Kind.CHOICES, label=title, choices=choices, rules=rules)


class _Title:
    def __init__(self, section: Section) -> None:
        self.section = section

    def __str__(self) -> str:
        return self.section.title(language=get_language() or "zh-hans")


INSPECT = inspection_form()
