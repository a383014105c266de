"""The doctor names what is wrong, and what to do about it."""

from __future__ import annotations

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.services import load_roles, open_site
from yingsheng.kernel.timers.tick import beat
from yingsheng.kernel.worktime.models import CalendarYear
from yingsheng.kernel.worktime.services import create_default_calendars
from yingsheng.ops import doctor
from yingsheng.ops.doctor import Health

from .program import Program

NOW = datetime(2025, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def site(db: None) -> Site:
    """A site in good order."""
    load_roles()
    row = open_site(code="lv", name="绿荫里", kind="residence", at=NOW)
    create_default_calendars(site=row, at=NOW)
    beat(name="here", now=NOW)
    return row


def words(*, health: Health, now: datetime = NOW) -> str:
    return "\n".join(str(each.words) for each in doctor.examine(now=now) if each.health is health)


def test_an_installation_in_good_order(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").touch()
    assert words(health=Health.BAD) == ""


def test_a_silent_worker(site: Site) -> None:
    assert "silent for 10 minutes" in words(health=Health.BAD, now=NOW + timedelta(minutes=10))


def test_a_year_without_holidays(site: Site) -> None:
    CalendarYear.objects.filter(year=2025).delete()
    assert "2025" in words(health=Health.WARN)


def test_a_real_site_beside_a_drill_site(site: Site) -> None:
    open_site(code="demo", name="演练", kind="residence", at=NOW, is_drill=True)
    assert "drill site" in words(health=Health.WARN)


def test_no_roles_no_site_no_worker(db: None) -> None:
    assert "No roles" in words(health=Health.BAD)
    assert "no site" in words(health=Health.WARN)
    assert "never ran" in words(health=Health.WARN)


@pytest.mark.parametrize(
    ("change", "health", "sentence"),
    [
        ({"DEBUG": True}, Health.BAD, "DEBUG is on"),
        ({"ALLOWED_HOSTS": ["*"]}, Health.BAD, "any name"),
        ({"ALLOWED_HOSTS": ["desk.example"], "HTTPS": False}, Health.WARN, "without HTTPS"),
        ({"STATIC_ROOT": "/nowhere"}, Health.BAD, "Static files"),
    ],
)
def test_settings_that_are_not_fit_for_use(
    site: Site, settings: Any, change: dict[str, object], health: Health, sentence: str
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    assert sentence in words(health=health)


def test_a_secret_others_can_read(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret.key").touch(mode=0o644)
    assert "secret.key" in words(health=Health.BAD)


@pytest.mark.parametrize(("free_mib", "health"), [(100, Health.BAD), (500, Health.WARN), (5000, Health.GOOD)])
def test_a_disk_that_fills(
    site: Site, monkeypatch: pytest.MonkeyPatch, free_mib: int, health: Health
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage(0, 0, free_mib * doctor.MEBIBYTE))
    assert f"{free_mib} MB are free" in words(health=health)


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    assert "connection refused" in words(health=Health.BAD)


def test_the_report_ends_with_a_sum_and_says_whether_it_is_bad(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [doctor.good(zh="好", en="fine"), doctor.bad(zh="坏", en="broken")]
    assert doctor.report(findings=findings) == 1
    assert "1 to put right" in capsys.readouterr().out
    assert doctor.report(findings=findings[:1]) == 0


def test_a_bare_machine_is_told_to_prepare(bare: Program) -> None:
    done = bare.run("doctor")
    assert (done.returncode, "yingsheng prepare" in done.stdout) == (1, True)


def test_a_prepared_machine_has_nothing_to_put_right(program: Program) -> None:
    program.init()
    done = program.run("doctor")
    assert done.returncode == 0, done.stdout


def test_a_production_installation_passes_djangos_own_examination(program: Program) -> None:
    done = program.run(
        *("manage", "check", "--deploy", "--fail-level", "WARNING"),
        YINGSHENG_HTTPS="true",
        ALLOWED_HOSTS="desk.example",
    )
    assert done.returncode == 0, done.stderr


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_machine_without_chinese_fonts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "A Chinese font is there" in words(health=Health.GOOD)  # the package ships one for its sheets
    monkeypatch.setattr(doctor, "get_finders", list)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert "apt install fonts-noto-cjk" in words(health=Health.WARN)
