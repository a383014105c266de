"""Photos and documents of a case: list, add, fetch, take back; and how often its sheets were printed."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from yingsheng.api.cases import case_or_404
from yingsheng.api.fields import MomentOut, Shape, text_of
from yingsheng.api.problems import ApiProblem, Mistake, not_found
from yingsheng.api.schemas import BAD_FILE, DATA_URL, Body, FileIn, raise_mistakes
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import PersonOut, person_out
from yingsheng.api.words import process_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.attachments import (
    MOST_AT_ONCE,
    Sent,
    add_files,
    find_attachment,
    find_case_of,
    remove_file,
)
from yingsheng.kernel.cases.printing import print_counts
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment, read_small
from yingsheng.kernel.org.models import Staff

KINDS = ("image/jpeg", "image/png", "application/pdf")
BINARY = {"type": "string", "format": "binary"}


class FileOut(Shape):
    """A file of a case; one that was taken back stays in the list with who did it and why."""

    key: str
    name: str
    purpose: str
    note: str
    kind: str
    size: int
    sha256: str
    added_at: MomentOut
    added_by: PersonOut | None
    removed_at: MomentOut | None
    removed_by: PersonOut | None
    removed_reason: str


class FileList(Shape):
    """The files of a case, oldest first."""

    items: list[FileOut]


class FilesIn(Body):
    """Files as data addresses, and what they show."""

    files: Annotated[list[FileIn], Field(min_length=1, max_length=MOST_AT_ONCE)]
    note: text_of(limit=120) = ""  # type: ignore[valid-type]


class RemoveIn(Body):
    """Why a file is taken back."""

    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class SheetOut(Shape):
    """A printed form of the case and how often it was printed; `mark` is what prints are counted by."""

    mark: str
    title: str
    form_number: str
    printed: int


class SheetList(Shape):
    """The printed forms of a case."""

    items: list[SheetOut]


def list_files(request: ApiRequest, key: str) -> FileList:
    """The files and signatures of a case."""
    case = case_or_404(session=request.auth, key=key)
    return FileList(items=[_file_out(row) for row in list_attachments(subject=case)])


def add(request: ApiRequest, key: str) -> HttpResponse:
    """Add files, all or none: `multipart/form-data` with parts `files` and `note`, or JSON with data addresses.

    Pictures are redrawn without their place; anything but JPEG, PNG, WebP and PDF is refused by its name.
    """
    session = request.auth
    case = case_or_404(session=session, key=key)
    sent, note = _read_files(request)

    def run() -> Reply:
        kept = add_files(actor=session.actor, case=case, files=sent, note=note, at=session.now)
        return Reply(status=201, body=FileList(items=[_file_out(row) for row in kept]))

    return accept(request=request, run=run)


def fetch(request: ApiRequest, key: str) -> HttpResponse:
    """The content of a file."""
    found = _file_or_404(session=request.auth, key=key)
    return HttpResponse(read_attachment(attachment=found), content_type=found.kind)


def fetch_small(request: ApiRequest, key: str) -> HttpResponse:
    """A picture, small enough for a list."""
    found = _file_or_404(session=request.auth, key=key)
    if not found.is_picture:
        raise not_found()
    return HttpResponse(read_small(attachment=found), content_type="image/jpeg")


def remove(request: ApiRequest, key: str) -> HttpResponse:
    """Take a file back with a reason; nothing is deleted."""
    session = request.auth
    found = _file_or_404(session=session, key=key)
    sent = read_body(request=request, model=RemoveIn)

    def run() -> Reply:
        removed = remove_file(actor=session.actor, attachment=found, reason=sent.reason, at=session.now)
        return Reply(body=_file_out(removed))

    return accept(request=request, run=run)


def list_sheets(request: ApiRequest, key: str) -> SheetList:
    """The printed forms of a case, and how often each was printed at the desk."""
    case = case_or_404(session=request.auth, key=key)
    process = process_of(case=case)
    counts = print_counts(case=case)
    return SheetList(
        items=[
            SheetOut(
                mark=sheet.code,
                title=str(_(sheet.title)),
                form_number=sheet.form_number,
                printed=counts[sheet.code],
            )
            for sheet in (process.sheets if process is not None else ())
        ]
    )


def file_router() -> Router:
    """The operations on files and sheets."""
    router = Router(tags=["files"])
    router.get("/cases/{key}/files", response=FileList, operation_id="list_files")(list_files)
    router.post(
        "/cases/{key}/files",
        response={201: FileList},
        operation_id="add_files",
        openapi_extra=_upload_doc(),
    )(add)
    router.get("/cases/{key}/sheets", response=SheetList, operation_id="list_sheets")(list_sheets)
    router.get("/files/{key}", operation_id="fetch_file", openapi_extra=_content_doc(*KINDS))(fetch)
    router.get(
        "/files/{key}/small", operation_id="fetch_small_picture", openapi_extra=_content_doc("image/jpeg")
    )(fetch_small)
    router.post(
        "/files/{key}/remove",
        response=FileOut,
        operation_id="remove_file",
        openapi_extra=body_doc(RemoveIn),
    )(remove)
    return router


def _upload_doc() -> dict[str, Any]:
    """Both ways of sending files."""
    doc = body_doc(FilesIn)
    schema = {
        "type": "object",
        "required": ["files"],
        "properties": {
            "files": {"type": "array", "items": BINARY, "minItems": 1, "maxItems": MOST_AT_ONCE},
            "note": {"type": "string", "maxLength": 120},
        },
    }
    doc["requestBody"]["content"]["multipart/form-data"] = {"schema": schema}
    return doc


def _content_doc(*kinds: str) -> dict[str, Any]:
    return {
        "responses": {
            200: {"description": "The content.", "content": {kind: {"schema": BINARY} for kind in kinds}}
        }
    }


def _read_files(request: ApiRequest) -> tuple[list[Sent], str]:
    """The files of a request in either spelling, and their note."""
    if request.content_type == "multipart/form-data":
        unknown = (set(request.POST) | set(request.FILES)) - {"files", "note"}
        if unknown:
            raise_mistakes(
                mistakes=[
                    Mistake(field=name[:60], code="extra_forbidden", text=N("没有这一项"))
                    for name in sorted(unknown)
                ]
            )
        files = [Sent(name=str(file.name or ""), body=file.read()) for file in request.FILES.getlist("files")]
        note = request.POST.get("note", "").replace("\0", "").strip()[:120]
        # what the idempotency key stands for: the same content, whatever the boundary between the parts
        request.sent = {
            "note": note,
            "files": [[one.name, hashlib.sha256(one.body).hexdigest()] for one in files],
        }
        return files, note
    sent = read_body(request=request, model=FilesIn)
    return [_decoded(file, place) for place, file in enumerate(sent.files)], sent.note


def _decoded(file: FileIn, place: int) -> Sent:
    found = DATA_URL.fullmatch(file.content)
    try:
        if found is not None:
            return Sent(name=file.name, body=base64.b64decode(found[1], validate=True))
    except binascii.Error:
        pass
    raise ApiProblem(
        status=422,
        code="unfit",
        text=BAD_FILE,
        field=f"files.{place}.content",
        mistakes=[Mistake(field=f"files.{place}.content", code="unfit", text=BAD_FILE)],
    )


def _file_or_404(*, session: Session, key: str) -> Attachment:
    found = find_attachment(actor=session.actor, key=key)
    case = find_case_of(actor=session.actor, attachment=found) if found is not None else None
    if found is None or case is None or not session.may_see(case.process):
        raise not_found()
    return found


def _file_out(row: Attachment) -> FileOut:
    return FileOut(
        key=row.key,
        name=row.name,
        purpose=row.purpose,
        note=row.note,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        added_at=row.added_at,
        added_by=person_out(staff=_staff(row.added_by)),
        removed_at=row.removed_at,
        removed_by=person_out(staff=_staff(row.removed_by)),
        removed_reason=row.removed_reason,
    )


def _staff(user: object) -> Staff | None:
    return user if isinstance(user, Staff) else None
