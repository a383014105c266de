"""Changing a figure on the screen: the question follows the unit, and what was decided is read as words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.cast import Cast, make_cast

from yingsheng.kernel.policies.models import Override
from yingsheng.kernel.policies.queries import figure


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def head(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.head, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def change(head: Client, path: str, value: object, reason: str = "合同另有约定") -> Any:
    rule, _, name = path.partition(".")
    return head.post(f"/rules/{rule}/", {"parameter": name, "value": value, "reason": reason})


@pytest.mark.parametrize(
    ("path", "typed", "kept", "words"),
    [
        ("C-33.contact_within", "3", 3, "3 小时"),
        ("C-39.minor_extension_by", "CS_SUP", "CS_SUP", "客服主管"),
        ("C-56.dissatisfied_path", "hand_up", "hand_up", "上交上一级"),
    ],
)
def test_a_figure_is_changed_in_its_own_terms(
    head: Client, cast: Cast, path: str, typed: str, kept: object, words: str
) -> None:
    assert change(head, path, typed).status_code == 303
    assert figure(path=path, site=cast.site, at=timezone.now()) == kept
    page = head.get(f"/rules/{path.partition('.')[0]}/").content.decode()
    assert f"→ {words}" in page and "合同另有约定" in page


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("C-33.contact_within", "两小时"),
        ("C-33.contact_within", "-1"),
        ("C-39.minor_extension_by", "NOBODY"),
        ("C-56.dissatisfied_path", "forget"),
    ],
)
def test_what_the_unit_cannot_hold_is_refused_and_kept_on_the_page(
    head: Client, path: str, typed: str
) -> None:
    answer = change(head, path, typed)
    assert answer.status_code == 422
    assert "合同另有约定" in answer.content.decode()
    assert not Override.objects.exists()


def test_an_empty_value_returns_to_the_preset(head: Client, cast: Cast) -> None:
    change(head, "C-33.contact_within", "3")
    assert change(head, "C-33.contact_within", "").status_code == 303
    assert figure(path="C-33.contact_within", site=cast.site, at=timezone.now()) == 2
