"""Contact: one line of the call and visit register (FM-05, FM-23). Enquiry: a question that waits for its answer."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class Contact(models.Model):
    """Somebody called, came or wrote: who, when, why, and what came of it."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", N("当场答复")
        PROMISED = "promised", N("约定答复")
        CASE = "case", N("已立事项")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    channel = models.CharField(max_length=12)
    caller_name = models.CharField(max_length=60, blank=True)
    caller_phone = models.CharField(max_length=24, blank=True)
    person = models.ForeignKey(
        "estate.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        "estate.Household", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, blank=True)  # enquiry, direction …: what an answered one was about
    reason = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    departments = models.CharField(max_length=120, blank=True)
    rings = models.PositiveSmallIntegerField(null=True)
    # the call as the telephone system told it; then that counts the rings
    call = models.ForeignKey(
        "calls.Call", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="contacts")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="answered", case__isnull=True)
                | (~Q(outcome="answered") & Q(case__isnull=False)),
                name="contact_answered_or_has_case",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-at", "-id"], name="contact_register"),
            models.Index(
                fields=["household", "-at"], condition=Q(household__isnull=False), name="contact_of_household"
            ),
        ]


class Enquiry(models.Model):
    """What only an enquiry or suggestion has, beside its case."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", N("咨询")
        SUGGESTION = "suggestion", N("建议")
        HELP = "help", N("求助")
        PRAISE = "praise", N("表扬")
        DIRECTION = "direction", N("问路找人")  # B-16
        BUSINESS = "business", N("商务服务")

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="enquiry"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    agreed_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, blank=True)  # adopted, improve, declined (B-08)
    # B-05: the unit's own note of its task, and when it contacted the customer
    task = models.TextField(blank=True)
    contacted_at = models.DateTimeField(null=True)
    # B-08: the improvement that a suggestion led to, and what became of it
    plan = models.TextField(blank=True)
    plan_date = models.DateField(null=True)
    plan_checked_at = models.DateTimeField(null=True)
    plan_finding = models.TextField(blank=True)
    # B-07: who was sent to help
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    help_sent_at = models.DateTimeField(null=True)
    # B-07: who is praised, and when he and his superior heard of it; counted for appraisal
    praised = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    praise_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(praised__isnull=True, praise_told_at__isnull=True)
                | Q(praised__isnull=False, praise_told_at__isnull=False),
                name="enquiry_praise_told_to_somebody",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["praised", "praise_told_at"],
                condition=Q(praised__isnull=False),
                name="enquiry_praise_of",
            )
        ]


class ReceptionOfficer(models.Model):
    """Who receives at a site since when, as the head of customer service named him; the last one stands (B-05)."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-since", "-id"], name="reception_officer_now")]
