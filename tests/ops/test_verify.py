"""Whoever touches the log is found out, even if he gets past the triggers."""

from __future__ import annotations

import pytest

from .program import Program


@pytest.fixture
def meddled(program: Program) -> Program:
    """A site whose log has lost its guards, as if somebody had the database file in his hands."""
    program.init()
    program.ask("DROP TRIGGER events_no_update")
    program.ask("DROP TRIGGER events_no_delete")
    return program


def test_an_honest_log_is_sound_and_shows_its_head(program: Program) -> None:
    program.init()
    done = program.run("verify")
    head = program.ask("SELECT hash FROM events_chainhead")[0][0]
    assert done.returncode == 0
    assert str(head) in done.stdout


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ('UPDATE events_event SET data = \'{"code": "else"}\' WHERE seq = 1', "line 1: altered"),
        ("UPDATE events_event SET at = '2020-01-01 00:00:00' WHERE seq = 2", "line 2: altered"),
        ("DELETE FROM events_event WHERE seq = 2", "line 2: missing"),
        ("DELETE FROM events_event WHERE seq = (SELECT max(seq) FROM events_event)", "truncated"),
        ("UPDATE events_event SET previous_hash = 'x' WHERE seq = 2", "line 2: reordered"),
    ],
)
def test_a_touched_log_is_found_out(meddled: Program, statement: str, problem: str) -> None:
    meddled.ask(statement)
    done = meddled.run("verify", "--site", "lv")
    assert done.returncode == 1
    assert problem in done.stdout


def test_a_head_noted_earlier_must_still_be_there(program: Program) -> None:
    program.init()
    head = str(program.ask("SELECT hash FROM events_event WHERE seq = 1")[0][0])
    assert program.run("verify", "--expect-head", head).returncode == 0
    assert program.run("verify", "--expect-head", "0" * 64).returncode == 1


def test_an_unknown_site_is_not_sound_by_default(program: Program) -> None:
    done = program.run("verify", "--site", "nowhere")
    assert (done.returncode, "nowhere" in done.stderr) == (1, True)


def test_the_guards_refuse_to_change_or_remove_a_line(program: Program) -> None:
    program.init()
    for statement in ("UPDATE events_event SET kind = 'x'", "DELETE FROM events_event"):
        with pytest.raises(Exception, match="append-only"):
            program.ask(statement)
