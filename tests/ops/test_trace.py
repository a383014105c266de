"""From rule to proof: marks and citations are found by reading, gaps are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from yingsheng.kernel.policies.book import Rule
from yingsheng.ops import trace

from .program import Program

TESTS = '''
import pytest

pytestmark = pytest.mark.rule("C-01")


@pytest.mark.rule("C-02", "C-03")
def test_one():
    """Proves C-99 in words only."""


class TestTwo:
    @pytest.mark.rule("C-04")
    def test_inside(self): ...


@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.rule("C-05"))])
@pytest.mark.slow
def test_table(n): ...
'''


def rule(*, id: str, in_force: bool = True) -> Rule:
    return Rule(
        id=id,
        module=id[0],
        source=("003-12 §3.1",),
        text={"zh": "接到投诉先登记。", "en": "Register first."},
        in_force=in_force,
        process="complaints",
    )


def test_marks_are_found_with_the_test_they_belong_to(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_a.py").write_text(TESTS, encoding="utf-8")
    assert trace.find_tests(folder=folder) == {
        "C-01": ["tests/test_a.py::*"],
        "C-02": ["tests/test_a.py::test_one"],
        "C-03": ["tests/test_a.py::test_one"],
        "C-04": ["tests/test_a.py::TestTwo::test_inside"],
        "C-05": ["tests/test_a.py::test_table"],
    }


def test_a_mark_must_write_out_its_ids(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("@pytest.mark.rule(*IDS)\ndef test_one(): ...\n", encoding="utf-8")
    with pytest.raises(trace.UnreadableMark, match=r"test_a\.py:1"):
        trace.find_tests(folder=tmp_path)


def test_code_cites_in_strings_not_in_docstrings(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "content" / "rules").mkdir(parents=True)
    (package / "content" / "scripts").mkdir()
    (package / "templates").mkdir()
    (package / "a.py").write_text(
        '"""C-10."""\nRULE = "C-11"\nPATH = f"C-12.{x}"  # C-13\n', encoding="utf-8"
    )
    (package / "templates" / "a.html").write_text("{# #}\n<p>C-14</p>", encoding="utf-8")
    (package / "content" / "scripts" / "tips.toml").write_text('rule = "C-15"', encoding="utf-8")
    (package / "content" / "rules" / "C.toml").write_text('id = "C-16"', encoding="utf-8")
    assert trace.find_places(package=package) == {
        "C-11": ["a.py:2"],
        "C-12": ["a.py:3"],
        "C-14": ["templates/a.html:2"],
        "C-15": ["content/scripts/tips.toml:1"],
    }


@pytest.mark.parametrize("text", ["KPI-09", "UTF-8", "ABC-12", "C-123", "x-C-12", "C-1"])
def test_what_only_looks_like_a_rule_is_none(text: str) -> None:
    assert trace.RULE_ID.findall(text) == []


def test_gaps_are_those_in_force_in_complete_modules() -> None:
    rules = [
        rule(id="C-01"),
        rule(id="C-02"),
        rule(id="C-03"),
        rule(id="C-04", in_force=False),
        rule(id="F-01"),
    ]
    traces = trace.collect(
        rules=rules, places={"C-01": ["a:1"], "C-02": ["a:2"]}, tests={"C-01": ["t::x"], "C-03": ["t::y"]}
    )
    assert trace.gaps(traces=traces, modules=["C"]) == ["C-02: no test proves it", "C-03: no code cites it"]


def test_a_line_tells_the_first_place_or_all() -> None:
    full = trace.Trace(rule=rule(id="C-01"), places=("a.py:1", "b.py:2"), tests=("t::x",))
    short = trace.line(trace=full, full=False)
    assert "C-01" in short
    assert "a.py:1 (+1)" in short
    assert "003-12 §3.1" in short
    assert "b.py:2" in trace.line(trace=full, full=True)


def test_the_command_prints_every_rule_of_a_module(bare: Program) -> None:
    done = bare.run("trace", "--module", "X")
    assert done.returncode in (0, 1), done.stderr
    assert "X-01" in done.stdout
    assert bare.run("trace", "--module", "Ω").returncode == 1
