"""What is known of a customer, as the reader may see it: masked where it is not his (J-29), in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.phones import BadPhone, mask_phone, split_phones
from yingsheng.kernel.estate.personal import hide, mask_name, mask_plate
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.process.customer_forms import FIELDS, KEYS, SEVEN
from yingsheng.processes.salesdesk.queries.facts import as_read, missing_of
from yingsheng.processes.salesdesk.rules.matching import Key


def mask_contact(text: str) -> str:
    """Telephones with their middle hidden; any other way to reach somebody is hidden whole."""
    try:
        return "、".join(mask_phone(number=one) for one in split_phones(text=text))
    except BadPhone:
        return hide(text)


# how each field that says who somebody is reads for those whose customer he is not
MASKS = {
    "name": mask_name, "contact": mask_contact, "employer_or_address": hide, "plate": mask_plate, "remark": hide,
}  # fmt: skip


def masked(*, field: str, text: str) -> str:
    """A field of an entry for somebody whose customer it is not."""
    mask = MASKS.get(field)
    return mask(text) if mask is not None and text else text


def known(*, entry: Entry | None, is_own: bool) -> dict[str, str]:
    """What an entry says now, by field, masked unless it is the reader's own; nothing before there is one."""
    if entry is None:
        return dict.fromkeys(FIELDS, "")
    values = as_read(entry=entry)
    return {name: values[name] if is_own else masked(field=name, text=values[name]) for name in FIELDS}


def name_of(row: Any) -> str:
    """The customer of a record of a book, as its reader may know him."""
    if row.entry is None:
        called = row.called_as
        return str(called if row.is_own else masked(field="name", text=called))
    return known(entry=row.entry, is_own=row.is_own)["name"]


def missing_words(entry: Entry | None) -> str:
    """Which of the seven fields are still missing, in words (J-04)."""
    if entry is None:
        return ""
    return "、".join(_(SEVEN[name]) for name in missing_of(entry=entry))


def key_words(keys: Iterable[str]) -> str:
    """Proofs in words."""
    return "、".join(_(KEYS[Key(one)]) for one in keys)
