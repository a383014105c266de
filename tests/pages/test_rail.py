"""The left rail: lines under their headings in the order of a day, one line alone without a heading."""

from __future__ import annotations

from itertools import groupby

import pytest
from django.test import Client
from tests.factories.cast import Cast, make_cast

from yingsheng.project.navigation import DAILY_GROUPS, GROUP_ICONS, NavItem, menu_entries, rail_groups


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def line(label: str, *, active: bool = False) -> NavItem:
    return NavItem(icon="point", label=label, url=f"/{label}/", active=active)


def test_the_lines_of_a_heading_stand_together_and_every_heading_has_its_sign() -> None:
    headings = [heading for heading, _ in groupby(entry.group for entry in menu_entries()) if heading]
    assert len(headings) == len(set(headings)), headings
    assert set(headings) <= set(GROUP_ICONS)


def test_one_line_alone_has_no_heading() -> None:
    groups = rail_groups([("", line("a")), ("档案", line("b")), ("事项", line("c")), ("事项", line("d"))])
    assert [(group.label, len(group.items)) for group in groups] == [("", 1), ("", 1), ("事项", 2)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/followups/orders/", ["回访"]), ("/emergencies/", ["事项"]), ("/", ["接待", "事项"])],
)
def test_the_group_at_hand_is_open_or_else_those_of_every_day(
    cast: Cast, path: str, expected: list[str]
) -> None:
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get(path)
    rail = page.context["yingsheng"]["rail"]
    assert [group.label for group in rail if group.open] == expected
    assert len(expected) <= DAILY_GROUPS
    assert [item.url for group in rail for item in group.items if item.active] == [path]
    assert page.context["yingsheng"]["nav"] == [group.items[0] for group in rail]
