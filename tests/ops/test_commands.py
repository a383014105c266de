"""The commands as they are typed, on real database files."""

from __future__ import annotations

import stat
import subprocess
import sys

import pytest

from .program import PASSWORD, ROOT, Program


def test_help_names_every_command_and_needs_no_database(bare: Program) -> None:
    done = bare.run("--help")
    assert done.returncode == 0
    for name in (
        "serve",
        "web",
        "phones",
        "worker",
        "prepare",
        "doctor",
        "verify",
        "init",
        "import",
        "token",
        "trace",
    ):
        assert f"\n    {name} " in done.stdout
    assert not bare.data.exists()


def test_the_parent_of_web_and_worker_stays_light() -> None:
    code = "import sys, yingsheng.ops.cli, yingsheng.ops.serve; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "src", check=False).returncode == 0


def test_misuse_is_told_from_failure(bare: Program) -> None:
    assert bare.run("dance").returncode == 2
    assert bare.run("init", "--code", "x").returncode == 2


def test_prepare_may_be_repeated_and_keeps_secrets_to_itself(program: Program) -> None:
    again = program.run("prepare")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    for name in ("secret.key", "personal-data.key"):
        assert stat.S_IMODE((program.data / name).stat().st_mode) == 0o600


def test_a_prepared_installation_has_roles_and_nobody_in_it(program: Program) -> None:
    assert program.ask("SELECT count(*) FROM org_role")[0][0]
    assert program.ask("SELECT count(*) FROM org_staff") == [(0,)]
    assert program.ask("SELECT count(*) FROM org_site") == [(0,)]


def test_init_opens_a_site_with_its_head_calendars_and_library(program: Program) -> None:
    done = program.init()
    assert done.returncode == 0, done.stderr
    assert program.ask("SELECT code, is_drill FROM org_site") == [("lv", 0)]
    assert program.ask("SELECT username FROM org_staff") == [("head",)]
    assert PASSWORD not in str(program.ask("SELECT password FROM org_staff"))
    assert program.ask("SELECT r.code FROM org_post p JOIN org_role r ON r.id = p.role_id") == [
        ("SITE_HEAD",)
    ]
    assert program.ask("SELECT count(*) FROM worktime_calendar")[0][0]
    # the duty posts of the regulation that a new site follows
    assert program.ask("SELECT code FROM rosters_dutypost ORDER BY id") == [("desk",), ("night_repair",)]
    assert program.ask("SELECT count(*) FROM knowledge_article WHERE state = 'approved'")[0][0] >= 60


@pytest.mark.parametrize(
    ("typed", "word"), [("", "password"), ("\n", "password"), ("short\n", "密码"), ("1234567890\n", "密码")]
)
def test_init_refuses_a_poor_password_and_writes_nothing(program: Program, typed: str, word: str) -> None:
    done = program.run(
        *("init", "--code", "lv", "--name", "绿荫里", "--head-username", "head", "--head-name", "陆主任"),
        typed=typed,
    )
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert program.ask("SELECT count(*) FROM org_site") == [(0,)]


def test_init_reads_a_password_from_a_file(program: Program) -> None:
    secret = program.data.parent / "password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    arguments = (
        "init",
        "--code",
        "lv",
        "--name",
        "绿荫里",
        "--head-username",
        "head",
        "--head-name",
        "陆主任",
    )
    assert program.run(*arguments, "--password-file", str(secret)).returncode == 0
    assert program.run(*arguments, "--password-file", str(secret) + "x").returncode == 1


def test_init_refuses_a_code_or_login_in_use(program: Program) -> None:
    program.init()
    same_code = program.init(username="other")
    assert (same_code.returncode, "lv" in same_code.stderr) == (1, True)
    same_login = program.init(code="lv2")
    assert (same_login.returncode, "head" in same_login.stderr) == (1, True)
    assert program.ask("SELECT count(*) FROM org_site") == [(1,)]


def test_init_says_what_is_missing_on_a_bare_machine(bare: Program) -> None:
    done = bare.init()
    assert done.returncode == 1
    assert "yingsheng prepare" in done.stderr


def test_a_token_is_shown_once_and_kept_as_a_hash(program: Program) -> None:
    program.init()
    done = program.run(
        "token", "--site", "lv", "--name", "电话系统", "--acts-as", "head", "--scope", "cases.read"
    )
    assert done.returncode == 0, done.stderr
    token = done.stdout.split()[-1]
    assert token.startswith("ys_")
    assert token not in str(program.ask("SELECT * FROM org_apiclient"))


@pytest.mark.parametrize(
    ("site", "acts_as", "scopes"), [("no", "head", ["a"]), ("lv", "nobody", ["a"]), ("lv", "head", [])]
)
def test_a_token_for_nobody_is_refused(program: Program, site: str, acts_as: str, scopes: list[str]) -> None:
    program.init()
    wanted = [part for scope in scopes for part in ("--scope", scope)]
    done = program.run("token", "--site", site, "--name", "x", "--acts-as", acts_as, *wanted)
    assert (done.returncode, program.ask("SELECT count(*) FROM org_apiclient")) == (1, [(0,)])


def test_import_reports_every_bad_row_and_writes_none(program: Program) -> None:
    program.init()
    file = program.data.parent / "rooms.csv"
    file.write_text("nonsense\n1\n", encoding="utf-8")
    done = program.run("import", "rooms", str(file), "--site", "lv", "--dry-run")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert program.run("import", "rooms", str(file), "--site", "no").returncode == 1


def test_settings_may_stand_in_a_file_but_the_environment_wins(program: Program) -> None:
    (program.data.parent / ".env").write_text("DEBUG=true\n", encoding="utf-8")
    assert "DEBUG" in program.run("doctor").stdout
    assert "DEBUG" not in program.run("doctor", DEBUG="false").stdout


def test_nonsense_in_a_setting_is_refused(program: Program) -> None:
    done = program.run("doctor", SESSION_HOURS="soon")
    assert done.returncode != 0
    assert "SESSION_HOURS" in done.stderr
