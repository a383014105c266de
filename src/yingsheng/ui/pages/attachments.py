"""附件与签名 of a case: what the case page shows of its files, and the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.attachments import find_attachment, may_attach
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment, read_small
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk

FILE_WORDS = {"files": N("已添加附件"), "file_removed": N("已撤下附件")}
ADD = FormSpec(
    name="files",
    title=N("添加照片、文件"),
    verb=N("添加"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="photos", kind=Kind.FILES, label=N("拍照"), hint=N("手机上直接打开相机")),
                Field(
                    name="files",
                    kind=Kind.FILES,
                    label=N("照片或PDF文件"),
                    hint=N("可一次选几个，每个不超过10 MB；照片里的位置信息会去掉"),
                ),
                Field(
                    name="note", kind=Kind.LINE, label=N("说明"), hint=N("例如维修前、维修后"), max_length=120
                ),
            ),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class FilesPanel:
    """The files of a case, and the form that adds more (None for who may not); `refused` is a file's key."""

    items: Sequence[Attachment]
    form: SpecForm | None
    url: str
    may_read_removed: bool
    refused: str = ""
    refusal: str = ""


def files_panel(
    request: DeskRequest, *, case: Case, form: SpecForm | None = None, refused: str = "", refusal: str = ""
) -> FilesPanel:
    """What the case page shows of its files; `form` is one that was tried and not taken."""
    may = may_attach(actor=request.actor, case=case)
    return FilesPanel(
        items=list(list_attachments(subject=case)),
        form=(form or add_form(request)) if may else None,
        url=reverse("ui:case_files", args=[case.key]),
        may_read_removed=request.actor.may(Allow.AUDIT),
        refused=refused,
        refusal=refusal,
    )


def add_form(request: DeskRequest, *, sent: bool = False) -> SpecForm:
    """The form that adds files, empty or with what was sent."""
    made = build_form(spec=ADD, actor=request.actor)
    form = made(request.POST, request.FILES, prefix="add") if sent else made(prefix="add")
    # on a phone this one opens the camera; everywhere else it is one more picker of pictures
    form.fields["photos"].widget.attrs |= {"capture": "environment", "accept": "image/*"}
    return form


def get_file(request: DeskRequest, key: str) -> Attachment:
    """A file the person may see; 404 for any other."""
    found = find_attachment(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found


@require_GET
@desk()
def file(request: DeskRequest, key: str) -> HttpResponse:
    """A kept file, only with the right to see the case it belongs to; never run, never sniffed."""
    found = get_file(request, key)
    disposition = "inline" if found.is_picture else "attachment"
    return _bytes(found, body=read_attachment(attachment=found), kind=found.kind, disposition=disposition)


@require_GET
@desk()
def file_small(request: DeskRequest, key: str) -> HttpResponse:
    """A kept picture, small enough for a list."""
    found = get_file(request, key)
    if not found.is_picture:
        raise Http404
    return _bytes(found, body=read_small(attachment=found), kind="image/jpeg", disposition="inline")


def _bytes(found: Attachment, *, body: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'{disposition}; filename="{found.key}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
