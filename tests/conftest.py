"""What every test stands on: its own data directory, its own database, and no way out to the network.

The settings read the environment when they are imported, so it is set here, before Django starts.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

DATA_DIR = Path(tempfile.mkdtemp(prefix="yingsheng-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

os.environ["DJANGO_SETTINGS_MODULE"] = "yingsheng.project.settings"
os.environ["YINGSHENG_DATA"] = str(DATA_DIR)
for unwanted in (
    "DEBUG",
    "YINGSHENG_HTTPS",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "PERSONAL_DATA_KEY",
    "BEHIND_PROXY",
):
    os.environ.pop(unwanted, None)

# On PostgreSQL nothing waits for ever: a lock that somebody forgot fails the test that meets it, by name.
os.environ["PGOPTIONS"] = (
    "-c lock_timeout=60s -c statement_timeout=240s -c idle_in_transaction_session_timeout=240s"
)

# Static files are found where they lie, so the suite needs no `collectstatic`;
# SQLite is a file, as in the program, because only a file locks and writes as the program's does.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
# What makes a login safe makes a day of signatures slow; the hash itself is its library's to test.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
# Two runs side by side must not share a database.
on_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
settings.DATABASES["default"]["TEST"] = {
    "NAME": str(DATA_DIR / "test.sqlite3") if on_file else f"yingsheng_tests_{os.getpid()}"
}
# Folders' own conftests import models, and pytest reads those before its Django plugin sets anything up.
django.setup()
# A worker of xdist inherits this process's environment and must not set Django up before it has been here.
del os.environ["DJANGO_SETTINGS_MODULE"]

# two busy cores are no reason to fail a property
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")

SEND_HOME = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# table, name and definition of every guard, to put it back as it was
SQLITE_TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND sql IS NOT NULL"
POSTGRES_TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NoNetwork(RuntimeError):
    """A test tried to speak to another machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser stories, so that a machine without a browser can leave them out and say so."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent / "browser"):
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise NoNetwork(f"tests do not speak to {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The plugin's database, with whoever is still connected sent home before it is dropped.

    A browser that closes while a page renews itself leaves a request of the live server unfinished, and a killed
    writer a session the server has not yet missed; PostgreSQL drops no database under them.
    """
    from django.db import connection, connections

    yield
    if connection.vendor != "postgresql":
        return
    # a fresh connection: the one of this thread may have been hung up on by a process that was killed
    with django_db_blocker.unblock():
        connections.close_all()
        with connection.cursor() as cursor:
            cursor.execute(SEND_HOME)
    connections.close_all()


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose writes are really committed, for tests with several processes or connections.

    Takes the place of the plugin's fixture of this name: emptying the tables afterwards means taking the
    append-only guards off for a moment, which the plugin's own way of emptying cannot know.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
        _empty()
        connections.close_all()


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """The same by a name that says what it is for."""


def _empty() -> None:
    """Remove every row of every table of the program, whatever refers to whatever and whatever guards it."""
    from django.apps import apps
    from django.db import connection

    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    on_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_server:  # whoever was left in the middle of something holds locks that emptying would wait for
            cursor.execute(f"{SEND_HOME} AND state <> 'idle'")
        cursor.execute(POSTGRES_TRIGGERS if on_server else SQLITE_TRIGGERS)
        guards = cursor.fetchall()
        for table, name, _definition in guards:
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_server else ""))
        if on_server:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys=OFF")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("PRAGMA foreign_keys=ON")
        for _table, _name, definition in guards:
            cursor.execute(definition)
