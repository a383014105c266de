"""The words and marks of the page toolkit: clocks, chips, icons, controls and the parts as they come out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template, engines
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.ui.clocks import Tone, before_words, chip_face, remaining_words
from yingsheng.ui.parts import Cell, Chart, Column, Row, Sheet, SignatureLine
from yingsheng.ui.templatetags import ui

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)
UI_DIR = Path(ui.__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _plain_surroundings(settings):
    """Chinese, Shanghai time, and static names without a manifest."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with translation.override("zh-hans"), timezone.override(SHANGHAI):
        yield


def drawn(source: str, **context: object) -> str:
    """The template text drawn with our tags loaded."""
    return Template("{% load i18n static ui %}" + source).render(Context(context))


def obligation(**values: object) -> SimpleNamespace:
    """An obligation of two hours that started at NOW, with `values` changed."""
    base = {
        "state": "armed",
        "starts_at": NOW,
        "due_at": NOW + timedelta(hours=2),
        "paused_at": None,
        "ended_at": None,
        "warn_percent": 75,
        "rule": "C-33",
    }
    return SimpleNamespace(**{**base, **values})


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (80, "余 1 小时 20 分"),
        (60, "余 1 小时"),
        (1, "余 1 分"),
        (0, "余 不足 1 分"),
        (-5, "超时 5 分"),
        (-0.5, "超时 不足 1 分"),
        (24 * 60, "余 1 天"),
        (24 * 60 + 61, "余 1 天 1 小时"),
        (-3 * 24 * 60, "超时 3 天"),
    ],
)
def test_remaining_words(minutes: float, words: str) -> None:
    assert remaining_words(span=timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (datetime(2026, 11, 22, 17, 30, tzinfo=SHANGHAI), "今天 17:30 前"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI), "明天 09:00 前"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI), "后天 09:00 前"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI), "昨天 09:00 前"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI), "11-25 周三 09:00 前"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI), "2027-01-04 周一 09:00 前"),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=SHANGHAI), "明天 24:00 前"),
        # 17:00 UTC is already tomorrow in Shanghai
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "明天 01:00 前"),
    ],
)
def test_before_words(due_at: datetime, words: str) -> None:
    assert before_words(due_at=due_at, now=NOW) == words


def test_moments_are_shown_local_with_weekday() -> None:
    assert ui.when(datetime(2026, 11, 22, 6, 5, tzinfo=UTC)) == "2026-11-22 14:05 周日"
    assert ui.when(date(2026, 11, 22)) == "2026-11-22 周日"
    assert ui.when(None) == ui.day(None) == ui.remaining(None) == ui.iso(None) == ui.lasting(None) == ""


@pytest.mark.parametrize(
    ("after_minutes", "tone", "word"),
    [
        (0, Tone.PLAIN, "进行中"),
        (89, Tone.PLAIN, "进行中"),
        (90, Tone.SOON, "将到期"),
        (120, Tone.SOON, "将到期"),
    ],
)
def test_running_promise_turns_amber_then_red(after_minutes: int, tone: Tone, word: str) -> None:
    face = chip_face(
        state="armed",
        starts_at=NOW,
        due_at=NOW + timedelta(hours=2),
        now=NOW + timedelta(minutes=after_minutes),
    )
    assert (face.tone, face.word, face.ticking) == (tone, word, True)


def test_due_exactly_now_is_not_late_and_a_moment_later_is() -> None:
    due = NOW + timedelta(hours=2)
    assert chip_face(state="armed", starts_at=NOW, due_at=due, now=due).tone is Tone.SOON
    late = chip_face(state="armed", starts_at=NOW, due_at=due, now=due + timedelta(seconds=1))
    assert (late.tone, late.word) == (Tone.LATE, "已超时")


@pytest.mark.parametrize(
    ("state", "values", "tone", "word", "rest"),
    [
        ("met", {"ended_at": NOW}, Tone.MET, "按时完成", ""),
        ("late", {"ended_at": NOW + timedelta(hours=3)}, Tone.LATE, "逾期完成", "1 小时"),
        ("late", {}, Tone.LATE, "逾期完成", ""),
        ("waived", {}, Tone.WAITING, "已免除", ""),
        ("void", {}, Tone.WAITING, "已取消", ""),
        ("armed", {"paused_at": NOW}, Tone.WAITING, "暂停计时", ""),
        ("armed", {"due_at": None}, Tone.WAITING, "未定时限", ""),
    ],
)
def test_still_chips(state: str, values: dict[str, datetime], tone: Tone, word: str, rest: str) -> None:
    face = chip_face(**{"state": state, "due_at": NOW + timedelta(hours=2), "now": NOW, **values})
    assert (face.tone, face.word, face.rest, face.ticking) == (tone, word, rest, False)


@given(
    minutes=st.integers(min_value=1, max_value=10**6),
    passed=st.integers(min_value=0, max_value=2 * 10**6),
    percent=st.integers(min_value=1, max_value=100),
)
def test_tones_only_get_worse(minutes: int, passed: int, percent: int) -> None:
    """As time passes a running chip goes plain, soon, late and never back."""
    order = [Tone.PLAIN, Tone.SOON, Tone.LATE]

    def tone(at: int) -> int:
        face = chip_face(
            state="armed",
            starts_at=NOW,
            due_at=NOW + timedelta(minutes=minutes),
            now=NOW + timedelta(minutes=at),
            warn_percent=percent,
        )
        return order.index(face.tone)

    assert tone(passed) <= tone(passed + 1)
    assert (tone(passed) == 2) == (passed > minutes)


def test_chip_says_word_time_and_rule_and_ticks() -> None:
    html = drawn("{% chip one now label='首次联系' href='/rules/C-33' %}", one=obligation(), now=NOW)
    for part in (
        "首次联系",
        "余 2 小时",
        'href="/rules/C-33"',
        "C-33",
        'data-due="2026-11-22T16:05:00+08:00"',
        "#clock",
    ):
        assert part in html
    assert "data-due" not in drawn("{% chip one now %}", one=obligation(state="met"), now=NOW)


def test_words_are_translatable() -> None:
    """English falls back to Chinese only where the catalogue is silent; figures survive either way."""
    with translation.override("en"):
        assert "5" in remaining_words(span=timedelta(minutes=-5))


def test_icons_exist_in_the_sprite() -> None:
    """Every icon a template names literally is in the sprite."""
    sprite = (UI_DIR / "static/ui/icons.svg").read_text(encoding="utf-8")
    named = {
        name
        for template in (UI_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text(encoding="utf-8"))
    }
    assert {name for name in named if f'id="{name}"' not in sprite} == set()


def test_icon_is_silent_unless_labelled() -> None:
    assert 'aria-hidden="true"' in ui.icon("phone")
    assert 'role="img" aria-label="电话"' in ui.icon("phone", "电话")
    assert "&lt;b&gt;" in ui.icon("phone", "<b>")


class Sample(forms.Form):
    """One field of each drawing."""

    words = forms.CharField(label="内容", help_text="原话", widget=forms.Textarea)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="派给", choices=[("", "请选择"), ("1", "工程部")])
    visit_date = forms.DateField(label="日期", required=False, initial=date(2026, 11, 23))
    sign = forms.CharField(label="签名", widget=forms.TextInput(attrs={"data-widget": "signature"}))
    known = forms.BooleanField(label="已告知")
    photo = forms.FileField(label="照片", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def form_html(form: forms.Form, **context: object) -> str:
    """The form part drawn for `form`."""
    return drawn('{% include "ui/parts/form.html" %}', form=form, verb="登记", **context)


def test_blank_form_shows_labels_required_in_words_and_native_pickers() -> None:
    html = form_html(Sample())
    assert html.count("必填") == 5
    assert 'type="date" name="visit_date" value="2026-11-23"' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'aria-describedby="id_words_hint"' in html and 'id="id_words_hint"' in html
    assert html.count('name="secret"') == 1
    assert "y-errors" not in html and "aria-invalid" not in html
    assert "style=" not in html and "<script" not in html and "onclick" not in html


def test_refused_form_repeats_the_same_words_and_links_to_each_field() -> None:
    form = Sample({"words": "", "place": "", "visit_date": "昨天"})
    form.add_error(None, "这一户今天已经登记过同样的事")
    html = form_html(form)
    assert "这一户今天已经登记过同样的事" in html
    for name in ("words", "kind", "place", "visit_date", "sign", "known"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in html
        assert f'id="id_{name}_error"' in html
        assert html.count(str(form.errors[name][0])) >= 2
    assert 'aria-describedby="id_words_hint id_words_error"' in html
    assert 'value="昨天"' in html  # what was typed stays


def test_ids_in_a_form_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]+)"', form_html(Sample({})))
    assert len(ids) == len(set(ids))


def test_form_key_is_fresh_or_the_one_given() -> None:
    assert ui.form_key() != ui.form_key()
    assert 'name="form_key" value="k1"' in form_html(Sample(), submission_key="k1")
    assert "form_key" not in form_html(Sample(), method="get")


def test_signature_sends_a_drawing_or_a_typed_name() -> None:
    drawing = "data:image/png;base64,AAAA"
    assert f'data-sign-drawn value="{drawing}"' in form_html(Sample({"sign": drawing}))
    typed = form_html(Sample({"sign": "钱业主"}))
    assert 'data-sign-drawn value=""' in typed and 'value="钱业主"' in typed
    assert not ui.is_drawing(None) and not ui.is_drawing("data:text/html,x")


def test_text_of_people_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    html = form_html(Sample({"words": evil})) + drawn(
        '{% include "ui/parts/table.html" %}',
        columns=[Column(label=evil)],
        rows=[Row(cells=[Cell(text=evil)])],
    )
    assert evil not in html


def test_table_labels_each_cell_for_the_phone_and_marks_blank_ones() -> None:
    columns = [
        Column(label="单号", kind="code"),
        Column(label="时限", kind="chip"),
        Column(label="费用", kind="number"),
    ]
    rows = [
        Row(
            key="7",
            url="/case/7",
            name="TS-1",
            cells=[Cell(text="TS-1", url="/case/7"), Cell(obligation=obligation()), ""],
        )
    ]
    html = drawn('{% include "ui/parts/table.html" %}', columns=columns, rows=rows, selectable=True, now=NOW)
    assert 'data-label="时限"' in html and "余 2 小时" in html
    assert 'name="chosen" value="7"' in html and 'data-href="/case/7"' in html
    assert "is-number is-blank" in html
    assert "选择 TS-1" in html


def test_empty_table_says_what_to_do() -> None:
    html = drawn(
        '{% include "ui/parts/table.html" %}',
        rows=[],
        empty=SimpleNamespace(text="都办完了", url="/x", label="去回访"),
    )
    assert "都办完了" in html and "去回访" in html


@pytest.mark.parametrize("status", [403, 404, 409, 422, 500, 503])
def test_error_pages_need_no_context(status: int) -> None:
    """They must come out even when nothing else works: no request, no user, no site."""
    html = drawn("") + engines["django"].from_string('{% include "ui/error.html" %}').render(
        {"status": status}
    )
    assert "<h1>" in html and "回到工作台" in html


def test_sheet_is_drawn_once_per_copy_with_its_marks() -> None:
    sheet = Sheet(
        site_name="云溪花园物业服务中心",
        form_name="投诉处理单",
        number="TS-20261122-0007",
        address="https://example.invalid/s/1",
        copies=["存根", "执行", "住户"],
        layout="thirds",
        reprint_count=2,
        signatures=[SignatureLine(label="受理人", name="王前台", date="2026-11-22")],
        printed_at=NOW,
    )
    html = drawn('{% include "ui/print.html" %}', sheet=sheet)
    assert (
        html.count('<article class="sheet">') == html.count("补打 2") == html.count("data:image/svg+xml") == 3
    )
    assert "存根" in html and "2026-11-22 14:05 周日" in html and 'class="is-thirds"' in html
    single = drawn('{% include "ui/print.html" %}', sheet=Sheet(site_name="甲", form_name="乙", number="1"))
    assert single.count('<article class="sheet">') == 1 and "补打" not in single


def test_chart_carries_its_figures_as_data_and_as_table() -> None:
    chart = Chart(
        id="c1",
        title="按时率",
        kind="line",
        labels=["1 月", "2 月"],
        series=[("联系", [88, None])],
        target=95,
    )
    assert chart.data["series"] == [{"name": "联系", "values": [88, None]}]
    html = drawn('{% include "ui/parts/chart.html" %}', chart=chart)
    assert (
        'id="c1" type="application/json"' in html and '<td class="is-number">88</td>' in html and "–" in html
    )
