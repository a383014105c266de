"""Personal data is declared column by column, masked by default and sealed where it must be."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.estate import personal, services
from yingsheng.kernel.estate.models import Consent, Household, Person, Phone, Vehicle
from yingsheng.kernel.estate.sealing import blind_index, open_sealed, seal

from .archive import NOW, Archive

MODELS: list[type[models.Model]] = [Person, Phone, Vehicle, Household, Consent]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_text_and_date_column_is_declared_one_way_or_the_other(model: type[models.Model]) -> None:
    columns = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField | models.DateField | models.JSONField)
    }
    declared = set(personal.PERSONAL[model._meta.label_lower])
    plain = personal.NOT_PERSONAL[model._meta.label_lower]
    assert declared | plain == columns
    assert not declared & plain


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (personal.mask_name, "欧阳明", "欧**"),
        (personal.mask_name, "王", "*"),
        (personal.mask_name, "", ""),
        (personal.mask_id_number, "11010119900307109X", "1101**********109X"),
        (personal.mask_id_number, "1234", "****"),
        (personal.mask_id_number, "", ""),
        (personal.mask_date, "1985-03-07", "1985-**-**"),
        (personal.mask_date, "bad", "***"),
        (personal.mask_plate, "粤B12345", "粤B***45"),
        (personal.mask_plate, "粤B", "**"),
        (personal.hide, "上夜班", "••••"),
        (personal.hide, "", ""),
    ],
)
def test_masks(mask: object, text: str, shown: str) -> None:
    assert callable(mask)
    assert mask(text) == shown


# digits are left out: short public numbers (95588) stay readable on purpose
@given(text=st.text(st.characters(categories=["L"]), min_size=5, max_size=40))
def test_no_mask_shows_the_whole_of_a_longer_text(text: str) -> None:
    for columns in personal.PERSONAL.values():
        for column in columns.values():
            assert column.mask(text) != text


def test_a_person_is_masked_by_default(archive: Archive) -> None:
    person = services.change_person(
        person=archive.qian,
        by=archive.clerk,
        at=NOW,
        id_number="11010119900307109X",
        birth_date=date(1990, 3, 7),
    )
    shown = personal.masked_person(person=person)
    assert (shown.name, shown.phones) == ("钱业主", ("138****8000", "0755****1234"))
    assert (shown.id_number, shown.birth_date) == ("1101**********109X", "1990-**-**")
    assert personal.masked_person(person=person, phones=()).phones == ()
    assert personal.masked(model="estate.phone", column="number", text="13800138000") == "138****8000"


@given(text=st.text(max_size=40))
def test_a_sealed_text_opens_in_its_own_field_only(text: str) -> None:
    sealed = seal(text=text, field="estate.person.id_number")
    assert open_sealed(sealed=sealed, field="estate.person.id_number") == text
    if text:
        with pytest.raises(InvalidTag):
            open_sealed(sealed=sealed, field="estate.person.note")


def test_an_unknown_seal_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        open_sealed(sealed="v0:abc", field="estate.person.id_number")


def test_the_blind_index_knows_case_and_field() -> None:
    one = blind_index(text="11010119900307109x", field="a")
    assert one == blind_index(text=" 11010119900307109X ", field="a")
    assert one != blind_index(text="11010119900307109X", field="b")
    assert blind_index(text="", field="a") == ""
