"""What every process declares holds together: states, steps, forms, sheets, events. New ones are tested unasked."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.template.loader import get_template
from django.urls import reverse
from tests.factories.cast import Cast, make_cast

from yingsheng.base.formspec import FormSpec, Kind
from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.events.kinds import all_kinds, all_reactions, get_kind
from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.followups.reactions import OF_OTHERS

BOOK = load_book()
ALL = list(processes)
LIVING = [process for process in ALL if process.states]
STEPS = [(process, step) for process in ALL for step in process.steps]
FORMS = [process.intake for process in ALL if process.intake is not None] + [step.form for _, step in STEPS]
DECLARED = {permission.code for permission in PERMISSIONS} | {
    permission.code for process in ALL for permission in process.permissions
}
each_process = pytest.mark.parametrize("process", ALL, ids=lambda process: process.code)
each_living = pytest.mark.parametrize("process", LIVING, ids=lambda process: process.code)
each_step = pytest.mark.parametrize(
    ("process", "step"), STEPS, ids=[f"{process.code}.{step.code}" for process, step in STEPS]
)
each_form = pytest.mark.parametrize("spec", FORMS, ids=lambda spec: spec.name)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def reached_from(process: Process, start: set[str]) -> set[str]:
    """Every state that some steps and moves lead to."""
    seen = set(start)
    while True:
        more = {
            target
            for way in (*process.steps, *process.moves)
            if seen & set(way.sources)
            for target in way.targets
        } - seen
        if not more:
            return seen
        seen |= more


@each_living
def test_every_state_can_be_reached_from_the_first(process: Process) -> None:
    first = process.states[0].code
    assert reached_from(process, {first}) == {state.code for state in process.states}


@each_living
def test_every_state_is_final_or_leads_to_one_that_is(process: Process) -> None:
    final = {state.code for state in process.states if state.final}
    assert final
    for state in process.states:
        ways = [way for way in (*process.steps, *process.moves) if state.code in way.sources]
        if state.final:
            assert not any(way.targets for way in ways), f"{state.code} is final and yet goes on"
        else:
            assert reached_from(process, {state.code}) & final, f"{state.code} has no way out"


@each_process
def test_codes_are_unique_and_labels_are_chinese(process: Process) -> None:
    for things in (process.states, process.steps, process.moves, process.sheets, process.milestones):
        codes = Counter(thing.code for thing in things)
        assert not [code for code, count in codes.items() if count > 1]
    labels = [state.label for state in process.states] + [step.label for step in process.steps]
    labels += [process.title, *(permission.label for permission in process.permissions)]
    labels += [sheet.title for sheet in process.sheets] + [one.label for one in process.milestones]
    for label in labels:
        assert re.search(r"[一-鿿]", label), label
    for permission in process.permissions:
        assert permission.code.startswith(f"{process.code}."), permission.code


def test_processes_do_not_share_numbers_keys_or_steps_by_mistake() -> None:
    prefixes = [process.number_prefix for process in ALL if process.states]
    assert len(set(prefixes)) == len(prefixes)
    hotkeys = [process.hotkey for process in ALL if process.hotkey]
    assert len(set(hotkeys)) == len(hotkeys)


@each_step
def test_a_step_names_only_what_exists(process: Process, step: Step) -> None:
    states = {state.code for state in process.states}
    assert step.sources and set(step.sources) <= states
    assert set(step.targets) <= states
    assert step.permission in DECLARED
    assert {rule for rule in step.rules if rule not in BOOK.rules} == set()
    assert [rule for rule in step.rules if not BOOK.rules[rule].in_force] == []


@each_living
def test_a_move_names_only_what_exists(process: Process) -> None:
    states = {state.code for state in process.states}
    for move in process.moves:
        assert move.sources and move.targets
        assert set(move.sources) | set(move.targets) <= states


@each_form
def test_a_form_asks_in_chinese_and_cites_rules_that_exist(spec: FormSpec) -> None:
    assert re.search(r"[一-鿿]", spec.title) and re.search(r"[一-鿿]", spec.verb)
    for item in spec.fields:
        assert re.search(r"[一-鿿]", item.label), item.name
        assert {rule for rule in item.rules if rule not in BOOK.rules} == set()
        codes = [code for code, _ in item.choices]
        assert len(set(codes)) == len(codes), item.name
        if item.kind in (Kind.CHOICE, Kind.CHOICES):
            assert codes, f"{item.name} offers nothing"


@each_form
def test_a_form_builds_and_an_empty_one_says_what_is_missing(cast: Cast, spec: FormSpec) -> None:
    made = build_form(spec=spec, actor=cast.actor("supervisor"))
    assert [bound.name for _, group in made().fieldsets for bound in group] == [
        item.name for item in spec.fields
    ]
    empty = made({})
    required = {item.name for item in spec.fields if item.required}
    assert empty.is_valid() == (not required or not empty.errors)
    for name in required:
        assert empty.errors[name], name
    for errors in empty.errors.values():
        assert all(re.search(r"[一-鿿]", str(error)) for error in errors), errors


@each_process
def test_menu_entries_lead_somewhere_for_somebody(process: Process) -> None:
    for entry in process.menu:
        assert reverse(entry.url_name)
        assert entry.permission in DECLARED
    orders = [entry.order for other in ALL for entry in other.menu]
    assert len(set(orders)) == len(orders)


@each_process
def test_a_process_that_takes_matters_in_says_who_may(process: Process) -> None:
    if process.intake is None:
        assert process.open is None
        return
    assert process.open is not None
    assert process.intake_permission in {permission.code for permission in process.permissions}


@each_process
def test_sheets_have_a_template_and_a_form_number(process: Process) -> None:
    for sheet in (*process.sheets, *process.own_sheets):
        assert re.fullmatch(r"FM-\d{2}", sheet.form_number), sheet.code
        assert get_template(sheet.template)


def test_every_declared_code_has_words() -> None:
    for process in ALL:
        for name, codes in process.codes.items():
            for code, label in codes.items():
                assert re.search(r"[一-鿿]", label), (process.code, name, code)


def test_event_kinds_are_named_after_their_app_and_told_in_chinese() -> None:
    apps = {process.code for process in ALL} | {
        "org", "estate", "policies", "worktime", "timers", "events", "files", "notify", "cases",
        "calls", "charges", "custody", "orders", "search", "ops", "rosters",
    }  # fmt: skip
    for kind in all_kinds():
        assert kind.code.partition(".")[0] in apps, kind.code
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind.code)
        assert re.search(r"[一-鿿]", kind.text), kind.code
        assert kind.tone in ("plain", "soon", "late", "met", "waiting"), kind.code
        rest = re.sub(r"%\([a-z_]+\)s", "", kind.text)
        assert "%" not in rest, f"{kind.code} has a place that nothing fills"


def test_reactions_answer_declared_events_and_never_run_in_circles() -> None:
    edges: dict[str, set[str]] = {}
    for reaction in all_reactions():
        assert get_kind(code=reaction.on)
        for emitted in reaction.emits:
            assert get_kind(code=emitted)
        edges.setdefault(reaction.on, set()).update(reaction.emits)

    def walk(code: str, way: tuple[str, ...]) -> None:
        assert code not in way, " → ".join((*way, code))
        for following in edges.get(code, ()):
            walk(following, (*way, code))

    for code in edges:
        walk(code, ())


def test_nothing_that_follow_ups_listen_for_is_left_out() -> None:
    heard = set(all_reactions())
    for reaction in OF_OTHERS:
        assert reaction in heard, f"nobody hears {reaction.on}: is it misspelt?"


def test_the_registry_takes_nothing_more_once_the_program_runs() -> None:
    with pytest.raises(RuntimeError):
        processes.add(ALL[0])
    for process in ALL:
        assert process.code in processes
        assert processes.get(process.code) is process


def test_an_unknown_code_is_a_mistake_of_the_program() -> None:
    lookups: list[Any] = [LIVING[0].state, LIVING[0].step, LIVING[0].way, processes.get]
    for lookup in lookups:
        with pytest.raises(KeyError):
            lookup("nowhere")
