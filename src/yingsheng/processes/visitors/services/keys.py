"""The keys by which a site signs its passes; the private half never leaves the server (V-02)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.sealing import open_sealed, seal
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.processes.visitors.models import GateKey, Pass
from yingsheng.processes.visitors.queries.passes import lines_of
from yingsheng.processes.visitors.rules.codes import MOST_CHARACTERS, Slip, new_private, public_of, write_code
from yingsheng.processes.visitors.services.writing import REPORT, tell

FIELD = "visitors.gatekey.private"


def key_in_use(*, site: Site, at: datetime) -> GateKey:
    """The pair in use, made when the first pass is signed."""
    found = GateKey.objects.filter(site=site, retired_at__isnull=True).first()
    if found is not None:
        return found
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # two first passes queue here
    again = GateKey.objects.filter(site=site, retired_at__isnull=True).first()
    return again or _make(site=site, at=at)


def _make(*, site: Site, at: datetime) -> GateKey:
    private = new_private()
    return GateKey.objects.create(
        site=site,
        public=public_of(private=private),
        private_sealed=seal(text=str(private), field=FIELD),
        made_at=at,
    )


@transaction.atomic
def renew_key(*, actor: Actor, at: datetime, reason: str) -> GateKey:
    """A new pair for the passes to come; what was signed before stays good until it runs out (V-02)."""
    demand(actor=actor, permission=REPORT)
    before = key_in_use(site=actor.site, at=at)
    before.retired_at = at
    before.save(update_fields=["retired_at"])
    fresh = _make(site=actor.site, at=at)
    tell(
        record=actor.site, kind="key_renewed", actor=actor, at=at, rule="V-02", code=fresh.code, reason=reason
    )
    return fresh


def sign_pass(*, row: Pass, at: datetime) -> str:
    """The signed code of a pass whose items are written."""
    key = key_in_use(site=row.site, at=at)
    slip = Slip(
        key_id=key.code, key=row.key, number=row.number, room=row.household.room.label, valid_from=row.valid_from,
        valid_until=row.valid_until, lines=lines_of(row), plate=row.plate,
    )  # fmt: skip
    code = write_code(slip=slip, private=int(open_sealed(sealed=key.private_sealed, field=FIELD)))
    if len(code) > MOST_CHARACTERS:
        raise Refused(
            gettext_noop("物品太多，印出来的码扫不清，请分两张开"), field="items", code="many", rule="V-02"
        )
    return code
