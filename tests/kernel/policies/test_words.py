"""Values of the rule book are read as words, in both languages; no code is left on the screen."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.words import code_words, value_words

TITLES = {"CS_SUP": "客服主管", "SITE_HEAD": "项目负责人"}
IN_FORCE = [rule for rule in load_book().rules.values() if rule.in_force]
CODED = [
    (f"{rule.id}.{parameter.name}", code)
    for rule in IN_FORCE
    for parameter in rule.parameters
    if parameter.unit in ("choice", "text")
    for code in (parameter.choices or str(parameter.value).split(","))
]


@pytest.mark.parametrize(("path", "code"), CODED)
def test_every_code_in_force_has_words_in_both_languages(path: str, code: str) -> None:
    for language, sign in (("zh-hans", r"[一-鿿]"), ("en", r"[A-Za-z]{2}|V\d")):
        with translation.override(language):
            words = code_words(code=code)
            if re.search(r"[一-鿿]", code):
                assert words == code, path  # a sentence to be said, no code
            else:
                assert words != code or words.islower(), path
                assert re.search(sign, words), path


@pytest.mark.parametrize(
    ("path", "value", "zh", "en"),
    [
        ("C-33.contact_within", 2, "2 小时", "2 h"),
        ("C-33.contact_within", None, "未作规定", None),
        ("C-39.minor_extension_by", "SITE_HEAD", "项目负责人", "项目负责人"),
        ("C-56.dissatisfied_path", "hand_up", "上交上一级", "hand up to the superior level"),
        ("B-01.duties", "mail,keys", "信件报刊、钥匙", "mail, keys"),
    ],
)
def test_a_value_is_read_with_its_unit(path: str, value: object, zh: str, en: str | None) -> None:
    rule_id, _, name = path.partition(".")
    parameter = load_book().rules[rule_id].parameter(name)
    assert value_words(parameter=parameter, value=value, titles=TITLES) == zh
    if en is not None:
        with translation.override("en"):
            assert value_words(parameter=parameter, value=value, titles=TITLES) == en
