"""Bringing an installation up to date: tables, roles, rule book, static files, and a demo site where nothing is."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yingsheng import __version__
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.services import load_roles
from yingsheng.kernel.policies.book import load_book
from yingsheng.ops.words import failed, say


def prepare(*, now: datetime, demo: bool) -> None:
    """Migrate, load roles, collect static files; with `demo` fill an empty database with invented people.

    May be run again at any time; what is up to date is left alone. Raises CommandFailed for a broken rule book.
    """
    if unapplied_migrations():
        say(zh="正在更新数据库……", en="Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=0)
    load_roles()
    try:
        load_book()
    except (KeyError, ValueError) as error:
        raise failed(
            zh=f"规程内容有误：{error}", en=f"The rule book does not hold together: {error}"
        ) from error
    collect_static()
    if demo and not Site.objects.exists():
        _build_demo(now=now)
    if demo:
        _print_logins()


def unapplied_migrations() -> list[str]:
    """The migrations the database has not seen, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def collect_static() -> bool:
    """Gather static files where the web server reads them; False if nothing changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    wanted = _static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    say(zh="正在整理页面文件……", en="Collecting static files …")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _static_fingerprint() -> str:
    """Changes whenever a static file is added, removed, or saved."""
    mark = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            status = file.stat()
            mark.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def _build_demo(*, now: datetime) -> None:
    from yingsheng.ops.demo import build_demo

    say(
        zh="数据库是空的，正在建立演示项目（虚构的住户与三个月的记录，约半分钟）……",
        en="The database is empty; building the demo site (invented people, about half a minute) …",
    )
    build_demo(now=now)


def _print_logins() -> None:
    """The accounts of the demo site, if this is one; production sites have none that is known."""
    from yingsheng.ops.demo import PASSWORD, SITE_CODE

    site = Site.objects.filter(code=SITE_CODE, is_drill=True).first()
    if site is None:
        return
    say(
        zh=f"演示账号（密码都是 {PASSWORD}）：",
        en=f"Demo logins (the password is always {PASSWORD}):",
    )
    for post in site.posts.select_related("role").order_by("role__rank", "id"):
        for appointment in post.appointments.select_related("staff").order_by("id"):
            print(
                f"    {appointment.staff.username:<14}{appointment.staff.name}　{post.name} {post.role.name_en}"
            )
