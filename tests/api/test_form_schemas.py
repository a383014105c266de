"""A FormSpec as a body: every kind of field, its limits, and what the service gets."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yingsheng.api.fields import read_moment
from yingsheng.api.problems import ApiProblem
from yingsheng.api.schemas import describe_form, fields_of, schema_from
from yingsheng.api.sessions import scoped
from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind

from .place import Place

YES_NO = (("yes", "是"), ("no", "否"))


def form(*fields: Field, **kwargs: Any) -> FormSpec:
    return FormSpec(
        name="try_out", title="试", verb="试", fieldsets=(Fieldset(legend="", fields=fields),), **kwargs
    )


def one(kind: Kind, **kwargs: Any) -> FormSpec:
    return form(Field(name="it", kind=kind, label="项", **kwargs))


def code_of(spec: FormSpec, value: object) -> str:
    """The code of the first error, "" if the value is taken."""
    try:
        schema_from(spec=spec).model_validate({"it": value})
    except ValidationError as error:
        return str(error.errors()[0]["type"])
    return ""


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        (one(Kind.LINE, max_length=3), "三个字", {"四个字了": "string_too_long", 3: "string_type"}),
        (one(Kind.LINE, required=True), " 好 ", {"  ": "string_too_short", None: "string_type", "a\x00": "nul"}),
        (one(Kind.TEXT), "长" * 4000, {"长" * 4001: "string_too_long", "\ud800": "string_unicode"}),
        (one(Kind.INTEGER, minimum=1, maximum=30), 30, {0: "greater_than_equal", 31: "less_than_equal"}),
        (one(Kind.INTEGER, required=True), -5, {None: "int_type", 10**20: "less_than_equal", True: "int_type"}),
        (one(Kind.PERCENT), 100, {101: "less_than_equal"}),
        (one(Kind.YUAN), 12_050, {120.5: "int_type", -1: "greater_than_equal", 10**13: "less_than_equal"}),
        (one(Kind.FLAG), True, {1: "bool_type", "yes": "bool_type"}),
        (one(Kind.CHOICE, choices=YES_NO), "yes", {"maybe": "literal_error", "": "literal_error"}),
        (one(Kind.DATE), "2025-02-28", {"2025-02-30": "date_text", "28.2.2025": "date_text", 20250228: "date_text"}),
        (
            one(Kind.MOMENT),
            "2025-03-03T09:00:00+08:00",
            {"2025-03-03T09:00": "moment_naive", "soon": "moment_text", 1_700_000_000: "moment_text"},
        ),
        (one(Kind.MOMENT), "2025-03-03T01:00:00Z", {"0001-01-01T00:00:00Z": "moment_range"}),
    ],
)  # fmt: skip
def test_what_each_kind_takes(spec: FormSpec, good: object, bad: dict[object, str]) -> None:
    assert code_of(spec, good) == ""
    for value, code in bad.items():
        assert code_of(spec, value) == code, value


def test_several_choices() -> None:
    spec = one(Kind.CHOICES, choices=YES_NO, required=True)
    assert code_of(spec, ["yes", "no"]) == ""
    assert code_of(spec, []) == "too_short"
    assert code_of(spec, ["yes", "no", "yes"]) == "too_long"
    assert code_of(spec, ["never"]) == "literal_error"


def test_nothing_unknown_is_taken_and_the_apis_own_names_are_kept_free() -> None:
    spec = one(Kind.LINE)
    with pytest.raises(ValidationError):
        schema_from(spec=spec).model_validate({"it": "a", "that": "b"})
    with pytest.raises(ValueError, match="asks for it"):
        schema_from(spec=spec, extra=(("it", int),))


def test_what_the_service_gets(place: Place) -> None:
    spec = form(
        Field(name="text", kind=Kind.TEXT, label="文"),
        Field(name="flag", kind=Kind.FLAG, label="旗"),
        Field(name="choice", kind=Kind.CHOICE, label="选", choices=YES_NO),
        Field(name="when", kind=Kind.MOMENT, label="时"),
        Field(name="day", kind=Kind.DATE, label="日"),
        Field(name="who", kind=Kind.STAFF, label="谁"),
        Field(name="also", kind=Kind.STAFF, label="还有谁"),
        Field(name="unit", kind=Kind.DEPARTMENT, label="部门"),
        Field(name="room", kind=Kind.ROOM, label="房"),
        Field(name="phone", kind=Kind.PHONE, label="电话"),
        Field(name="files", kind=Kind.FILES, label="附件"),
    )
    empty = fields_of(spec=spec, sent=schema_from(spec=spec).model_validate({}), site=place.site)
    assert empty == {
        "text": "", "flag": False, "choice": "", "when": None, "day": None, "who": None, "also": None,
        "unit": None, "room": None, "phone": "", "files": [],
    }  # fmt: skip
    picture = f"data:image/png;base64,{base64.b64encode(b'png').decode()}"
    sent = {
        "day": "2025-03-03", "who": "front", "unit": "engineering", "room": "3栋2单元1802", "phone": "+86 13800138000",
        "files": [{"name": "漏水.png", "content": picture}],
    }  # fmt: skip
    full = fields_of(spec=spec, sent=schema_from(spec=spec).model_validate(sent), site=place.site)
    assert full["who"] == place.staff["front"] and full["unit"].name == "工程维修部"
    assert full["room"] == place.room and full["phone"] == "13800138000"
    assert full["day"] == date(2025, 3, 3) and full["files"][0].read() == b"png"
    wrong = {
        "who": "nobody",
        "unit": "x",
        "room": "9-9",
        "phone": "1",
        "files": [{"name": "a", "content": "b"}],
    }
    with pytest.raises(ApiProblem) as problem:
        fields_of(spec=spec, sent=schema_from(spec=spec).model_validate(wrong), site=place.site)
    assert {one.field for one in problem.value.mistakes} == set(wrong)


def test_the_whole_form_is_checked_too(place: Place) -> None:
    spec = form(
        Field(name="a", kind=Kind.INTEGER, label="甲"),
        check=lambda values: {"a": "太多"} if values["a"] == 7 else {},
    )
    with pytest.raises(ApiProblem) as problem:
        fields_of(spec=spec, sent=schema_from(spec=spec).model_validate({"a": 7}), site=place.site)
    assert problem.value.field == "a"


def test_a_form_described() -> None:
    spec = form(
        Field(name="fee", kind=Kind.YUAN, label="费用", hint="含税", rules=("C-21",)),
        Field(name="ok", kind=Kind.CHOICE, label="好吗", choices=YES_NO),
    )
    found = describe_form(spec=spec, model=schema_from(spec=spec))
    assert found["properties"]["fee"]["x-unit"] == "fen" and found["properties"]["fee"]["x-rules"] == ["C-21"]
    assert found["properties"]["ok"]["x-labels"] == {"yes": "是", "no": "否"}
    assert "$ref" not in str(found)


@given(
    moment=st.datetimes(
        min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30), timezones=st.timezones()
    )
)
def test_a_moment_survives_its_way_through_json_and_addresses(moment: datetime) -> None:
    text = moment.isoformat(timespec="microseconds")
    # compared as moments: two zones are never equal for Python in the hour that a clock goes back
    assert read_moment(text).timestamp() == moment.timestamp()
    assert read_moment(text.replace("+", " ")).timestamp() == moment.timestamp()


def test_scopes_never_give_more_than_the_person_has() -> None:
    held = ["complaints.see", "complaints.close", "cases.see_site"]
    assert scoped(permissions=held, scopes=["complaints.*"]) == {"complaints.see", "complaints.close"}
    assert scoped(permissions=held, scopes=["complaints.see", "estate.see"]) == {"complaints.see"}
    assert scoped(permissions=held, scopes=["*"]) == frozenset()
    assert scoped(permissions=held, scopes=[]) == frozenset()
