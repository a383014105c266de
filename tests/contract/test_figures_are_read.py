"""Editing a figure changes behaviour: no rule in force has a parameter that the program never asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from django.conf import settings

from yingsheng.kernel.policies.book import Parameter, Rule, load_book

PACKAGE = Path(settings.PACKAGE_DIR)
# figures whose path is put together: the file that does it, and the pieces that have to stand in it
PIECES = {
    "F-15.report_within": ("processes/followups/services/orders.py", ("F-15", "report_within")),
    "C-39.minor_extension_by": ("processes/complaints/rules/clocks.py", ("C-39.", "_extension_by")),
    "C-39.serious_extension_by": ("processes/complaints/rules/clocks.py", ("C-39.", "_extension_by")),
    "C-39.major_extension_by": ("processes/complaints/rules/clocks.py", ("C-39.", "_extension_by")),
}


@lru_cache(maxsize=1)
def strings() -> Mapping[str, frozenset[str]]:
    """Every string of the program's code, by file."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            texts = (node.value for node in nodes if isinstance(node, ast.Constant))
            found[str(path.relative_to(PACKAGE))] = frozenset(text for text in texts if isinstance(text, str))
    return found


def dead(rules: Iterable[Rule]) -> list[str]:
    """The parameters of rules in force that no line of the program names."""
    asked = frozenset().union(*strings().values())
    paths = [f"{rule.id}.{one.name}" for rule in rules if rule.in_force for one in rule.parameters]
    return [path for path in paths if path not in asked | PIECES.keys()]


def test_every_figure_in_force_is_read() -> None:
    assert dead(load_book().rules.values()) == []


@pytest.mark.parametrize("path", PIECES)
def test_a_path_that_is_put_together_is_put_together_where_it_is_said(path: str) -> None:
    file, pieces = PIECES[path]
    assert set(pieces) <= strings()[file]
    rule_id, _, name = path.partition(".")
    assert load_book().rules[rule_id].parameter(name)


def test_a_figure_nobody_reads_is_found_as_soon_as_its_rule_is_in_force() -> None:
    idle = Parameter(name="polite_pause", unit="minutes", value=3, label={"zh": "停顿", "en": "Pause"})
    rule = replace(load_book().rules["C-33"], parameters=(idle,))
    assert dead([rule]) == ["C-33.polite_pause"]
    assert dead([replace(rule, in_force=False)]) == []
