"""The numbers and addresses under which a site can be reached, as published to its households (C-02, B-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff

# field of a site -> what the notice calls it, in the order of the notice
CONTACTS: Mapping[str, str] = {
    "duty_phone": gettext_noop("项目值班电话"),
    "service_hotline": gettext_noop("内部服务热线"),
    "company_hotline": gettext_noop("公司投诉热线"),
    "company_fax": gettext_noop("公司传真"),
    "complaint_email": gettext_noop("投诉邮箱"),
    "address": gettext_noop("服务中心地址"),
}
# without these the notice does not do what C-02 asks
REQUIRED = ("duty_phone", "company_hotline", "company_fax", "complaint_email")


def missing_contacts(*, site: Site) -> tuple[str, ...]:
    """The fields C-02 wants published that are still empty."""
    return tuple(name for name in REQUIRED if not getattr(site, name))


@transaction.atomic
def publish_contacts(*, site: Site, contacts: Mapping[str, str], by: Staff, at: datetime) -> Site:
    """Set the published contacts that are given; the event keeps what each was before (C-02, B-11).

    Refused for an address that is no e-mail address, and if nothing changes.
    """
    if unknown := set(contacts) - set(CONTACTS):
        raise ValueError(f"a site has no contact {sorted(unknown)}")
    row = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    wanted = {name: value.strip() for name, value in contacts.items()}
    if wanted.get("complaint_email"):
        try:
            validate_email(wanted["complaint_email"])
        except ValidationError as error:
            raise Refused(gettext_noop("这不像一个邮箱地址"), field="complaint_email") from error
    changed = {
        name: [getattr(row, name), value] for name, value in wanted.items() if getattr(row, name) != value
    }
    if not changed:
        raise Refused(gettext_noop("没有改动"))
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    row.save(update_fields=list(changed))
    events.record(
        site_id=row.pk,
        kind="org.contacts_published",
        subject=row,
        by=by,
        at=at,
        rule="C-02",
        data={"changed": changed},
    )
    return row
