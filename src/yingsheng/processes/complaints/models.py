"""What only a complaint has, beside its case: the fields of the complaint forms (FM-01 … FM-05, FM-16, FM-17)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class Complaint(models.Model):
    """One complaint record; the matter, the people and the clocks stand in its case."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="complaint"
    )

    # intake (C-09, C-10)
    happened_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=120, blank=True)
    respondent = models.CharField(max_length=120, blank=True)  # person or department complained about
    respondent_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    demand = models.TextField(blank=True)
    situation = models.CharField(max_length=20, blank=True)  # C-26
    written = models.BooleanField(default=False)
    ongoing_harm = models.BooleanField(default=False)  # C-17
    first_heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    forwarded_by_hq = models.BooleanField(default=False)  # C-55
    household_limit_at = models.DateTimeField(null=True)  # C-39: "within the time the household wants"
    record_confirmed_by = models.CharField(max_length=60, blank=True)  # C-11: who signed the record

    # classification (C-18 … C-23)
    cause = models.CharField(max_length=20, blank=True)
    validity_detail = models.CharField(max_length=20, blank=True)
    severity_reason = models.CharField(max_length=20, blank=True)
    severity_since = models.DateTimeField(null=True)
    classified_at = models.DateTimeField(null=True)
    complex = models.BooleanField(default=False)
    loss_fen = models.BigIntegerField(default=0)
    injury = models.BooleanField(default=False)

    # handling
    tracker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # C-41
    contacted_at = models.DateTimeField(null=True)
    contacted_person = models.CharField(max_length=60, blank=True)  # C-81: who was told
    agreed_reply_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verification = models.TextField(blank=True)  # C-16
    plan_at = models.DateTimeField(null=True)
    plan = models.TextField(blank=True)
    plan_consent = models.BooleanField(default=False)  # C-58
    external_body = models.CharField(max_length=80, blank=True)  # C-46 … C-48
    on_spot = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True)  # solved, explained, refused
    method = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True)
    alternative = models.TextField(blank=True)  # C-50
    prevention = models.TextField(blank=True)  # C-68

    # answer
    replied_at = models.DateTimeField(null=True)
    reply_modes = models.JSONField(default=list)
    opinion = models.TextField(blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    hq_reported_at = models.DateTimeField(null=True)
    follow_up = models.CharField(
        max_length=10, blank=True
    )  # done, exempt, unhappy: what the last visit showed
    is_group = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(loss_fen__gte=0), name="complaint_loss_not_negative"),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(alternative=""),
                name="complaint_refusal_offers_alternative",
            ),
        ]


class SpotCheck(models.Model):
    """A check by the site head or supervisor that the records are complete, or that a complainant is content."""

    class Kind(models.TextChoices):
        RECORDS = "records", N("记录抽查")  # C-76
        COMPLAINANT = "complainant", N("走访投诉人")  # C-77

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    found_count = models.PositiveSmallIntegerField(default=0)  # complaints heard on the visit
    recorded_count = models.PositiveSmallIntegerField(default=0)  # of these, found in the records (KPI-27)
    satisfied = models.BooleanField(null=True)
    finding = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recorded_count__lte=models.F("found_count")),
                name="spot_check_recorded_within_found",
            )
        ]
