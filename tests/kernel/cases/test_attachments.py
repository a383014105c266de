"""Files of a case: checked, counted, taken back with a reason; and every print of its sheets is counted."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from django.conf import settings
from PIL import Image
from tests.factories.cast import Cast
from tests.processes.story import later, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases import attachments
from yingsheng.kernel.cases.attachments import Sent, add_files, find_attachment, may_attach, remove_file
from yingsheng.kernel.cases.printing import counts_in, print_counts, record_print
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_small
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.access import Actor, Forbidden

PDF = b"%PDF-1.4\n%%EOF\n"
GPS = 0x8825


def photo() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (22.0, 32.0, 11.0)})
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def without(actor: Actor, permission: str) -> Actor:
    return replace(actor, permissions=actor.permissions - {permission})


def test_several_files_are_one_event_of_the_case(cast: Cast) -> None:
    case = registered(cast)
    before = Event.objects.count()
    kept = add_files(
        actor=cast.actor("front"), case=case, at=later(1), note="维修前",
        files=[Sent(name="漏水.jpg", body=photo()), Sent(name="报价.pdf", body=PDF)],
    )  # fmt: skip
    assert [one.kind for one in kept] == ["image/jpeg", "application/pdf"]
    assert {one.note for one in kept} == {"维修前"}
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("seq")
    assert (event.kind, event.subject_id, event.data["count"]) == ("files.added", case.pk, 2)
    stored = b"".join(path.read_bytes() for path in settings.MEDIA_ROOT.rglob(f"{kept[0].key}*"))
    assert b"Exif" not in stored
    small = Image.open(io.BytesIO(read_small(attachment=kept[0])))
    assert max(small.size) == 240


def test_a_small_picture_is_drawn_for_one_kept_before(cast: Cast) -> None:
    (kept,) = add_files(
        actor=cast.actor("front"), case=registered(cast), files=[Sent(name="a.jpg", body=photo())], at=later(1)
    )  # fmt: skip
    next(settings.MEDIA_ROOT.rglob(f"{kept.key}-small.jpg")).unlink()
    assert read_small(attachment=kept).startswith(b"\xff\xd8")


def test_one_bad_file_keeps_all_out_and_is_named(cast: Cast) -> None:
    case = registered(cast)
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        add_files(
            actor=cast.actor("front"), case=case, at=later(1),
            files=[Sent(name="a.pdf", body=PDF), Sent(name="macro.docm", body=b"PK\x03\x04")],
        )  # fmt: skip
    assert refused.value.field == "files" and refused.value.params["name"] == "macro.docm"
    assert not Attachment.objects.exists() and Event.objects.count() == before


def test_limits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case, front = registered(cast), cast.actor("front")
    one = Sent(name="a.pdf", body=PDF)
    for wrong in ([], [one] * 11):
        with pytest.raises(Refused):
            add_files(actor=front, case=case, files=wrong, at=later(1))
    monkeypatch.setattr(attachments, "MOST_OF_A_CASE", 2)
    add_files(actor=front, case=case, files=[one, one], at=later(1))
    with pytest.raises(Refused):
        add_files(actor=front, case=case, files=[one], at=later(2))


def test_only_who_registers_adds_and_takes_back(cast: Cast) -> None:
    case = registered(cast)
    (kept,) = add_files(
        actor=cast.actor("front"), case=case, files=[Sent(name="a.pdf", body=PDF)], at=later(1)
    )
    stranger = without(cast.actor("front"), "complaints.register")
    assert not may_attach(actor=stranger, case=case) and may_attach(actor=cast.actor("front"), case=case)
    with pytest.raises(Forbidden):
        add_files(actor=stranger, case=case, files=[Sent(name="a.pdf", body=PDF)], at=later(1))
    with pytest.raises(Forbidden):
        remove_file(actor=stranger, attachment=kept, reason="传错", at=later(2))


def test_taking_back_deletes_nothing(cast: Cast) -> None:
    case, front = registered(cast), cast.actor("front")
    (kept,) = add_files(actor=front, case=case, files=[Sent(name="a.pdf", body=PDF)], at=later(1))
    with pytest.raises(Refused):
        remove_file(actor=front, attachment=kept, reason=" ", at=later(2))
    removed = remove_file(actor=front, attachment=kept, reason="传错了户", at=later(2))
    assert (removed.removed_by, removed.removed_reason) == (cast.front, "传错了户")
    assert list(list_attachments(subject=case)) == [kept]
    assert list(settings.MEDIA_ROOT.rglob(f"{kept.key}*"))
    assert Event.objects.latest("seq").kind == "files.removed"
    with pytest.raises(Refused):
        remove_file(actor=front, attachment=kept, reason="再撤", at=later(3))
    # the content is for those who check the books
    assert find_attachment(actor=without(front, "events.audit"), key=kept.key) is None
    auditor = replace(front, permissions=front.permissions | {"events.audit"})
    assert find_attachment(actor=auditor, key=kept.key) == kept


def test_a_signature_stays(cast: Cast) -> None:
    case = registered(cast)
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "white").save(out, "PNG")
    drawn = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    kept = sign(site_id=case.site_id, subject=case, value=drawn, signer="钱女士", by=cast.front, at=later(1))
    assert kept is not None
    with pytest.raises(Refused):
        remove_file(actor=cast.actor("front"), attachment=kept, reason="不清楚", at=later(2))


def test_the_first_print_is_no_reprint(cast: Cast) -> None:
    case = registered(cast)

    def printed(mark: str) -> int:
        return record_print(
            case=case, mark=mark, form_number="FM-01", medium="page", by=cast.front, at=later(1)
        )

    assert [printed("register"), printed("memo"), printed("register")] == [1, 1, 2]
    assert print_counts(case=case) == {"register": 2, "memo": 1}
    assert counts_in(events=list_events(subject=case)) == print_counts(case=case)
