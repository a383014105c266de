"""`yingsheng`: one command for everything that is not a page.

Each subcommand imports what it needs when it runs, so that `serve` and `--help` stay light.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from yingsheng import __version__
from yingsheng.ops.words import CommandFailed, complain, failed, words_of_refusal

# argparse has no public name for what add_subparsers returns
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Handler = Callable[[argparse.Namespace], int]
SITE_KINDS = ("residence", "office", "mall", "park")
CUT_SHORT = 130  # what a shell reports after Ctrl-C


def main(*, argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or failed, 2 misused."""
    _read_env_file()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingsheng.project.settings")
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments[:1] == ["manage"]:  # options after it belong to Django
        return _manage(arguments[1:])
    options = build_parser().parse_args(arguments)
    run: Handler = options.run
    try:
        return run(options)
    except CommandFailed as error:
        complain(zh=error.words.zh, en=error.words.en)
        return 1
    except BrokenPipeError:  # whoever read our words has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return CUT_SHORT


def build_parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    parser = argparse.ArgumentParser(prog="yingsheng", description="应声 customer-service centre")
    parser.add_argument("--version", action="version", version=f"yingsheng {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serving(commands)
    _add_keeping(commands)
    _add_data(commands)
    _add_developing(commands)
    return parser


def _command(commands: Commands, name: str, run: Handler, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _add_serving(commands: Commands) -> None:
    serve = _command(commands, "serve", _serve, "web and worker in one process tree; Ctrl-C ends both")
    serve.add_argument(
        "--prepare", action="store_true", help="first bring database, roles and static files up to date"
    )
    serve.add_argument(
        "--demo", action="store_true", help="with --prepare: build the demo site in an empty database"
    )
    web = _command(commands, "web", _web, "the web server alone")
    for parser in (serve, web):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=None, help="web processes; 1 on SQLite, else 2")
        parser.add_argument("--threads", type=int, default=8, help="requests at a time per web process")
    worker = _command(commands, "worker", _worker, "reminders, messages, housekeeping; any number may run")
    phones = _command(
        commands, "phones", _phones, "listen to an Asterisk; its secret stands in YINGSHENG_AMI_SECRET"
    )
    phones.add_argument(
        "--exchange", required=True, metavar="CODE", help="as the page of telephone systems names it"
    )
    phones.add_argument("--host", default="127.0.0.1")
    phones.add_argument("--port", type=int, default=5038)
    phones.add_argument("--username", default="yingsheng")
    phones.add_argument(
        "--trunk",
        action="append",
        default=[],
        metavar="CONTEXT",
        help="a context that calls from outside come in",
    )
    worker.add_argument("--once", action="store_true", help="do what is due and stop")
    worker.add_argument(
        "--at", metavar="ISO", help="with --once: as if it were this moment; drill sites only"
    )


def _add_keeping(commands: Commands) -> None:
    prepare = _command(commands, "prepare", _prepare, "bring database, roles and static files up to date")
    prepare.add_argument("--demo", action="store_true", help="build the demo site in an empty database")
    _command(commands, "doctor", _doctor, "say in plain words what is misconfigured")
    verify = _command(commands, "verify", _verify, "prove that nobody touched the event log")
    verify.add_argument("--site", metavar="CODE", help="only this site")
    verify.add_argument(
        "--expect-head", metavar="HASH", help="a head noted earlier that must still be in the log"
    )
    init = _command(
        commands, "init", _init, "open a production site with its head; there is no default account"
    )
    init.add_argument("--code", required=True, help="short code, used in numbers and commands")
    init.add_argument("--name", required=True, help="name of the property")
    init.add_argument("--kind", choices=SITE_KINDS, default="residence")
    init.add_argument("--head-username", required=True, metavar="NAME", help="login of the site head")
    init.add_argument("--head-name", required=True, metavar="NAME", help="the site head's own name")
    init.add_argument(
        "--password-file", type=Path, help="file holding the password; else it is asked or read from stdin"
    )
    init.add_argument("--area-code", default="", help="telephone area code, e.g. 0755")
    init.add_argument("--duty-phone", default="", help="number on duty day and night")


def _add_data(commands: Commands) -> None:
    importing = _command(
        commands, "import", _import, "bring in rooms, people or the history of another system"
    )
    importing.add_argument("kind", choices=("rooms", "people", "cases"))
    importing.add_argument("file", type=Path)
    importing.add_argument("--site", required=True, metavar="CODE")
    importing.add_argument("--map", type=Path, help="cases: what the columns of the file mean (TOML)")
    importing.add_argument("--dry-run", action="store_true", help="only say what is wrong with the file")
    importing.add_argument(
        "--skip-bad", action="store_true", help="cases: leave bad rows out instead of refusing the file"
    )
    token = _command(commands, "token", _token, "issue an API token; it is shown once")
    token.add_argument("--site", required=True, metavar="CODE")
    token.add_argument("--name", required=True, help="which program will use it")
    token.add_argument("--acts-as", required=True, metavar="USERNAME", help="in whose name it acts")
    token.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help="may be given several times"
    )


def _add_developing(commands: Commands) -> None:
    trace = _command(
        commands, "trace", _trace, "for each rule: content, process, code that cites it, tests that prove it"
    )
    trace.add_argument("--module", metavar="LETTER", help="only this module")
    trace.add_argument("--quiet", action="store_true", help="only the totals and what is missing")
    translations = _command(
        commands, "translations", _translations, "bring the catalogues in line with the code"
    )
    translations.add_argument(
        "--check", action="store_true", help="change nothing; fail if something is missing"
    )
    bench = _command(commands, "bench", _bench, "measure speed and print a table")
    bench.add_argument("arguments", nargs=argparse.REMAINDER)
    _command(commands, "manage", lambda options: 2, "Django's own commands, for developers")


def _read_env_file() -> None:
    """Take NAME=value lines of `.env` in the working directory; the environment has the last word."""
    file = Path(".env")
    if not file.is_file():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        value = value.strip().strip("\"'")
        if sign and value and not line.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value)


def _setup() -> None:
    import django

    django.setup()


def _now() -> datetime:
    return datetime.now(UTC)


def _serve(options: argparse.Namespace) -> int:
    from yingsheng.ops.serve import Web, serve

    web = Web(host=options.host, port=options.port, workers=options.workers, threads=options.threads)
    return serve(web=web, prepare=options.prepare, demo=options.demo)


def _web(options: argparse.Namespace) -> int:
    from yingsheng.ops.serve import Web, run_web

    return run_web(
        web=Web(host=options.host, port=options.port, workers=options.workers, threads=options.threads)
    )


def _prepare(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.prepare import prepare

    prepare(now=_now(), demo=options.demo)
    return 0


def _phones(options: argparse.Namespace) -> int:
    secret = os.environ.get("YINGSHENG_AMI_SECRET", "")
    if not secret:
        raise failed(
            zh="请在环境变量YINGSHENG_AMI_SECRET里写上密钥", en="Put the secret into YINGSHENG_AMI_SECRET"
        )
    _setup()
    from yingsheng.ops import phones

    asterisk = phones.Asterisk(
        host=options.host, port=options.port, username=options.username, secret=secret,
        **({"trunks": frozenset(options.trunk)} if options.trunk else {}),
    )  # fmt: skip
    return phones.run(exchange=phones.find_exchange(code=options.exchange), asterisk=asterisk)


def _worker(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops import worker

    if options.at is None:
        return worker.run_once(now=_now()) if options.once else worker.run()
    if not options.once:
        raise failed(zh="--at 只能与 --once 一起使用。", en="--at needs --once.")
    return worker.run_drill(moment=options.at)


def _doctor(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.doctor import examine, report

    return report(findings=examine(now=_now()))


def _verify(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.verify import verify

    return verify(site_code=options.site, expected_head=options.expect_head)


def _init(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.init import Head, NewSite, init_site

    site = NewSite(
        code=options.code,
        name=options.name,
        kind=options.kind,
        area_code=options.area_code,
        duty_phone=options.duty_phone,
    )
    head = Head(username=options.head_username, name=options.head_name)
    return _refusable(lambda: init_site(site=site, head=head, password_file=options.password_file, at=_now()))


def _import(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.bring_in import bring_in

    return _refusable(
        lambda: bring_in(
            kind=options.kind,
            path=options.file,
            site_code=options.site,
            map_path=options.map,
            dry_run=options.dry_run,
            skip_bad=options.skip_bad,
            at=_now(),
        )
    )


def _token(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.init import issue

    return _refusable(
        lambda: issue(
            site_code=options.site,
            name=options.name,
            acts_as=options.acts_as,
            scopes=options.scope,
            at=_now(),
        )
    )


def _trace(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.trace import trace

    return trace(module=options.module, quiet=options.quiet)


def _translations(options: argparse.Namespace) -> int:
    _setup()
    from yingsheng.ops.translations import check, update

    return check() if options.check else update()


def _bench(options: argparse.Namespace) -> int:
    _setup()
    try:
        bench = importlib.import_module("yingsheng.ops.bench")
    except ModuleNotFoundError as error:
        raise failed(zh="这个版本没有测速命令。", en="This version has no speed measurement.") from error
    return int(bench.run(arguments=options.arguments))


def _manage(arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["yingsheng manage", *arguments])
    return 0


def _refusable(run: Callable[[], int]) -> int:
    """Run a command whose services may refuse, and say the refusal in both languages."""
    from yingsheng.base.refusal import Refused

    try:
        return run()
    except Refused as refusal:
        words = words_of_refusal(refusal=refusal)
        raise failed(zh=words.zh, en=words.en) from refusal
