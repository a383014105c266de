"""House rules that no linter knows. Each rule is a function over one file, proven by good and bad lines."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yingsheng"
FILE_LINES = 400
FUNCTION_LINES = 60

INTERFACES = ("ui", "api", "ops", "project")  # where clocks are read
FACES = ("pages", "endpoints")  # the modules of a process that face people
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"})
FOUND_WEB = ("django.http", "django.shortcuts", "django.views", "django.middleware", "ninja")

Rule = Callable[[str, ast.Module], Iterator[int]]


@dataclass(frozen=True)
class Sample:
    """A rule, where it looks, lines it must pass and lines it must stop."""

    rule: Rule
    applies: Callable[[Path], bool]
    good: tuple[str, ...]
    bad: tuple[str, ...]


def calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    """The calls of methods with these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def has_keyword(call: ast.Call, *names: str) -> bool:
    return any(keyword.arg in names for keyword in call.keywords)


def owner_of(call: ast.Call) -> str:
    """What stands before the last dot: "timezone" of `timezone.now()`."""
    assert isinstance(call.func, ast.Attribute)
    return ast.unparse(call.func.value)


# -- rules -------------------------------------------------------------------------------------------------


def bare_save(source: str, tree: ast.Module) -> Iterator[int]:
    """A whole-row save overwrites what a neighbour changed meanwhile; `form.save()` of a library is no row."""
    for call in calls(tree, "save"):
        to_a_stream = bool(call.args)  # workbook.save(stream), storage.save(name, content)
        if not to_a_stream and not has_keyword(call, "update_fields", "force_insert"):
            yield call.lineno


def reads_the_clock(source: str, tree: ast.Module) -> Iterator[int]:
    """Moments come in as `at=`; who reads the clock twice in one deed writes two times for it."""
    for call in calls(tree, "now", "utcnow", "today"):
        if owner_of(call).split(".")[-1] in {"timezone", "datetime", "date"}:
            yield call.lineno
    for call in calls(tree, "localdate"):
        if not call.args:
            yield call.lineno


def writes_rows(source: str, tree: ast.Module) -> Iterator[int]:
    """Pages and endpoints call one service; they never write themselves."""
    for call in calls(tree, "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"):
        if "objects" in owner_of(call):
            yield call.lineno


def lock_without_no_key(source: str, tree: ast.Module) -> Iterator[int]:
    """FOR UPDATE also blocks rows that merely point to the locked one; say on purpose which lock is meant."""
    for call in calls(tree, "select_for_update"):
        if not has_keyword(call, "no_key"):
            yield call.lineno


def touches_the_web(source: str, tree: ast.Module) -> Iterator[int]:
    """Requests and responses end at pages and endpoints."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""] + [f"{node.module}.{alias.name}" for alias in node.names]
        if any(name == web or name.startswith(f"{web}.") for name in names for web in FOUND_WEB):
            yield node.lineno


def builds_event_rows(source: str, tree: ast.Module) -> Iterator[int]:
    """Events are written by `events.record` alone, so that each is chained."""
    yield from _builds(tree, "Event", "ChainHead")


def builds_obligation_rows(source: str, tree: ast.Module) -> Iterator[int]:
    """Promises are made by `timers.arm` alone, so that each has its rule, version and clause."""
    yield from _builds(tree, "Obligation", "AlarmFired")


def _builds(tree: ast.Module, *models: str) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in models:
            yield node.lineno
    for call in calls(
        tree, "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"
    ):
        if owner_of(call).split(".")[0].split("(")[0] in models:
            yield call.lineno


def long_functions(source: str, tree: ast.Module) -> Iterator[int]:
    """What does not fit on a screen does more than one thing. Parameters and docstring do not count."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > FUNCTION_LINES:
                yield node.lineno


def long_files(source: str, tree: ast.Module) -> Iterator[int]:
    """A file of more lines has more than one subject."""
    if len(source.splitlines()) > FILE_LINES:
        yield FILE_LINES + 1


def star_imports(source: str, tree: ast.Module) -> Iterator[int]:
    """Nobody can say where such a name comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield node.lineno


def signals(source: str, tree: ast.Module) -> Iterator[int]:
    """What happens next is said by reactions, which can be listed and tested for circles."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(
            ("dispatch", "db.models.signals")
        ):
            yield node.lineno


def swallowed(source: str, tree: ast.Module) -> Iterator[int]:
    """`except: pass` hides the fault from everybody."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield node.lineno


# -- where they look ---------------------------------------------------------------------------------------


def everywhere(path: Path) -> bool:
    return "migrations" not in path.parts


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0] if path.is_relative_to(PACKAGE) else ""


def below_the_interfaces(path: Path) -> bool:
    inner = path.relative_to(PACKAGE).with_suffix("").parts if path.is_relative_to(PACKAGE) else ()
    return (
        everywhere(path) and inner[:1] not in [(each,) for each in INTERFACES] and not set(FACES) & set(inner)
    )


def at_the_interfaces(path: Path) -> bool:
    return (
        everywhere(path)
        and path.is_relative_to(PACKAGE)
        and not below_the_interfaces(path)
        and part(path) != "ops"
    )


def behind_the_door(path: Path) -> bool:
    # Django hands the request to whoever proves who somebody is
    return below_the_interfaces(path) and path != PACKAGE / "kernel" / "org" / "login.py"


def outside(*parts: str) -> Callable[[Path], bool]:
    folder = PACKAGE.joinpath(*parts)
    # an import of history writes promises that were kept or broken in another system
    return lambda path: everywhere(path) and not path.is_relative_to(folder) and part(path) != "ops"


RULES: dict[str, Sample] = {
    "a row is saved by its changed fields": Sample(
        bare_save,
        everywhere,
        good=(
            'row.save(update_fields=["state"])',
            "row.save(force_insert=True)",
            "book.save(stream)",
            'storage.save("a/b", content)',
        ),
        bad=("row.save()", "row.save(using=alias)", "self.instance.save()"),
    ),
    "no clock below the interfaces": Sample(
        reads_the_clock,
        below_the_interfaces,
        good=("f(at=at)", "at.astimezone(UTC)", "timezone.localtime(at)", "localdate(at)", "row.now()"),
        bad=(
            "timezone.now()",
            "datetime.now(UTC)",
            "datetime.datetime.utcnow()",
            "date.today()",
            "datetime.today()",
            "timezone.localdate()",
        ),
    ),
    "pages and endpoints write nothing themselves": Sample(
        writes_rows,
        at_the_interfaces,
        good=("register_complaint(by=by, at=at)", "Case.objects.filter(pk=1)", "Form.create()"),
        bad=("Case.objects.create(a=1)", "Case.objects.get_or_create(a=1)", "Case.objects.bulk_create(rows)"),
    ),
    "a lock says which": Sample(
        lock_without_no_key,
        everywhere,
        good=("q.select_for_update(no_key=True)", "q.select_for_update(skip_locked=True, no_key=True)"),
        bad=("q.select_for_update()", "q.select_for_update(skip_locked=True)"),
    ),
    "requests end at pages": Sample(
        touches_the_web,
        behind_the_door,
        good=("from django.db import models", "from django.utils.http import urlencode", "import ninjas"),
        bad=(
            "from django.http import HttpRequest",
            "from django import http",
            "from django.shortcuts import render",
            "import django.views.generic",
            "from ninja import Router",
        ),
    ),
    "events are recorded, not built": Sample(
        builds_event_rows,
        outside("kernel", "events"),
        good=("events.record(site_id=1)", "Event.objects.filter(pk=1)", "EventKind(code=1)"),
        bad=("Event(seq=1)", "Event.objects.create(seq=1)", "ChainHead.objects.filter(pk=1).update(seq=2)"),
    ),
    "promises are armed, not built": Sample(
        builds_obligation_rows,
        outside("kernel", "timers"),
        good=("timers.arm(rule=rule)", "Obligation.objects.filter(pk=1)", "Obligation.objects.get(pk=1)"),
        bad=(
            "Obligation(rule=1)",
            "Obligation.objects.bulk_create(rows)",
            "Obligation.objects.filter(pk=1).update(state=2)",
        ),
    ),
    "functions fit on a screen": Sample(
        long_functions,
        lambda path: everywhere(path) and path.is_relative_to(PACKAGE),
        good=("def f():\n" + "    g()\n" * FUNCTION_LINES,),
        bad=(
            "def f():\n" + "    g()\n" * (FUNCTION_LINES + 1),
            "async def f():\n" + "    g()\n" * (FUNCTION_LINES + 1),
        ),
    ),
    "files have one subject": Sample(
        long_files,
        everywhere,
        good=("f()\n" * FILE_LINES,),
        bad=("f()\n" * (FILE_LINES + 1),),
    ),
    "names have an origin": Sample(
        star_imports, everywhere, good=("from a import b",), bad=("from a import *",)
    ),
    "no signals for the trade": Sample(
        signals,
        below_the_interfaces,
        good=("from yingsheng.kernel.events.kinds import react", "from django.db import models"),
        bad=("from django.dispatch import receiver", "from django.db.models.signals import post_save"),
    ),
    "no fault is swallowed": Sample(
        swallowed,
        everywhere,
        good=("try:\n    f()\nexcept ValueError:\n    g()",),
        bad=("try:\n    f()\nexcept:\n    g()",),
    ),
}


def python_files() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])


@pytest.mark.parametrize("name", RULES)
def test_the_rule_passes_good_lines(name: str) -> None:
    for line in RULES[name].good:
        assert list(RULES[name].rule(line, ast.parse(line))) == [], line


@pytest.mark.parametrize("name", RULES)
def test_the_rule_stops_bad_lines(name: str) -> None:
    for line in RULES[name].bad:
        assert list(RULES[name].rule(line, ast.parse(line))), line


@pytest.mark.parametrize("name", RULES)
def test_the_house_keeps_the_rule(name: str) -> None:
    sample = RULES[name]
    broken = []
    for path in python_files():
        if path.is_relative_to(PACKAGE) and sample.applies(path):
            source = path.read_text(encoding="utf-8")
            broken += [f"{path.relative_to(ROOT)}:{line}" for line in sample.rule(source, ast.parse(source))]
    assert broken == []


@pytest.mark.parametrize("name", ["files have one subject", "names have an origin", "no fault is swallowed"])
def test_the_suite_keeps_the_rule(name: str) -> None:
    broken = []
    for path in (ROOT / "tests").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        broken += [f"{path.relative_to(ROOT)}:{line}" for line in RULES[name].rule(source, ast.parse(source))]
    assert broken == []


def test_names_say_what_is_inside() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*")]
        if path.stem in VAGUE_NAMES and "migrations" not in path.parts and "vendor" not in path.parts
    ]
    assert vague == []
