"""What is misconfigured, in plain words: what was looked at, what is wrong, what to do about it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import DatabaseError, connection

from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Role, Site
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import silent_minutes
from yingsheng.kernel.worktime.arithmetic import missing_years
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.ops.prepare import unapplied_migrations
from yingsheng.ops.words import Words, say

MEBIBYTE = 1024 * 1024
OLDEST_POSTGRES = 15
LARGE_LOG_BYTES = 256 * MEBIBYTE
LOW_DISK_BYTES, EMPTY_DISK_BYTES = 1024 * MEBIBYTE, 200 * MEBIBYTE
SILENT_MINUTES = 2
LOOK_AHEAD = timedelta(days=60)
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Health(StrEnum):
    """How bad it is: nothing, worth a look, or not fit for use."""

    GOOD = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    health: Health
    words: Words


def good(*, zh: str, en: str) -> Finding:
    """It is as it should be."""
    return Finding(health=Health.GOOD, words=Words(zh=zh, en=en))


def warn(*, zh: str, en: str) -> Finding:
    """It works, and will hurt one day."""
    return Finding(health=Health.WARN, words=Words(zh=zh, en=en))


def bad(*, zh: str, en: str) -> Finding:
    """It must be put right."""
    return Finding(health=Health.BAD, words=Words(zh=zh, en=en))


def examine(*, now: datetime) -> list[Finding]:
    """Look at everything; what needs the database is left out if it does not answer or lacks its tables."""
    found = [*_database()]
    reachable = all(finding.health is not Health.BAD for finding in found)
    if reachable:
        found += _migrations()
        if found[-1].health is Health.GOOD:
            for look in (_roles, _rule_book, _sites, _stuck):
                found += look()
            found += _calendars(now=now)
            found += _worker(now=now)
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (_secrets, _web, _static, _disk, _printing, _fonts)
    for check in checks:
        found += check()
    return found


def report(*, findings: list[Finding]) -> int:
    """Print the findings, worst last; returns 1 if one of them must be put right, else 0."""
    marks = {Health.GOOD: "好 ok  ", Health.WARN: "注意 ! ", Health.BAD: "错误 X "}
    for health in Health:
        for finding in findings:
            if finding.health is health:
                print(f"[{marks[health]}] {finding.words.zh}\n{'':11}{finding.words.en}")
    wrong = sum(finding.health is Health.BAD for finding in findings)
    doubtful = sum(finding.health is Health.WARN for finding in findings)
    say(zh=f"错误 {wrong} 项，注意 {doubtful} 项。", en=f"{wrong} to put right, {doubtful} to look at.")
    return 1 if wrong else 0


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield bad(
            zh=f"连接不上数据库：{reason}。请检查 DATABASE_URL。",
            en=f"The database does not answer: {reason}. Check DATABASE_URL.",
        )
        return
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield _postgres()


def _postgres() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        major = int(cursor.fetchone()[0]) // 10_000
    if major < OLDEST_POSTGRES:
        return bad(
            zh=f"PostgreSQL 版本是 {major}，需要 {OLDEST_POSTGRES} 以上。",
            en=f"PostgreSQL is version {major}; {OLDEST_POSTGRES} or newer is needed.",
        )
    return good(zh=f"PostgreSQL {major} 连接正常。", en=f"PostgreSQL {major} answers.")


def _sqlite() -> Iterator[Finding]:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}")
            actual = cursor.fetchone()[0]
            if actual != value:
                yield bad(
                    zh=f"SQLite 的 {name} 是 {actual}，应为 {value}：已确认的登记可能丢失。",
                    en=f"SQLite's {name} is {actual}, not {value}: acknowledged work could be lost.",
                )
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    size = log.stat().st_size if log.exists() else 0
    if size > LARGE_LOG_BYTES:
        yield warn(
            zh=f"SQLite 的预写日志已有 {size // MEBIBYTE} MB，后台服务可能没有运行。",
            en=f"SQLite's write-ahead log has grown to {size // MEBIBYTE} MB; is the worker running?",
        )
    yield good(zh="SQLite 连接正常。", en="SQLite answers.")


def _migrations() -> Iterator[Finding]:
    missing = unapplied_migrations()
    if missing:
        yield bad(
            zh=f"数据库缺少 {len(missing)} 项更新，请运行 yingsheng prepare。",
            en=f"The database lacks {len(missing)} migrations; run: yingsheng prepare",
        )
    else:
        yield good(zh="数据库结构是最新的。", en="The database is up to date.")


def _roles() -> Iterator[Finding]:
    count = Role.objects.count()
    if count:
        yield good(zh=f"已载入 {count} 个岗位角色。", en=f"{count} roles are loaded.")
    else:
        yield bad(
            zh="没有岗位角色，请运行 yingsheng prepare。", en="No roles are loaded; run: yingsheng prepare"
        )


def _rule_book() -> Iterator[Finding]:
    try:
        book = load_book()
    except (KeyError, ValueError) as error:
        yield bad(zh=f"规程内容有误：{error}", en=f"The rule book does not hold together: {error}")
    else:
        active = sum(rule.in_force for rule in book.rules.values())
        yield good(
            zh=f"规程共 {len(book.rules)} 条，其中 {active} 条已实施。",
            en=f"The rule book has {len(book.rules)} rules, {active} in force.",
        )


def _sites() -> Iterator[Finding]:
    if not Site.objects.exists():
        yield warn(zh="还没有项目，请运行 yingsheng init。", en="There is no site yet; run: yingsheng init")
    elif Site.objects.filter(is_drill=True).exists() and Site.objects.filter(is_drill=False).exists():
        yield warn(
            zh="正式项目与演练项目在同一个数据库里，演练项目有公开的密码。",
            en="Real sites share a database with a drill site, whose passwords are public.",
        )


def _stuck() -> Iterator[Finding]:
    stuck = Obligation.objects.filter(error_count__gt=0, next_alarm_at__isnull=False).count()
    if stuck:
        yield bad(zh=f"有 {stuck} 项提醒发出时出错。", en=f"{stuck} reminders fail when they are due.")
    dead = Message.objects.filter(state=Message.State.DEAD).count()
    if dead:
        yield warn(
            zh=f"有 {dead} 条消息多次未能发出。", en=f"{dead} messages could not be sent and were given up."
        )


def _calendars(*, now: datetime) -> Iterator[Finding]:
    for row in (
        Calendar.objects.filter(active=True, follows_holidays=True).select_related("site").order_by("pk")
    ):
        calendar = get_calendar(site_id=row.site_id, code=row.code)
        years = missing_years(start=now, end=now + LOOK_AHEAD, calendar=calendar)
        if years:
            text = ", ".join(map(str, years))
            yield warn(
                zh=f"{row.site.code}“{row.name}”没有 {text} 年的放假安排，请在工作日历中载入。",
                en=f"{row.site.code}: the holidays of {text} are not loaded into calendar “{row.code}”.",
            )


def _worker(*, now: datetime) -> Iterator[Finding]:
    minutes = silent_minutes(now=now)
    if minutes is None:
        yield warn(
            zh="后台服务从未运行：没有它就没有提醒。请运行 yingsheng worker。",
            en="The worker never ran: without it nobody is reminded. Run: yingsheng worker",
        )
    elif minutes > SILENT_MINUTES:
        yield bad(
            zh=f"后台服务已停 {minutes} 分钟，提醒没有发出。请运行 yingsheng worker。",
            en=f"The worker has been silent for {minutes} minutes. Run: yingsheng worker",
        )
    else:
        yield good(zh="后台服务正在运行。", en="The worker is running.")


def _secrets() -> Iterator[Finding]:
    exposed = [
        path.name for path in sorted(Path(settings.DATA_DIR).glob("*.key")) if path.stat().st_mode & 0o077
    ]
    if exposed:
        names = ", ".join(exposed)
        yield bad(
            zh=f"密钥文件 {names} 其他用户可以读取，请运行 chmod 600。",
            en=f"Other users can read {names}; run chmod 600 on it.",
        )
    else:
        yield good(zh="密钥文件只有本用户可读。", en="Secrets are readable by this user alone.")


def _web() -> Iterator[Finding]:
    if settings.DEBUG:
        yield bad(
            zh="DEBUG 开着，出错页面会泄露资料。", en="DEBUG is on: error pages would show personal data."
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield bad(
            zh="ALLOWED_HOSTS 允许任何域名，请写明使用的域名。",
            en="ALLOWED_HOSTS allows any name; list the names that are used.",
        )
    remote = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if remote and not settings.HTTPS:
        yield warn(
            zh=f"可由 {', '.join(remote)} 访问，但没有启用 HTTPS（YINGSHENG_HTTPS）。",
            en=f"Reached as {', '.join(remote)} without HTTPS (YINGSHENG_HTTPS): passwords travel in the clear.",
        )


def _static() -> Iterator[Finding]:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield bad(
            zh="页面文件没有整理，请运行 yingsheng prepare。",
            en="Static files are not collected; run: yingsheng prepare",
        )


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    zh = f"数据目录所在磁盘还剩 {free // MEBIBYTE} MB。"
    en = f"{free // MEBIBYTE} MB are free where the data is."
    if free < EMPTY_DISK_BYTES:
        yield bad(zh=zh, en=en)
    elif free < LOW_DISK_BYTES:
        yield warn(zh=zh, en=en)
    else:
        yield good(zh=zh, en=en)


def _printing() -> Iterator[Finding]:
    try:
        import weasyprint  # noqa: F401  # loading it loads the system's libraries
    except (ImportError, OSError):
        yield warn(
            zh="缺少制作 PDF 的系统库，仍可从浏览器打印。"
            "Debian/Ubuntu：apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            en="No PDF: system libraries are missing (printing from the browser works). "
            "Debian/Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        )
    else:
        yield good(zh="可以制作 PDF。", en="PDF can be made.")


def _fonts() -> Iterator[Finding]:
    if _has_chinese_font():
        yield good(zh="有中文字体。", en="A Chinese font is there.")
    else:
        yield warn(
            zh="没有找到中文字体，打印的表单可能缺字。Debian/Ubuntu：apt install fonts-noto-cjk",
            en="No Chinese font was found; sheets may lack characters. Debian/Ubuntu: apt install fonts-noto-cjk",
        )


def _has_chinese_font() -> bool:
    """Whether the package ships one or the system has one."""
    for finder in get_finders():
        if any(path.endswith((".woff2", ".otf", ".ttf")) for path, _storage in finder.list([])):
            return True
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    done = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False, timeout=30)
    return bool(done.stdout.strip())
