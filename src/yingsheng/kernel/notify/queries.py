"""Reading messages: the bell, and what a household was told."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.notify.channels import COUNTER
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.org.models import Site, Staff

MANY = 100


def count_unread(*, staff: Staff) -> int:
    """Unread notices, counted no further than 100."""
    return len(Notice.objects.filter(staff=staff, read_at__isnull=True).values_list("pk")[:MANY])


def list_notices(*, staff: Staff) -> QuerySet[Notice]:
    """A person's bell, newest first."""
    return Notice.objects.filter(staff=staff).select_related("message").order_by("-arrived_at", "-pk")


def list_told(*, subject: models.Model) -> QuerySet[Message]:
    """What the household side was told about a record, newest first (226-OWNER)."""
    return Message.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, to_staff__isnull=True
    ).order_by("-queued_at", "-pk")


def list_told_household(*, household: Household) -> QuerySet[Message]:
    """What a household was told in messages, newest first."""
    return Message.objects.filter(to_household=household).order_by("-queued_at", "-pk")


def list_counter(*, site: Site) -> QuerySet[Message]:
    """What lies on the counter and was handed over to nobody yet, newest first, with whom it is for."""
    rows = Message.objects.filter(site=site, channel=COUNTER, handed_over_at__isnull=True)
    return rows.select_related("to_household__room", "site").order_by("-queued_at", "-pk")
