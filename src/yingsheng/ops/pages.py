"""导入: rooms, people and past matters from a table; checked first, confirmed, then brought in by the worker."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ops.imports.jobs import (
    MAPS,
    OWN_MAP,
    confirm_job,
    drop_job,
    find_job,
    list_jobs,
    report_of,
    send_file,
)
from yingsheng.ops.imports.run import TITLES, ImportKind, template_for
from yingsheng.ops.models import ImportJob
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.parts import Fact
from yingsheng.ui.submit import take_form

HERE = "imports:list"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JOBS_SHOWN = 50
PROBLEMS_SHOWN = 100
STATES = {
    "sent": (N("等待核对"), "waiting"),
    "checking": (N("正在核对"), "plain"),
    "checked": (N("已核对"), "soon"),
    "confirmed": (N("等待写入"), "waiting"),
    "writing": (N("正在写入"), "plain"),
    "done": (N("已导入"), "met"),
    "refused": (N("不能导入"), "late"),
    "dropped": (N("已放弃"), "waiting"),
}
WRITTEN = {
    "areas": N("片区"),
    "buildings": N("楼栋"),
    "rooms": N("房屋"),
    "people": N("人员"),
    "members": N("住户关系"),
    "vehicles": N("车辆"),
    "cases": N("事项"),
    "promises": N("承诺"),
}
ABOUT = {
    ImportKind.ROOMS: N("楼栋、单元、房号、片区。先导入房屋，再导入住户。"),
    ImportKind.PEOPLE: N("业主、租户、家人和他们的电话、车牌。身份证号加密保存。"),
    ImportKind.CASES: N("别的系统里的投诉，连同编号、时间和时限。不通知任何人，也不补发提醒。"),
}
MAP_WORDS = {
    "standard": N("本系统的模板"),
    "baltimore-311": N("示例：311 服务请求"),
    OWN_MAP: N("自己的对照文件"),
}
FILE = Field(
    name="file",
    kind=Kind.TABLE,
    label=N("文件"),
    required=True,
    hint=N(".xlsx 或 .csv，最大20 MB；核对后由您确认才写入，一天内没有确认就删除"),
)
UPLOAD = FormSpec(
    name="import_file",
    title=N("上传"),
    verb=N("上传并核对"),
    fieldsets=(Fieldset(legend="", fields=(FILE,)),),
)
UPLOAD_CASES = FormSpec(
    name="import_cases",
    title=N("上传"),
    verb=N("上传并核对"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                FILE,
                Field(
                    name="map_name",
                    kind=Kind.CHOICE,
                    label=N("各列怎么对照"),
                    required=True,
                    choices=tuple(MAP_WORDS.items()),
                ),
                Field(
                    name="map_file",
                    kind=Kind.TABLE,
                    label=N("对照文件"),
                    hint=N("只在选“自己的对照文件”时需要，.toml"),
                ),
                Field(name="skip_bad", kind=Kind.FLAG, label=N("有误的行略过，其余照样导入")),
            ),
        ),
    ),
)


@require_GET
@desk(Allow.IMPORT)
def imports(request: DeskRequest) -> HttpResponse:
    """What can be brought in, with its form to fill, and the latest files."""
    rows = list(list_jobs(site_id=request.actor.site.pk)[:JOBS_SHOWN])
    context = {
        "kinds": [
            {"code": kind.value, "title": _(TITLES[kind]), "about": _(ABOUT[kind])} for kind in ImportKind
        ],
        "jobs": [{"job": job, "title": _kind_words(job), "state": _state(job)} for job in rows],
    }
    return draw(request, here=HERE, template="ops/imports.html", context=context)


def _kind_words(job: ImportJob) -> str:
    return _(TITLES[ImportKind(job.kind)])


def _state(job: ImportJob) -> tuple[str, str]:
    words, tone = STATES[job.state]
    return _(words), tone


def _get_kind(text: str) -> ImportKind:
    try:
        return ImportKind(text)
    except ValueError as error:
        raise Http404 from error


def _get_job(request: DeskRequest, key: str) -> ImportJob:
    found = find_job(site_id=request.actor.site.pk, key=key)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@desk(Allow.IMPORT)
def import_new(request: DeskRequest, kind: str) -> HttpResponse:
    """Send a file to be checked."""
    what = _get_kind(kind)
    spec = UPLOAD_CASES if what is ImportKind.CASES else UPLOAD
    made = build_form(spec=spec, actor=request.actor)
    sent = request.method == "POST"
    form = made(
        request.POST if sent else None, request.FILES if sent else None, initial={"map_name": MAPS[0]}
    )

    def run() -> str:
        given = form.cleaned_data
        own = given.get("map_name") == OWN_MAP
        job = send_file(
            actor=request.actor,
            kind=what,
            name=given["file"].name,
            body=given["file"].read(),
            at=request.now,
            map_name="" if own else given.get("map_name", ""),
            map_text=_map_text(given.get("map_file")) if own else "",
            skip_bad=given.get("skip_bad", False),
        )
        return reverse("imports:job", args=[job.key])

    if sent and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {
        "title": _(TITLES[what]),
        "about": _(ABOUT[what]),
        "kind": what.value,
        "verb": _(spec.verb),
        "cancel_url": reverse("imports:list"),
    }
    return draw(request, here=HERE, template="ops/import_new.html", context=context, form=form)


def _map_text(file: Any) -> str:
    if file is None:
        raise Refused(N("请附上对照文件"), field="map_file")
    try:
        return str(file.read(200_000).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(N("对照文件读不出来"), field="map_file") from error


@require_GET
@desk(Allow.IMPORT)
def import_job(request: DeskRequest, key: str) -> HttpResponse:
    """One file: how far it is, what is wrong with it, what was brought in."""
    job = _get_job(request, key)
    context = {
        "job": job,
        "title": _kind_words(job),
        "state": _state(job),
        "facts": _facts(job),
        "progress": {
            "label": _state(job)[0],
            "value": job.done_count,
            "max": job.total_count,
            "note": _("全部写完才算数，中途出错就一行也不写") if job.state == job.State.WRITING else "",
        },
        "refusal": _(job.refusal["text"]) % job.refusal["params"] if job.refusal else "",
        "problems": [
            (
                row["row"],
                _(row["column"]),
                _(row["reason"]) % row["params"] if row["params"] else _(row["reason"]),
            )
            for row in job.problems[:PROBLEMS_SHOWN]
        ],
        "has_report": bool(job.problem_count) and report_of(job=job) is not None,
        "may_confirm": job.state == job.State.CHECKED
        and job.row_count > 0
        and (job.skip_bad or not job.problem_count),
        "may_drop": job.state in (job.State.SENT, job.State.CHECKING, job.State.CHECKED, job.State.CONFIRMED),
        "written": [(_(WRITTEN.get(name, name)), count) for name, count in job.written.items()],
    }
    return draw(request, here=HERE, template="ops/import_job.html", context=context)


def _facts(job: ImportJob) -> list[Fact]:
    facts = [
        Fact(label=_("文件"), value=job.file_name),
        Fact(label=_("上传"), value=job.sent_at, note=job.sent_by.name, number=True),
        Fact(label=_("行数"), value=job.row_count, number=True),
        Fact(label=_("有误"), value=job.problem_count, number=True),
    ]
    if job.map_name:
        facts.append(Fact(label=_("对照"), value=_(MAP_WORDS.get(job.map_name, job.map_name))))
    if job.confirmed_by is not None:
        facts.append(Fact(label=_("确认"), value=job.confirmed_at, note=job.confirmed_by.name, number=True))
    if job.finished_at is not None:
        facts.append(Fact(label=_("完成"), value=job.finished_at, number=True))
    return facts


@require_POST
@desk(Allow.IMPORT)
def import_confirm(request: DeskRequest, key: str) -> HttpResponse:
    """Let a checked file be brought in."""
    confirm_job(actor=request.actor, job=_get_job(request, key), at=request.now)
    return HttpResponseRedirect(reverse("imports:job", args=[key]), status=303)


@require_POST
@desk(Allow.IMPORT)
def import_drop(request: DeskRequest, key: str) -> HttpResponse:
    """Give a file up."""
    drop_job(actor=request.actor, job=_get_job(request, key), at=request.now)
    return HttpResponseRedirect(reverse("imports:list"), status=303)


@require_GET
@desk(Allow.IMPORT)
def import_report(request: DeskRequest, key: str) -> HttpResponse:
    """The rows that are wrong, with the reason in the last column, to correct and send again."""
    found = report_of(job=_get_job(request, key))
    if found is None:
        raise Http404
    return _spreadsheet(found, name=f"import-{key}.xlsx")


@require_GET
@desk(Allow.IMPORT)
def import_template(request: DeskRequest, kind: str) -> HttpResponse:
    """The empty form, with drop-downs and an example row."""
    what = _get_kind(kind)
    return _spreadsheet(template_for(kind=what), name=f"{what}.xlsx")


def _spreadsheet(body: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("settings/imports/", imports, name="list"),
    path("settings/imports/new/<slug:kind>/", import_new, name="new"),
    path("settings/imports/templates/<slug:kind>.xlsx", import_template, name="template"),
    path("settings/imports/<slug:key>/", import_job, name="job"),
    path("settings/imports/<slug:key>/confirm/", import_confirm, name="confirm"),
    path("settings/imports/<slug:key>/drop/", import_drop, name="drop"),
    path("settings/imports/<slug:key>/report.xlsx", import_report, name="report"),
]
