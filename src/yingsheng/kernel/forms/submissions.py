"""Sent twice, taken once: the same key gives the same answer, another body under it is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.forms.models import Submission

KEPT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the sender is told: an HTTP status and JSON values. `replayed` if it was given before."""

    status: int
    body: Mapping[str, object]
    replayed: bool = False


def fingerprint(*, values: object) -> str:
    """A digest of what was sent, the same for equal values in any order; 64 hex digits."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(*, scope: str, key: str, mark: str, at: datetime, run: Callable[[], Answer]) -> Answer:
    """Run in one transaction with the note that this key was taken; a repeat gets the first answer.

    Raises Conflict (code "key_reused") if the key came before with another body. Without a key it just runs.
    Two at the same moment: the unique constraint lets one commit, the other gets that one's answer.
    """
    try:
        with transaction.atomic():
            if not key:
                return run()
            earlier = _earlier(scope=scope, key=key, mark=mark)
            if earlier is not None:
                return earlier
            answer = run()
            Submission.objects.create(
                scope=scope, key=key, fingerprint=mark, status=answer.status, answer=dict(answer.body), at=at
            )
            return answer
    except Refused as refusal:
        if refusal.afterwards is not None:
            refusal.afterwards()
        raise
    except IntegrityError:
        earlier = _earlier(scope=scope, key=key, mark=mark) if key else None
        if earlier is None:
            raise
        return earlier


def clear_old(*, now: datetime) -> int:
    """Forget keys that nobody will send again."""
    count, _ = Submission.objects.filter(at__lt=now - KEPT).delete()
    return count


def _earlier(*, scope: str, key: str, mark: str) -> Answer | None:
    row = Submission.objects.filter(scope=scope, key=key).first()
    if row is None:
        return None
    if row.fingerprint != mark:
        raise Conflict(gettext_noop("这份表单已经提交过另一份内容，请打开新的表单再登记"), code="key_reused")
    return Answer(status=row.status, body=row.answer, replayed=True)
