"""From rule to proof: for each ID of the catalogue its entry, its process, the code that cites it, its tests.

Nothing is run. Tests are found by their marks, `@pytest.mark.rule("C-37")`; code by the ID inside a string that
is not a docstring, and content (scripts, maps) by the ID in its text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from yingsheng.base.process import processes
from yingsheng.kernel.policies.book import Rule, load_book
from yingsheng.ops.words import failed, say

RULE_ID = re.compile(r"(?<![A-Za-z0-9-])[A-Z]-\d{2}(?!\d)")


class UnreadableMark(ValueError):
    """A rule mark whose IDs are not written out, so that nobody can find them by reading."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What stands behind one rule: places as "file:line", tests as "file::name"."""

    rule: Rule
    places: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether code cites it and a test proves it."""
        return bool(self.places and self.tests)


@dataclass
class Findings:
    """Where IDs were found, by ID."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, *, rule_id: str, where: str) -> None:
        """Note one place, once."""
        places = self.found.setdefault(rule_id, [])
        if where not in places:
            places.append(where)


def trace(*, module: str | None, quiet: bool) -> int:
    """Print the trace; returns 1 if a module listed as complete has a gap or a test names an unknown rule, else 0.

    Raises CommandFailed for a letter the catalogue does not have, or a mark that cannot be read.
    """
    book = load_book()
    if module is not None and module not in book.modules:
        raise failed(zh=f"没有模块“{module}”。", en=f"There is no module “{module}”.")
    package = Path(settings.PACKAGE_DIR)
    try:
        tests = find_tests(folder=package.parent.parent / "tests")
    except UnreadableMark as error:
        raise failed(
            zh=f"看不懂的规程标记：{error}", en=f"A rule mark must write out its IDs: {error}"
        ) from error
    traces = collect(rules=book.rules.values(), places=find_places(package=package), tests=tests)
    for each in traces:
        if module in (None, each.rule.module) and not quiet:
            print(line(trace=each, full=module is not None))
    return _judge(traces=traces, unknown=sorted(set(tests) - set(book.rules)))


def collect(
    *, rules: Iterable[Rule], places: Mapping[str, list[str]], tests: Mapping[str, list[str]]
) -> list[Trace]:
    """One trace per rule, in the order of the catalogue."""
    return [
        Trace(rule=rule, places=tuple(places.get(rule.id, ())), tests=tuple(tests.get(rule.id, ())))
        for rule in rules
    ]


def gaps(*, traces: Iterable[Trace], modules: Iterable[str]) -> list[str]:
    """The rules in force of these modules that lack code or a test, each with what it lacks."""
    wanted = set(modules)
    return [
        f"{each.rule.id}: {'no code cites it' if not each.places else 'no test proves it'}"
        for each in traces
        if each.rule.module in wanted and each.rule.in_force and not each.covered
    ]


def line(*, trace: Trace, full: bool) -> str:
    """One rule for reading; `full` names every place and test, else the first of each and how many more."""
    rule = trace.rule
    state = "in force" if rule.in_force else "not yet"
    head = f"{rule.id:5} {state:9} {rule.process or '-':12} {'; '.join(rule.source)}"
    if not full:
        return f"{head}  code: {_short(trace.places)}  tests: {_short(trace.tests)}"
    rows = [f"      code {place}" for place in trace.places] + [f"      test {test}" for test in trace.tests]
    return "\n".join([head, f"      {rule.text['zh']}", *rows])


def find_places(*, package: Path) -> dict[str, list[str]]:
    """Where the package cites rules: strings of its Python, and text of its templates and content."""
    found = Findings()
    for path in sorted(package.rglob("*.py")):
        if "migrations" not in path.parts:
            for text, number in strings_of(source=path.read_text(encoding="utf-8")):
                for rule_id in RULE_ID.findall(text):
                    found.add(rule_id=rule_id, where=f"{path.relative_to(package)}:{number}")
    for path in sorted([*package.rglob("*.html"), *package.rglob("content/**/*.toml")]):
        if path.parent != package / "content" / "rules":
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                for rule_id in RULE_ID.findall(text):
                    found.add(rule_id=rule_id, where=f"{path.relative_to(package)}:{number}")
    return found.found


def strings_of(*, source: str) -> Iterator[tuple[str, int]]:
    """Every string of a module that is not a docstring, with its line."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value, node.lineno


def find_tests(*, folder: Path) -> dict[str, list[str]]:
    """The tests that carry a rule mark, by ID; UnreadableMark for one whose IDs are not written out."""
    found = Findings()
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = str(path.relative_to(folder.parent))
        for owner, mark in _marks(node=tree, owner="*"):
            for argument in mark.args:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    raise UnreadableMark(f"{place}:{mark.lineno}")
                found.add(rule_id=argument.value, where=f"{place}::{owner}")
    return found.found


def _marks(*, node: ast.AST, owner: str) -> Iterator[tuple[str, ast.Call]]:
    """Rule marks below a node with the test they belong to; "*" for those of the whole file."""
    for child in ast.iter_child_nodes(node):
        inner = owner
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = child.name if owner == "*" else f"{owner}::{child.name}"
        if isinstance(child, ast.Call) and _is_rule_mark(child.func):
            yield owner, child
        yield from _marks(node=child, owner=inner)


def _is_rule_mark(func: ast.expr) -> bool:
    return (
        isinstance(func, ast.Attribute)
        and func.attr == "rule"
        and isinstance(func.value, ast.Attribute)
        and func.value.attr == "mark"
    )


def _short(places: tuple[str, ...]) -> str:
    if not places:
        return "-"
    return places[0] if len(places) == 1 else f"{places[0]} (+{len(places) - 1})"


def _judge(*, traces: list[Trace], unknown: list[str]) -> int:
    complete = sorted({module for process in processes for module in process.complete_modules})
    missing = gaps(traces=traces, modules=complete)
    in_force = [each for each in traces if each.rule.in_force]
    covered = sum(each.covered for each in in_force)
    for gap in missing:
        print(f"  {gap}")
    for rule_id in unknown:
        print(f"  {rule_id}: a test names it, the catalogue does not")
    say(
        zh=f"规程 {len(traces)} 条，已实施 {len(in_force)} 条，其中 {covered} 条有代码、有测试；"
        f"已完成的模块 {' '.join(complete) or '无'}，缺口 {len(missing)} 处。",
        en=f"{len(traces)} rules, {len(in_force)} in force, {covered} of them with code and test; "
        f"complete modules: {' '.join(complete) or 'none'}; gaps: {len(missing)}.",
    )
    return 1 if missing or unknown else 0
