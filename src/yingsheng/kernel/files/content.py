"""What a file really is, and making it harmless: pictures are redrawn without location data."""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2400
SMALL_SIDE = 240  # of the picture in a list
SIGNATURE_URL = re.compile(r"^data:image/png;base64,([A-Za-z0-9+/=]+)$")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file fit to be kept: media type, ending for the stored name, bytes."""

    kind: str
    ending: str
    body: bytes


def check_file(*, body: bytes) -> Checked:
    """Accept JPEG, PNG, WebP (redrawn, so without location data) and PDF; Refused for anything else."""
    if not body:
        raise Refused(gettext_noop("文件是空的"), field="files")
    if len(body) > MAX_BYTES:
        raise Refused(gettext_noop("文件超过10 MB，请压缩后再传"), field="files")
    if body.startswith(b"%PDF-"):
        return Checked(kind="application/pdf", ending="pdf", body=body)
    return _redraw(body)


def signer_of(*, value: str, typed: str = "") -> str:
    """Whose signature it is: the name given beside it, or the name typed instead of a drawing."""
    return typed or ("" if SIGNATURE_URL.match(value) else value[:60])


def check_signature(*, value: str) -> Checked | None:
    """A signature drawn on glass (PNG data address) as a picture; None if a name was typed instead."""
    found = SIGNATURE_URL.match(value)
    if found is None:
        return None
    try:
        body = base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise Refused(gettext_noop("签名没有传完整，请重签"), field="signature") from error
    return _redraw(body)


def small_picture(*, body: bytes) -> bytes:
    """A kept picture as a small JPEG for lists; only for what `check_file` gave."""
    with Image.open(io.BytesIO(body), formats=("JPEG", "PNG")) as picture:
        ground = Image.new("RGB", picture.size, "white")
        drawn = picture.convert("RGBA")
        ground.paste(drawn, mask=drawn.getchannel("A"))
        ground.thumbnail((SMALL_SIDE, SMALL_SIDE))
        out = io.BytesIO()
        ground.save(out, "JPEG", quality=80)
        return out.getvalue()


def _redraw(body: bytes) -> Checked:
    try:
        with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(gettext_noop("图片尺寸太大"), field="files")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            out = io.BytesIO()
            if picture.format == "JPEG":
                upright.convert("RGB").save(out, "JPEG", quality=85)
                return Checked(kind="image/jpeg", ending="jpg", body=out.getvalue())
            upright.convert("RGBA").save(out, "PNG")
            return Checked(kind="image/png", ending="png", body=out.getvalue())
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(gettext_noop("只收照片（JPEG、PNG、WebP）和PDF文件"), field="files") from error
