"""The worked examples of the catalogue: each that these processes can show is shown by a test that names it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
EXAMPLES = (
    "T-C01", "T-C04", "T-C07", "T-C10", "T-C13", "T-C16", "T-C19", "T-C22", "T-C25", "T-C28", "T-C31", "T-C34",
    "T-F01", "T-F04", "T-F07", "T-F10", "T-F13", "T-F16",
    "T-B01",
)  # fmt: skip


def marked() -> dict[str, list[str]]:
    """Which tests name which example: id -> "file::name"."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, example in _examples(tree=ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(example, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


def _examples(*, tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.example":
                for argument in mark.args:
                    assert isinstance(argument, ast.Constant), f"{node.name} does not write out its example"
                    yield node.name, str(argument.value)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_worked_example_is_shown_by_a_test(example: str) -> None:
    assert marked().get(example), f"no test is marked with {example}"


def test_no_mark_names_an_example_that_is_not_listed() -> None:
    assert set(marked()) <= set(EXAMPLES)
