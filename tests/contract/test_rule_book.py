"""The rule book as content: complete, labelled in both languages, and in step with code, presets and roles."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

import pytest
from django.conf import settings

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.kernel.policies.book import Parameter, digest, load_book
from yingsheng.kernel.policies.services import check_value

BOOK = load_book()
PACKAGE = Path(settings.PACKAGE_DIR)
RULE_ID = re.compile(r"(?<![A-Za-z0-9-])[A-Z]-\d{2}(?!\d)")
PATH = re.compile(r"^[A-Z]-\d{2}\.[a-z_0-9]+$")
PARAMETERS = [
    (f"{rule.id}.{parameter.name}", parameter)
    for rule in BOOK.rules.values()
    for parameter in rule.parameters
]


def test_the_whole_catalogue_stands_in_the_book() -> None:
    assert len(BOOK.rules) == 509
    assert sum(len(module.rules) for module in BOOK.modules.values()) == 509
    assert len(BOOK.conflicts) == 54
    for module in BOOK.modules.values():
        numbers = [int(rule.id.partition("-")[2]) for rule in module.rules]
        assert numbers == list(range(1, len(numbers) + 1)), module.letter
        assert all(rule.id.startswith(f"{module.letter}-") for rule in module.rules)


def test_every_rule_is_told_in_both_languages_and_names_its_source() -> None:
    for rule in BOOK.rules.values():
        assert rule.text["zh"].strip() and rule.text["en"].strip(), rule.id
        assert re.search(r"[一-鿿]", rule.text["zh"]), rule.id
        assert not re.search(r"[一-鿿]", re.sub(r"《[^》]*》", "", rule.text["en"])), rule.id
        assert rule.source and all(one.strip() for one in rule.source), rule.id


def test_every_parameter_is_labelled_in_both_languages_and_named_once() -> None:
    assert len({path for path, _ in PARAMETERS}) == len(PARAMETERS)
    for path, parameter in PARAMETERS:
        assert parameter.label["zh"].strip() and parameter.label["en"].strip(), path
        assert parameter.tag in ("", "I", "G"), path


@pytest.mark.parametrize(("path", "parameter"), PARAMETERS, ids=[path for path, _ in PARAMETERS])
def test_every_value_of_the_book_fits_its_own_unit(path: str, parameter: Parameter) -> None:
    check_value(parameter=parameter, value=parameter.value)
    for preset in BOOK.presets.values():
        if path in preset.values:
            check_value(parameter=parameter, value=preset.values[path])


def parameter_of(unit: str) -> Parameter:
    return next(parameter for _, parameter in PARAMETERS if parameter.unit == unit and not parameter.choices)


@pytest.mark.parametrize(
    ("unit", "good", "bad"),
    [
        ("hours", [0, 48], [-1, 1.5, "2", True]),
        ("minutes", [0, 30], [-1, "30"]),
        ("percent", [0, 100], [101, -1, True]),
        ("day_of_month", [1, 31], [0, 32]),
        ("weekday", [1, 7], [0, 8]),
        ("fen", [0, 100_000], [-1, 0.5]),
        ("flag", [True, False], [1, "yes"]),
        ("count", [0, 3], [-3, False]),
    ],
)
def test_a_value_its_unit_cannot_hold_is_refused(unit: str, good: list[object], bad: list[object]) -> None:
    parameter = parameter_of(unit)
    for value in (*good, None, "silent"):
        check_value(parameter=parameter, value=value)
    for value in bad:
        with pytest.raises(Refused) as refused:
            check_value(parameter=parameter, value=value)
        assert refused.value.field == "value"


def test_a_choice_takes_only_what_is_offered() -> None:
    parameter = BOOK.rules["C-63"].parameter("preferred_mode")
    check_value(parameter=parameter, value="phone")
    with pytest.raises(Refused):
        check_value(parameter=parameter, value="praise")


def test_every_module_has_one_default_preset_and_presets_speak_of_their_own_module() -> None:
    for letter in BOOK.modules:
        presets = BOOK.presets_of(letter)
        assert [preset.default for preset in presets].count(True) == 1, letter
        assert presets[0].default
    for preset in BOOK.presets.values():
        assert preset.id.startswith(f"{preset.module}/")
        assert preset.title["zh"].strip() and preset.title["en"].strip()
        assert not preset.silent & set(preset.values), f"{preset.id} states and is silent about the same"
        for path in (*preset.values, *preset.silent):
            assert path.startswith(f"{preset.module}-"), f"{preset.id} speaks about {path}"


def test_conflicts_and_rules_name_one_another() -> None:
    for rule in BOOK.rules.values():
        for code in rule.conflicts:
            assert rule.id in BOOK.conflicts[code].rules, f"{code} does not name {rule.id}"
    for conflict in BOOK.conflicts.values():
        assert conflict.variants, conflict.id
        assert len({variant.key for variant in conflict.variants}) == len(conflict.variants), conflict.id
        for rule_id in conflict.rules:
            assert conflict.id in BOOK.rules[rule_id].conflicts, f"{rule_id} does not name {conflict.id}"
        for variant in conflict.variants:
            assert not variant.preset or variant.preset in BOOK.presets, (conflict.id, variant.key)
            assert variant.text["zh"].strip() and variant.text["en"].strip()


def test_complaints_follow_ups_desk_and_emergencies_are_in_force() -> None:
    switched_off = {rule.id for letter in "CFBX" for rule in BOOK.modules[letter].rules if not rule.in_force}
    assert switched_off == set()


def test_modules_in_force_have_a_process_that_runs() -> None:
    codes = {process.code for process in processes}
    for process in processes:
        # what the centre does beside its own modules is done by several (Z)
        # and the roster is one half of the duty regulation, the log the other
        half = (process.module, process.code) == ("D", "turns")
        assert process.module == "Z" or half or BOOK.modules[process.module].process == process.code
        for letter in process.complete_modules:
            assert letter in BOOK.modules
    assert {BOOK.modules[letter].process for letter in "CFB"} <= codes


@lru_cache(maxsize=1)
def strings() -> tuple[tuple[str, str], ...]:
    return tuple(_strings())


def _strings() -> Iterator[tuple[str, str]]:
    """(place, text) of every string of the program's code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.value


def test_every_rule_cited_in_the_code_exists() -> None:
    unknown = [
        (place, found)
        for place, text in strings()
        for found in RULE_ID.findall(text)
        if found not in BOOK.rules
    ]
    assert unknown == []


def test_every_figure_asked_for_in_the_code_exists() -> None:
    known = {path for path, _ in PARAMETERS}
    asked = [(place, text) for place, text in strings() if PATH.match(text)]
    assert asked, "the program asks for no figure at all?"
    assert [(place, path) for place, path in asked if path not in known] == []


def test_the_roles_hold_only_permissions_that_exist() -> None:
    text = resources.files("yingsheng.content").joinpath("roles.toml").read_text(encoding="utf-8")
    roles = tomllib.loads(text)["role"]
    declared = [permission.code for permission in PERMISSIONS]
    declared += [permission.code for process in processes for permission in process.permissions]
    assert len(set(declared)) == len(declared), "a permission is declared twice"
    assert len({role["code"] for role in roles}) == len(roles)
    for role in roles:
        assert set(role["permissions"]) <= set(declared), role["code"]
        assert role["zh"].strip() and role["en"].strip()
    given = {permission for role in roles for permission in role["permissions"]}
    assert set(declared) - given == set(), "nobody may ever do this"


def test_every_role_the_code_takes_from_a_rule_is_a_role() -> None:
    text = resources.files("yingsheng.content").joinpath("roles.toml").read_text(encoding="utf-8")
    roles = {role["code"] for role in tomllib.loads(text)["role"]}
    asked = {text for _, text in strings() if PATH.match(text)}
    unknown = []
    for path, parameter in PARAMETERS:
        if path not in asked or parameter.unit not in ("role", "roles"):
            continue
        values = [
            parameter.value,
            *(preset.values[path] for preset in BOOK.presets.values() if path in preset.values),
        ]
        for value in values:
            named = value if isinstance(value, list) else [value]
            unknown += [(path, role) for role in named if role and role not in roles]
    assert unknown == []


def test_the_fingerprint_changes_with_whatever_a_promise_rests_on() -> None:
    rule = BOOK.rules["C-33"]
    first = digest(rule=rule, values={"contact_within": 2}, preset="C/composite")
    assert first == digest(rule=rule, values={"contact_within": 2}, preset="C/composite")
    assert len(first) == 32
    others = {
        digest(rule=rule, values={"contact_within": 3}, preset="C/composite"),
        digest(rule=rule, values={"contact_within": None}, preset="C/composite"),
        digest(rule=rule, values={"contact_within": 2}, preset="C/003-12"),
        digest(rule=BOOK.rules["C-34"], values={"contact_within": 2}, preset="C/composite"),
    }
    assert first not in others
    assert len(others) == 4
