"""The supervisor looks at the staff every day, item by item, by the standards and the figures of the site."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.patrols import make_entry, make_inspection
from tests.processes.story import later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.patrols.models import DiaryEntry, Mark
from yingsheng.processes.patrols.process import forms
from yingsheng.processes.patrols.queries.inspecting import figures_of, not_inspected
from yingsheng.processes.patrols.rules.standards import load_library
from yingsheng.processes.patrols.services.inspecting import inspect_staff, write_entry

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
CODED = {item.code: item for section in load_library().sections for item in section.items}


def desk(cast: Cast, who: str = "supervisor", language: str = "zh-hans") -> Client:
    staff = cast.staff[who]
    staff.language = language
    staff.save(update_fields=["language"])
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def promise(code: str) -> Obligation:
    period = Period.objects.get(code=code)
    return Obligation.objects.get(subject_type="timers.period", subject_id=period.pk)


@pytest.mark.rule("G-06", "W-02", "Z-07")
def test_the_daily_inspection_is_owed_kept_and_stands_in_the_diary(cast: Cast) -> None:
    open_periods(now=later(0))
    owed = promise("conduct_inspection")
    assert (owed.rule, owed.responsible_role) == ("G-06", "CS_SUP")
    before = Event.objects.count()
    row = make_inspection(cast, looks=["nails"], dress=["badge"])
    assert Event.objects.count() == before + 1
    owed.refresh_from_db()
    assert owed.state == Obligation.State.MET
    assert (row.state, row.fault_count) == ("faulty", 2)
    marks = Mark.objects.filter(inspection=row)
    assert marks.count() == row.checked_count > 30
    assert set(marks.filter(is_fine=False).values_list("item", "rule")) == {
        ("nails", "W-05"),
        ("badge", "W-03"),
    }
    entry = DiaryEntry.objects.get()
    assert entry.inspection == row and entry.text.startswith("王前台") and "2毫米" in entry.text
    assert make_inspection(cast).state == "fine"
    assert cast.front not in not_inspected(actor=cast.actor("supervisor"), day=later(0).date())
    assert cast.lobby in not_inspected(actor=cast.actor("supervisor"), day=later(0).date())


@pytest.mark.rule("W-02")
def test_only_the_post_that_scores_inspects_and_nobody_himself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        inspect_staff(actor=cast.actor("front"), at=later(0), staff=cast.lobby)
    with pytest.raises(Refused, match="自己"):
        inspect_staff(actor=cast.actor("supervisor"), at=later(0), staff=cast.supervisor)
    override_parameter(
        site=cast.site, path="W-02.scored_by", value="SITE_HEAD", active_from=later(0), reason="主任打分", by=cast.head,
        at=later(0),
    )  # fmt: skip
    with pytest.raises(Refused, match="规程指定的岗位"):
        make_inspection(cast, at=later(1))
    assert inspect_staff(actor=cast.actor("head"), at=later(1), staff=cast.front).by == cast.head


@pytest.mark.rule("G-07")
def test_the_look_at_the_groups_service_is_owed_every_day(cast: Cast) -> None:
    open_periods(now=later(0))
    owed = promise("group_check")
    assert (owed.rule, owed.responsible_role) == ("G-07", "CS_SUP")
    write_entry(actor=cast.actor("supervisor"), at=later(0), kind="other", text="开会")
    owed.refresh_from_db()
    assert owed.state == Obligation.State.ARMED
    make_entry(cast)
    owed.refresh_from_db()
    assert owed.state == Obligation.State.MET
    override_parameter(
        site=cast.site, path="G-07.by_role", value="SITE_HEAD", active_from=later(1), reason="主任查", by=cast.head,
        at=later(1),
    )  # fmt: skip
    with pytest.raises(Refused, match="本组服务"):
        make_entry(cast, at=later(2))


def text_of(cast: Cast, code: str, *, language: str = "zh-hans") -> str:
    figures = figures_of(site=cast.site, at=later(1), language=language)
    return CODED[code].read(language=language, figures=figures)


@pytest.mark.rule(
    "W-01", "W-03", "W-04", "W-05", "W-07", "W-12", "W-16", "W-20", "W-22", "W-25"
)  # fmt: skip
@pytest.mark.parametrize(
    ("path", "value", "code", "before", "after"),
    [
        ("W-01.principle_count", 7, "principles", "6点", "7点"),
        ("W-03.badge_side", "right", "badge", "左胸", "右胸"),
        ("W-04.guard_hair_cm", 3, "hair_men", "5厘米", "3厘米"),
        ("W-04.long_hair", "tied", "hair_women", "不过肩", "束起"),
        ("W-05.nail_mm", 1, "nails", "2毫米", "1毫米"),
        ("W-05.polish", "no_coloured", "polish", "不涂指甲油", "有颜色"),
        ("W-07.report_within", 2, "complaint_told", "1小时", "2小时"),
        ("W-12.words", "您好,请", "words", "打扰了", "您好,请"),
        ("W-16.distance_m", 2, "distance", "1米", "2米"),
        ("W-20.turn_degrees", 30, "lift", "45度", "30度"),
        ("W-22.group_from", 4, "group", "3人", "4人"),
        ("W-25.smile_distance_m", 5, "smile_near", "3米", "5米"),
    ],
)
def test_a_figure_of_the_rule_book_changes_the_checklist(
    cast: Cast, path: str, value: object, code: str, before: str, after: str
) -> None:
    assert before in text_of(cast, code)
    override_parameter(
        site=cast.site,
        path=path,
        value=value,
        active_from=later(0),
        reason="本项目",
        by=cast.head,
        at=later(0),
    )
    assert after in text_of(cast, code) and before not in text_of(cast, code)


def asked_now(cast: Cast, hours: float) -> set[str]:
    form = forms.inspection_form(site=cast.site, at=later(hours))
    return {code for item in form.fields for code, _words in item.choices}


@pytest.mark.rule("W-03", "W-02", "W-07")
def test_posts_are_named_and_a_tie_is_asked_only_where_it_is_worn(cast: Cast) -> None:
    assert "客服主管" in text_of(cast, "followed") and "客服主管" in text_of(cast, "complaint_told")
    assert "supervisor" in text_of(cast, "followed", language="en")
    asked = asked_now(cast, 0)
    override_parameter(
        site=cast.site, path="W-03.tie_required", value=False, active_from=later(0), reason="夏季", by=cast.head,
        at=later(0),
    )  # fmt: skip
    assert asked - asked_now(cast, 1) == {"tie"}
    assert set(make_inspection(cast, at=later(1)).marks.values_list("item", flat=True)) == asked - {"tie"}


@pytest.mark.rule("W-06", "W-08", "W-09", "W-10", "W-13", "W-30", "W-31", "W-33")
def test_every_rule_of_conduct_has_its_items_in_four_chapters(cast: Cast) -> None:
    library = load_library()
    assert [titles["zh"] for titles in library.chapters.values()] == [
        "客户服务规范", "服务礼仪规范", "客户服务要求", "客户服务中心环境要求",
    ]  # fmt: skip
    ruled = {item.rule for item in CODED.values()}
    assert ruled >= {"W-06", "W-08", "W-09", "W-10", "W-13", "W-30", "W-31", "W-33"}
    assert {section.chapter for section in library.sections} == set(library.chapters)
    page = desk(cast, "front").get(reverse("patrols:standards")).content.decode()
    for words in (
        "客户服务中心环境要求",
        "靠右走",
        "不跷腿",
        "不抽烟",
        "取笑",
        "自学物业法规",
        "起身",
        "妆淡",
    ):
        assert words in page, words
    english = desk(cast, "front", "en").get(reverse("patrols:standards")).content.decode()
    assert "Surroundings of the centre" in english and "at most 2 mm" in english


@pytest.mark.rule("G-06")
def test_the_form_asks_in_the_figures_of_the_site_and_keeps_what_was_ticked(cast: Cast) -> None:
    override_parameter(
        site=cast.site,
        path="W-05.nail_mm",
        value=1,
        active_from=later(0),
        reason="本项目",
        by=cast.head,
        at=later(0),
    )
    client = desk(cast)
    where = reverse("patrols:inspections")
    page = client.get(where).content.decode()
    assert "不超过1毫米" in page and "仪容与个人卫生" in page
    refused = client.post(where, {"looks": ["nails"], "note": "打好的字"})
    text = refused.content.decode()
    assert refused.status_code == 422 and "打好的字" in text
    assert 'value="nails"' in text and "checked" in text
    assert client.post(where, {"staff": cast.front.pk, "looks": ["teeth"]}).status_code == 422
    done = client.post(where, {"staff": cast.front.pk, "looks": ["nails"], "note": "剪短"})
    assert done.status_code == 303
    shown = client.get(done["Location"]).content.decode()
    assert "W-05 手洗净，指甲不超过1毫米" in shown
    assert desk(cast, "supervisor", "en").get(where).content.decode().count("nails at most 1 mm") == 1
    named = client.get(reverse("patrols:inspections_new", args=[str(cast.lobby.pk)])).content.decode()
    assert f'value="{cast.lobby.pk}" selected' in named
    assert client.get(reverse("patrols:work_diary")).status_code == 200
    sheet = client.get(reverse("patrols:diary_sheet")).content.decode()
    assert "FM-15" in sheet


@pytest.mark.rule("G-06", "Z-07")
def test_the_diary_of_a_day_is_printed_and_counted(cast: Cast) -> None:
    make_inspection(cast, looks=["nails"])
    make_entry(cast)
    client = desk(cast)
    url = f"{reverse('patrols:diary_sheet')}?day=2025-03-03"
    page = client.get(url).content.decode()
    assert "抽查前台登记5件" in page and "王前台" in page
    assert "补打 1" not in client.post(url).content.decode()
    assert "补打 1" in client.post(url).content.decode()
    other = client.get(f"{reverse('patrols:diary_sheet')}?day={later(0).date() + timedelta(days=1)}")
    assert "抽查前台登记5件" not in other.content.decode()


def test_words_without_a_site_are_those_of_the_rule_book() -> None:
    assert "2毫米" in forms.item_words(code="nails")
    assert forms.item_words(code="nothing") == "nothing"
