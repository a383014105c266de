"""Personal numbers at rest: AES-GCM with the field's name as associated data, and a blind index for lookup."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "v1"


@lru_cache(maxsize=8)
def _key(purpose: str, master: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"yingsheng:{purpose}".encode())
    return derive.derive(master.encode())


def seal(*, text: str, field: str) -> str:
    """Encrypt for storing in `field` (like "estate.person.id_number"); another field cannot open it."""
    if not text:
        return ""
    nonce = os.urandom(12)
    sealed = AESGCM(_key("seal", settings.PERSONAL_DATA_KEY)).encrypt(nonce, text.encode(), field.encode())
    return f"{VERSION}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def open_sealed(*, sealed: str, field: str) -> str:
    """The text again; raises cryptography's InvalidTag when the value was moved or altered."""
    if not sealed:
        return ""
    version, _, body = sealed.partition(":")
    if version != VERSION:
        raise ValueError(f"sealed with unknown version {version}")
    raw = base64.urlsafe_b64decode(body)
    return (
        AESGCM(_key("seal", settings.PERSONAL_DATA_KEY)).decrypt(raw[:12], raw[12:], field.encode()).decode()
    )


def blind_index(*, text: str, field: str) -> str:
    """A keyed fingerprint by which an exact value can be found without being stored; "" for no text."""
    if not text:
        return ""
    key = _key("index", settings.PERSONAL_DATA_KEY)
    return hmac.new(key, f"{field}:{text.strip().upper()}".encode(), hashlib.sha256).hexdigest()
