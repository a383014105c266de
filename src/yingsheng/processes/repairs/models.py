"""What only a repair has, beside its case (FM-25, FM-26, FM-27); its orders, quotes and payments are the kernel's."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Repair(models.Model):
    """One request; the matter, the people and the clocks stand in its case."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="repair"
    )
    kind = models.CharField(max_length=10)  # urgent, minor, project
    trade = models.CharField(max_length=12)
    place = models.CharField(max_length=120, blank=True)
    promised_at = models.DateTimeField(null=True)
    visit_at = models.DateTimeField(null=True)  # when the household is at home for it
    introduced_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_internal = models.BooleanField(default=False)  # the company's own need

    # taken in at night and not done at once; when the morning opens it
    waits_for_morning = models.BooleanField(default=False)

    #
    part = models.CharField(max_length=10, blank=True)
    liability = models.TextField(blank=True)
    other_room = models.ForeignKey(
        "estate.Room", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.TextField(blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_paid_work = models.BooleanField(default=False)

    #
    result = models.TextField(blank=True)
    apologised_at = models.DateTimeField(null=True)
    overtime_reason = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    told_to = models.CharField(max_length=60, blank=True)
    satisfaction = models.CharField(max_length=10, blank=True)
    opinion = models.TextField(blank=True)
    #
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=60, blank=True)

    rework = models.PositiveSmallIntegerField(default=0)
    visit_owed = models.BooleanField(default=False)
    in_limit = models.BooleanField(null=True)  # done inside the limit (KPI-34); None while it is not done
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("", "urgent", "minor", "project")), name="repair_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(part__in=("", "public", "private", "neighbour", "unclear")),
                name="repair_part_known",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(signed_by=""), name="repair_signed_by_somebody"
            ),
        ]


class MorningReview(models.Model):
    """What the clerk found in the morning about yesterday's and open repairs (R-19)."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    note = models.TextField(blank=True)
    looked_at = models.JSONField(default=list)  # numbers of the repairs that were looked at
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "day"], name="repair_review_once")]
