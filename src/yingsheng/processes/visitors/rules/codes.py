"""The code of a pass: what a guard's phone can check without signal, signed by the site (V-02).

    FX1.<what it says>.<signature>      both base64url without padding, the signature ECDSA P-256 as r and s

Changed in any byte it is not a code of this site any more: even the unused bits of the last sign are looked at.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from yingsheng.processes.visitors.rules.passes import Line

MARK = "FX1"
HALF = 32
MOST_CHARACTERS = 1400  # more no camera reads off paper


class BadCode(Exception):
    """No code of this site; `reason` says how far it got: shape, key, signature."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What the code of a pass says."""

    key_id: str
    key: str
    number: str
    room: str
    valid_from: datetime
    valid_until: datetime
    lines: tuple[Line, ...]
    plate: str = ""


def new_private() -> int:
    """A fresh private key, as the number that is kept sealed."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value


def public_of(*, private: int) -> str:
    """The public half as a browser takes it: SPKI in base64."""
    public = ec.derive_private_key(private, ec.SECP256R1()).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def write_code(*, slip: Slip, private: int) -> str:
    """The signed code of a pass."""
    told = [
        slip.key_id, slip.key, slip.number, slip.room, int(slip.valid_from.timestamp()),
        int(slip.valid_until.timestamp()), [[one.name, one.count, int(one.is_bulky)] for one in slip.lines], slip.plate,
    ]  # fmt: skip
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    signer = ec.derive_private_key(private, ec.SECP256R1())
    r, s = decode_dss_signature(signer.sign(body, ec.ECDSA(hashes.SHA256())))
    return f"{MARK}.{_text(body)}.{_text(r.to_bytes(HALF, 'big') + s.to_bytes(HALF, 'big'))}"


def read_code(*, code: str, publics: Mapping[str, str]) -> Slip:
    """What a code says, once its signature is that of one of these keys (id -> SPKI); BadCode for anything else."""
    parts = code.split(".")
    if len(code) > MOST_CHARACTERS or len(parts) != 3 or parts[0] != MARK:
        raise BadCode("shape")
    body, signature = _bytes(parts[1]), _bytes(parts[2])
    slip = _slip(body)
    public = publics.get(slip.key_id)
    if public is None:
        raise BadCode("key")
    if len(signature) != 2 * HALF:
        raise BadCode("signature")
    numbers = (int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big"))
    key = load_der_public_key(base64.b64decode(public))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(encode_dss_signature(*numbers), body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BadCode("signature") from error
    return slip


def _slip(body: bytes) -> Slip:
    try:
        told: Any = json.loads(body)
        key_id, key, number, room, since, until, rows, plate = told
        return Slip(
            key_id=str(key_id), key=str(key), number=str(number), room=str(room),
            valid_from=datetime.fromtimestamp(int(since), UTC), valid_until=datetime.fromtimestamp(int(until), UTC),
            lines=tuple(Line(name=str(row[0]), count=int(row[1]), is_bulky=bool(row[2])) for row in rows),
            plate=str(plate),
        )  # fmt: skip
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, OSError, RecursionError) as error:
        raise BadCode("shape") from error


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadCode("shape") from error
    if _text(raw) != text:  # unused bits of the last sign, signs of another alphabet
        raise BadCode("shape")
    return raw
