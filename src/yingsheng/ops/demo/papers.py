"""What is done beside the handling of a matter: signatures on paper, prints, photos, questions to other departments."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw

from yingsheng.kernel.cases.attachments import Sent, add_files
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.printing import record_print
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Staff
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import Story, Timeline
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import asking, night, recording

FILES_SHARE, PDF_SHARE, ASK_SHARE, REPRINT_SHARE = 0.2, 0.4, 0.1, 0.3
SHEET, FORM = "register", "FM-01"
# departments that are asked by another: whoever knows the pipes, and whoever knows the pipes' paper
ASKED = {
    "security": "engineering",
    "environment": "engineering",
    "engineering": "service",
    "service": "security",
}


def confirm_on_paper(*, line: Timeline, cast: Cast, case: Case, at: datetime) -> Story:
    """Who stands at the counter signs the paper, whose number is kept (C-11)."""
    at = line.later(at=at, low=1, high=4)
    yield at
    recording.confirm_record(
        case=case, by=cast["front"], at=at, signed_by=case.caller_name or "住户",
        reference=f"纸表{case.number[-4:]}", statement="记录属实。",
    )  # fmt: skip


def print_register(*, line: Timeline, cast: Cast, case: Case, at: datetime) -> Story:
    """The register sheet is printed, and now and then once more."""
    for _ in range(1 + line.chance(REPRINT_SHARE)):
        at = line.work_later(at=at, low=1, high=200)
        yield at
        record_print(case=case, mark=SHEET, form_number=FORM, medium="page", by=cast["front"], at=at)


def take_over(*, cast: Cast, case: Case, department: str, at: datetime) -> bool:
    """In the morning the desk opens what came in at night (C-80); whether this one did."""
    if not Complaint.objects.filter(case=case, night=True, taken_over_at__isnull=True).exists():
        return False
    night.take_over(
        case=case, by=cast["supervisor"], at=at, department=cast.departments[department], text="早会已通报。"
    )
    return True


def room_above(*, room: Room | None) -> Room | None:
    """The home one floor higher behind the same door, if there is one."""
    if room is None or room.floor is None:
        return None
    number = f"{room.floor + 1}{room.number[-2:]}"
    return Room.objects.filter(building=room.building_id, unit=room.unit, number=number).first()


def show_photo(*, line: Timeline, case: Case, by: Staff, at: datetime) -> None:
    """The handler keeps what was found: a photo, now and then with a quotation."""
    if not line.chance(FILES_SHARE):
        return
    files = [Sent(name="现场.png", body=photo())]
    if line.chance(PDF_SHARE):
        files.append(Sent(name="配件报价.pdf", body=document()))
    add_files(
        actor=actor_for(staff=by, site=case.site, at=at), case=case, files=files, at=at, note="到场核实"
    )


def talk_upstairs(*, case: Case, by: Staff, at: datetime) -> None:
    """Where the water comes from the home above, its people are told (C-82)."""
    complaint = Complaint.objects.select_related("other_room").get(case=case)
    if complaint.other_room is not None:
        recording.contact_other_household(
            case=case,
            by=by,
            at=at,
            person="上层住户",
            reached=True,
            said=texts("office")["papers"]["upstairs"],
        )


def ask_another(*, line: Timeline, cast: Cast, case: Case, by: Staff, at: datetime) -> Story:
    """Another department is asked for its part, and mostly answers within the hours (C-43)."""
    case.refresh_from_db()
    if case.department is None or not line.chance(ASK_SHARE):
        return
    words = texts("office")["papers"]
    other = cast.departments[ASKED[case.department.code]]
    asking.ask_department(case=case, by=by, at=at, department=other, question=words["question"])
    at = line.work_later(at=at, low=20, high=200)
    yield at
    case.refresh_from_db()
    if case.asked_department_id is not None and case.state not in ("handled", "replied", "closed"):
        actor = actor_for(staff=cast[other.code], site=case.site, at=at)
        asking.answer_asked(case=case, actor=actor, at=at, answer=words["answer"])


@cache
def photo() -> bytes:
    """A small picture of a wet wall, drawn."""
    picture = Image.new("RGB", (480, 320), (214, 210, 200))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 250, 480, 320), fill=(150, 128, 104))
    for place, (left, top, right, bottom) in enumerate(
        ((150, 30, 330, 150), (180, 60, 300, 200), (210, 90, 270, 240))
    ):
        shade = 190 - 28 * place
        pen.ellipse((left, top, right, bottom), fill=(shade, shade - 6, shade - 22))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def document() -> bytes:
    """One page of paper, drawn."""
    page = Image.new("RGB", (595, 842), "white")
    pen = ImageDraw.Draw(page)
    for row in range(90, 420, 30):
        pen.line((70, row, 525, row), fill=(90, 90, 90))
    pen.rectangle((70, 90, 525, 390), outline=(40, 40, 40), width=2)
    out = io.BytesIO()
    page.save(out, "PDF")
    return out.getvalue()
