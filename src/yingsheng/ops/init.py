"""Opening a production site and letting programs in. There is no default account and no default password."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.services import appoint, hire, issue_token, load_roles, open_site
from yingsheng.kernel.rosters.setup import create_default_posts
from yingsheng.kernel.worktime.services import create_default_calendars
from yingsheng.ops.prepare import unapplied_migrations
from yingsheng.ops.words import failed, say
from yingsheng.processes.knowledge.services.stocking import stock_library

HEAD_ROLE = "SITE_HEAD"


@dataclass(frozen=True, kw_only=True)
class NewSite:
    """What has to be known of a site to open it; the rest is set on its pages."""

    code: str
    name: str
    kind: str
    area_code: str = ""
    duty_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The person who heads the site and appoints everybody else."""

    username: str
    name: str


def init_site(*, site: NewSite, head: Head, password_file: Path | None, at: datetime) -> int:
    """Open a site with calendars, its head and a library of our own content, all or nothing; returns 0.

    The password is read from a file, else from a pipe, else asked twice. Raises CommandFailed for a code in
    use, an unprepared database or an empty password, and Refused for a login in use or a weak password.
    """
    if unapplied_migrations():
        raise failed(
            zh="数据库还没有准备好，请先运行 yingsheng prepare。",
            en="The database is not ready; run: yingsheng prepare",
        )
    if Site.objects.filter(code=site.code).exists():
        raise failed(zh=f"项目代码“{site.code}”已经存在。", en=f"A site “{site.code}” exists already.")
    password = read_password(path=password_file)
    with transaction.atomic():
        load_roles()
        row = open_site(
            code=site.code,
            name=site.name,
            kind=site.kind,
            at=at,
            area_code=site.area_code,
            duty_phone=site.duty_phone,
        )
        create_default_calendars(site=row, at=at)
        create_default_posts(site=row, at=at)
        person = hire(site=row, username=head.username, name=head.name, password=password, by=None, at=at)
        appoint(staff=person, site=row, role=HEAD_ROLE, department=None, by=None, at=at)
        stock_library(site=row, owner=person, at=at)
    say(
        zh=f"项目“{site.name}”已启用，请 {head.username} 登录后任命其他人员。",
        en=f"Site “{site.code}” is open; {head.username} logs in and appoints everybody else.",
    )
    return 0


def read_password(*, path: Path | None) -> str:
    """The first line of a file or of a pipe, or what is typed twice without being shown; CommandFailed if empty."""
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise failed(
                zh=f"读不到密码文件 {path}。", en=f"Cannot read the password file {path}."
            ) from error
    elif sys.stdin.isatty():
        text = getpass.getpass("密码 password: ")
        if text != getpass.getpass("再输一次 again: "):
            raise failed(zh="两次输入的密码不一致。", en="The two passwords differ.")
    else:
        text = sys.stdin.readline()
    password = text.splitlines()[0] if text.strip() else ""
    if not password:
        raise failed(zh="没有给出密码。", en="No password was given.")
    return password


def issue(*, site_code: str, name: str, acts_as: str, scopes: Sequence[str], at: datetime) -> int:
    """Give a program access in somebody's name and print the token, the only time it can be seen; returns 0."""
    site = Site.objects.filter(code=site_code).first()
    if site is None:
        raise failed(zh=f"没有代码为“{site_code}”的项目。", en=f"There is no site “{site_code}”.")
    staff = Staff.objects.filter(username=acts_as, is_active=True).first()
    if staff is None:
        raise failed(
            zh=f"没有登录名为“{acts_as}”的在职人员。", en=f"No active member of staff logs in as “{acts_as}”."
        )
    if not scopes:
        raise failed(zh="请用 --scope 说明可以做什么。", en="Say with --scope what it may do.")
    _client, token = issue_token(site=site, name=name, acts_as=staff, scopes=list(scopes), by=None, at=at)
    say(zh="令牌只显示这一次：", en="The token is shown this once:")
    print(token)
    return 0
