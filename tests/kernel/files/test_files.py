"""A file is what it contains: pictures lose their place and time, everything else but PDF stays outside."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.files import content
from yingsheng.kernel.files.content import check_file, check_signature, signer_of
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.files.services import attach, sign

PDF = b"%PDF-1.4\n%%EOF\n"
GPS = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **more)
    return out.getvalue()


def photo_with_place(*, turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS).update({1: "N", 2: (22.0, 32.0, 11.0), 3: "E", 4: (114.0, 3.0, 5.0)})
    return picture(exif=exif)


def bomb() -> bytes:
    """The head of a PNG that claims fifty million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 10_000, 5_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + 1250) * 5_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def test_a_photo_comes_back_without_its_place() -> None:
    before = photo_with_place()
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(GPS)
    checked = check_file(body=before)
    after = Image.open(io.BytesIO(checked.body))
    assert (checked.kind, checked.ending, after.format) == ("image/jpeg", "jpg", "JPEG")
    assert not after.getexif().get_ifd(GPS)
    assert b"SecretCamera" not in checked.body and b"Exif" not in checked.body


def test_a_photo_taken_sideways_stands_upright() -> None:
    checked = check_file(body=photo_with_place(turned=6))
    assert Image.open(io.BytesIO(checked.body)).size == (40, 60)


@pytest.mark.parametrize(
    ("kind", "stored"), [("PNG", "image/png"), ("WEBP", "image/png"), ("JPEG", "image/jpeg")]
)
def test_pictures_are_drawn_anew(kind: str, stored: str) -> None:
    assert check_file(body=picture(kind)).kind == stored


def test_words_hidden_behind_a_picture_are_gone() -> None:
    checked = check_file(body=picture("JPEG") + b"<script>alert(1)</script>")
    assert b"script" not in checked.body


def test_a_large_photo_is_made_smaller() -> None:
    checked = check_file(body=picture("JPEG", (3000, 1500)))
    assert Image.open(io.BytesIO(checked.body)).size == (content.LONGEST_SIDE, content.LONGEST_SIDE // 2)


def test_a_pdf_is_kept_as_it_is() -> None:
    checked = check_file(body=PDF)
    assert (checked.kind, checked.ending, checked.body) == ("application/pdf", "pdf", PDF)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("empty", b""),
        ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("html", b"<html><script>alert(1)</script></html>"),
        ("zip", zipped()),
        ("gif", picture("GIF")),
        ("tiff", picture("TIFF")),
        ("program", b"MZ" + b"\0" * 200),
        ("wrong magic", b"\xff\xd8\xff\xe0 this is no photo"),
        ("cut off", picture("PNG")[:40]),
        ("pdf further down", b" \n" + PDF),
        ("too big", b"%PDF-" + b"0" * content.MAX_BYTES),
        ("fifty megapixels", bomb()),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_anything_else_is_refused_in_words(name: str, body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_file(body=body)
    assert refused.value.field == "files"


@given(body=st.binary(max_size=300))
def test_noise_is_refused_and_never_breaks(body: bytes) -> None:
    if body.startswith(b"%PDF-"):
        return
    with pytest.raises(Refused):
        check_file(body=body)


def drawn() -> str:
    return "data:image/png;base64," + base64.b64encode(picture("PNG")).decode()


def test_a_signature_is_a_drawing_or_a_name() -> None:
    checked = check_signature(value=drawn())
    assert checked is not None and checked.kind == "image/png"
    assert check_signature(value="钱女士") is None
    assert check_signature(value="data:image/svg+xml;base64,AAAA") is None
    assert signer_of(value="钱女士") == "钱女士"
    assert signer_of(value=drawn()) == ""
    assert signer_of(value=drawn(), typed="钱女士") == "钱女士"


@pytest.mark.parametrize("value", ["data:image/png;base64,AAA", "data:image/png;base64,AAAA"])
def test_a_torn_signature_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        check_signature(value=value)


def test_a_file_is_kept_under_a_name_nobody_can_guess(cast: Cast) -> None:
    home = cast.homes[0]
    kept = attach(
        site_id=cast.site.pk, subject=home, name="../../etc/合同.pdf", body=PDF, by=cast.front, at=MONDAY_NINE
    )
    assert read_attachment(attachment=kept) == PDF
    assert kept.size == len(PDF) and len(kept.sha256) == 64 and len(kept.key) == 32
    paths = list(settings.MEDIA_ROOT.rglob(f"{kept.key}*"))
    assert [path.relative_to(settings.MEDIA_ROOT).parts[0] for path in paths] == [str(cast.site.pk)]
    assert "合同" not in str(paths)
    assert list(list_attachments(subject=home)) == [kept]


def test_a_refused_file_leaves_no_row(cast: Cast) -> None:
    with pytest.raises(Refused):
        attach(
            site_id=cast.site.pk,
            subject=cast.homes[0],
            name="a.svg",
            body=b"<svg/>",
            by=cast.front,
            at=MONDAY_NINE,
        )
    assert not Attachment.objects.exists()


def test_only_a_drawn_signature_becomes_a_file(cast: Cast) -> None:
    common = {"site_id": cast.site.pk, "subject": cast.homes[0], "by": cast.front, "at": MONDAY_NINE}
    assert sign(value="钱女士", signer="钱女士", **common) is None  # type: ignore[arg-type]
    kept = sign(value=drawn(), signer="钱女士", **common)  # type: ignore[arg-type]
    assert kept is not None
    assert (kept.purpose, kept.note, kept.kind) == (Attachment.Purpose.SIGNATURE, "钱女士", "image/png")
