"""One description makes the form; what was typed wrongly is said in words; sent twice it is taken once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast, make_cast

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind, text_limit
from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.forms.build import SpecForm, build_form, words_of
from yingsheng.kernel.forms.models import Submission
from yingsheng.kernel.forms.submissions import KEPT, Answer, clear_old, fingerprint, once
from yingsheng.kernel.org.models import Department

NOW = MONDAY_NINE
TWO = (("a", "甲"), ("b", "乙"))


def spec_of(*fields: Field, **more: Any) -> FormSpec:
    return FormSpec(
        name="trial", title="试填", verb="记下", fieldsets=(Fieldset(legend="内容", fields=fields),), **more
    )


def field_of(kind: Kind, **more: Any) -> Field:
    choices = TWO if kind in (Kind.CHOICE, Kind.CHOICES) else ()
    return Field(name="it", kind=kind, label="内容", **{"choices": choices, **more})


def filled(cast: Cast, item: Field, value: object) -> SpecForm:
    files = {"it": value} if isinstance(value, SimpleUploadedFile) else {}
    return build_form(spec=spec_of(item), actor=cast.actor("front"))(
        {"it": value} if not files else {}, files
    )


def errors(form: SpecForm) -> str:
    return " ".join(form.errors.get("it", []))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_field_that_shows_its_label(cast: Cast, kind: Kind) -> None:
    form = build_form(spec=spec_of(field_of(kind)), actor=cast.actor("front"))()
    [(legend, [bound])] = form.fieldsets
    assert legend == "内容"
    assert bound.label == "内容"
    assert "it" in str(bound)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.FLAG])
def test_every_kind_says_when_it_is_missing_and_lets_the_optional_pass(cast: Cast, kind: Kind) -> None:
    assert "必" in errors(filled(cast, field_of(kind, required=True), "")) or errors(
        filled(cast, field_of(kind, required=True), "")
    )
    assert filled(cast, field_of(kind), "").is_valid()


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.LINE, " 漏水 ", "漏水"),
        (Kind.TEXT, "第一行\n第二行", "第一行\n第二行"),
        (Kind.INTEGER, "12", 12),
        (Kind.PERCENT, "100", 100),
        (Kind.YUAN, "120.5", 12050),
        (Kind.YUAN, "", None),
        (Kind.FLAG, "on", True),
        (Kind.FLAG, "", False),
        (Kind.CHOICE, "b", "b"),
        (Kind.CHOICES, ["a", "b"], ["a", "b"]),
        (Kind.PHONE, "138 0013-8000", "13800138000"),
        (Kind.PHONE, "", ""),
        (Kind.ROOM, "3栋2单元1802", "3栋2单元1802"),
        (Kind.MOMENT, "2025-03-03T09:30", datetime(2025, 3, 3, 9, 30, tzinfo=SHANGHAI)),
        (Kind.MOMENT, "2025-03-03 09:30", datetime(2025, 3, 3, 9, 30, tzinfo=SHANGHAI)),
        (Kind.SIGNATURE, "钱女士", "钱女士"),
    ],
)
def test_what_is_typed_is_kept_as(cast: Cast, kind: Kind, typed: object, kept: object) -> None:
    form = filled(cast, field_of(kind), typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["it"] == kept


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (Kind.YUAN, "很多", "金额"),
        (Kind.YUAN, "1.234", "金额"),
        (Kind.YUAN, "-5", "金额"),
        (Kind.YUAN, "9" * 13, "金额"),
        (Kind.YUAN, "9" * 400, "金额"),
        (Kind.PHONE, "12", "电话号码"),
        (Kind.MOMENT, "明天九点", ""),
        (Kind.MOMENT, "2025-02-30T09:00", ""),
        (Kind.DATE, "2025-13-01", ""),
        (Kind.INTEGER, "三", ""),
        (Kind.PERCENT, "101", ""),
        (Kind.CHOICE, "c", ""),
        (Kind.CHOICES, ["a", "c"], ""),
        (Kind.STAFF, "0", ""),
        (Kind.DEPARTMENT, "0", ""),
        (Kind.LINE, "字" * 201, ""),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(cast: Cast, kind: Kind, typed: object, words: str) -> None:
    said = errors(filled(cast, field_of(kind), typed))
    assert said and words in said


def test_a_number_stays_between_its_limits(cast: Cast) -> None:
    item = field_of(Kind.INTEGER, minimum=1, maximum=30)
    assert [filled(cast, item, str(value)).is_valid() for value in (0, 1, 30, 31)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_file_is_taken_as_sent(cast: Cast) -> None:
    form = filled(cast, field_of(Kind.FILES), SimpleUploadedFile("a.pdf", b"%PDF-1.4"))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["it"]] == ["a.pdf"]
    assert not filled(cast, field_of(Kind.FILES, required=True), "").is_valid()
    for kind, far in (
        (Kind.DATE, "9999-12-31"),
        (Kind.DATE, "1066-10-14"),
        (Kind.MOMENT, "9999-12-31T23:59"),
    ):
        assert not filled(cast, field_of(kind), far).is_valid()
    none = filled(cast, field_of(Kind.FILES), "")
    assert none.is_valid() and none.cleaned_data["it"] == []


def test_people_and_departments_of_another_site_are_not_offered(cast: Cast) -> None:
    other = make_cast(code="other")
    assert filled(cast, field_of(Kind.STAFF), str(cast.engineer.pk)).is_valid()
    assert not filled(cast, field_of(Kind.STAFF), str(other.engineer.pk)).is_valid()
    there = Department.objects.get(site=other.site, code="engineering")
    assert filled(cast, field_of(Kind.DEPARTMENT), str(cast.department("engineering").pk)).is_valid()
    assert not filled(cast, field_of(Kind.DEPARTMENT), str(there.pk)).is_valid()
    here, away = cast.homes[0].room.building_id, other.homes[0].room.building_id
    assert filled(cast, field_of(Kind.BUILDINGS), [str(here)]).is_valid()
    assert filled(cast, field_of(Kind.BUILDINGS), []).is_valid()
    assert not filled(cast, field_of(Kind.BUILDINGS), [str(away)]).is_valid()


def test_few_choices_stand_open_and_many_in_a_list(cast: Cast) -> None:
    def widget(count: int) -> object:
        choices = tuple((str(number), f"第{number}") for number in range(count))
        form = build_form(spec=spec_of(field_of(Kind.CHOICE, choices=choices)), actor=cast.actor("front"))()
        return form.fields["it"].widget

    assert isinstance(widget(5), django_forms.RadioSelect)
    assert not isinstance(widget(6), django_forms.RadioSelect)


def test_a_check_over_the_whole_form_speaks_at_its_field(cast: Cast) -> None:
    spec = spec_of(
        field_of(Kind.LINE), check=lambda values: {"it": "两处写得不一样"} if values.get("it") else {}
    )
    form = build_form(spec=spec, actor=cast.actor("front"))
    assert form({"it": ""}).is_valid()
    assert errors(form({"it": "x"})) == "两处写得不一样"


def test_a_refusal_stands_where_it_belongs(cast: Cast) -> None:
    form = filled(cast, field_of(Kind.LINE), "x")
    assert form.is_valid()
    form.refuse(Refused("没有名为“%(name)s”的方案", field="it", name="甲"))
    form.refuse(Refused("现在不能办", field="somewhere_else"))
    assert errors(form) == "没有名为“甲”的方案"
    assert form.non_field_errors() == ["现在不能办"]


def test_the_words_of_a_refusal_survive_a_percent_sign() -> None:
    assert words_of(Refused("只到100%")) == "只到100%"
    assert words_of(Refused("%(name)s不能办", name="50%")) == "50%不能办"


def test_a_form_may_not_ask_twice_for_the_same() -> None:
    with pytest.raises(ValueError, match="asks twice"):
        spec_of(field_of(Kind.LINE), field_of(Kind.TEXT))


@pytest.mark.parametrize("kind", [Kind.LINE, Kind.TEXT, Kind.SIGNATURE, Kind.ROOM])
def test_every_text_has_an_end(kind: Kind) -> None:
    assert text_limit(item=field_of(kind)) > 0
    assert text_limit(item=field_of(kind, max_length=7)) == 7


@pytest.mark.django_db
@given(fen=st.integers(min_value=0, max_value=10**10))
def test_money_shown_is_money_read_back(fen: int) -> None:
    from yingsheng.kernel.forms.build import YuanField

    field = YuanField()
    assert field.clean(str(field.prepare_value(fen))) == fen
    assert field.prepare_value("12,x") == "12,x"
    assert format_fen(fen=fen) == field.prepare_value(fen)


# --- sent twice, taken once


class Counted:
    def __init__(self, *, fails: bool = False) -> None:
        self.ran = 0
        self.fails = fails

    def __call__(self) -> Answer:
        self.ran += 1
        Department.objects.create(site_id=self.site, code=f"d{self.ran}", name="新")
        if self.fails:
            raise Refused("现在不能办")
        return Answer(status=201, body={"number": f"TS-{self.ran}"})

    site: int = 0


def send(run: Counted, cast: Cast, *, key: str = "k", mark: str = "m", scope: str = "s") -> Answer:
    run.site = cast.site.pk
    return once(scope=scope, key=key, mark=mark, at=NOW, run=run)


def test_the_same_again_gets_the_same_answer(cast: Cast) -> None:
    run = Counted()
    first, second = send(run, cast), send(run, cast)
    assert run.ran == 1
    assert (first.replayed, second.replayed) == (False, True)
    assert (first.status, first.body) == (second.status, second.body) == (201, {"number": "TS-1"})


def test_another_body_under_the_key_is_refused(cast: Cast) -> None:
    run = Counted()
    send(run, cast)
    with pytest.raises(Conflict) as refused:
        send(run, cast, mark="other")
    assert refused.value.code == "key_reused"
    assert run.ran == 1


def test_other_senders_and_no_key_are_other_submissions(cast: Cast) -> None:
    run = Counted()
    send(run, cast)
    send(run, cast, scope="somebody else")
    send(run, cast, key="")
    send(run, cast, key="")
    assert run.ran == 4
    assert Submission.objects.count() == 2


def test_a_failure_leaves_nothing_and_may_be_sent_again(cast: Cast) -> None:
    before = Department.objects.count()
    with pytest.raises(Refused):
        send(Counted(fails=True), cast)
    assert Department.objects.count() == before
    assert not Submission.objects.exists()
    assert send(Counted(), cast).replayed is False


def test_old_keys_are_forgotten(cast: Cast) -> None:
    send(Counted(), cast)
    assert clear_old(now=NOW + KEPT) == 0
    assert clear_old(now=NOW + KEPT + timedelta(seconds=1)) == 1


@given(values=st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3), max_size=5))
def test_the_digest_knows_no_order_and_forgets_nothing(values: dict[str, list[str]]) -> None:
    turned = dict(reversed(list(values.items())))
    assert fingerprint(values=values) == fingerprint(values=turned)
    assert len(fingerprint(values=values)) == 64
    assert fingerprint(values={**values, "one more": ["x"]}) != fingerprint(values=values)
