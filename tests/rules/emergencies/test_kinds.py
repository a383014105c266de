"""What the content says each kind of emergency needs holds together with the roles, teams and words of the house."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from yingsheng.kernel.org.services import DEPARTMENTS
from yingsheng.processes.emergencies.models import Kind
from yingsheng.processes.emergencies.rules.kinds import KindOfEmergency, load_kinds

ROLES = {
    row["code"]
    for row in tomllib.loads(
        (Path(settings.PACKAGE_DIR) / "content" / "roles.toml").read_text(encoding="utf-8")
    )["role"]
}
each_kind = pytest.mark.parametrize("kind", load_kinds().values(), ids=lambda kind: kind.code)


@pytest.mark.rule("X-02", "X-11")
def test_the_kinds_of_the_form_are_those_of_the_content():
    assert list(load_kinds()) == [str(code) for code in Kind.values]


@each_kind
def test_a_kind_names_posts_and_teams_that_exist(kind: KindOfEmergency):
    assert kind.roles and set(kind.roles) <= ROLES
    assert kind.departments and set(kind.departments) <= {code for code, _name in DEPARTMENTS}
    assert kind.severity in ("minor", "important", "major")


@each_kind
@pytest.mark.rule("X-11")
def test_a_checklist_can_be_practised_in_both_languages(kind: KindOfEmergency):
    assert 4 <= len(kind.steps) <= 20
    for words in (kind.title, kind.reassure, *kind.steps):
        assert re.search(r"[一-鿿]", words.zh)
        assert words.en.isascii() and words.en[0].isupper()
    assert kind.reassure.read("en") == kind.reassure.en
    assert kind.reassure.read("zh-hans") == kind.reassure.zh


@each_kind
def test_the_catalogue_calls_a_kind_as_the_content_does(kind: KindOfEmergency):
    assert Kind(kind.code).label == kind.title.zh
    with translation.override("en"):
        assert translation.gettext(str(Kind(kind.code).label)) == kind.title.en
