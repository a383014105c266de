"""Service: what only a special service has, beside its case (FM-34, FM-35)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


class Service(models.Model):
    """One special service a household ordered: what, from when to when, for how much, by whom, and how it was."""

    class Scope(models.TextChoices):
        INSIDE = "inside", N("服务范围之内")
        BEYOND = "beyond", N("服务范围之外")

    class Visit(models.TextChoices):
        OWED = "owed", N("待回访")
        DONE = "done", N("已回访")
        UNHAPPY = "unhappy", N("不满意")
        EXEMPT = "exempt", N("免访")

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="service"
    )
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.INSIDE)
    item = models.CharField(max_length=20, blank=True)  # code of the price list, "" for what is not on it
    item_name = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    first_date = models.DateField()
    last_date = models.DateField()
    fee_fen = models.BigIntegerField(default=0)
    provider = models.CharField(max_length=80, blank=True)
    waits_for_morning = models.BooleanField(default=False)
    signed_by = models.CharField(max_length=60, blank=True)  # S-05: for the fee
    signed_at = models.DateTimeField(null=True)
    mid_date = models.DateField(null=True)
    mid_visit = models.CharField(max_length=8, choices=Visit, blank=True)
    end_visit = models.CharField(max_length=8, choices=Visit, blank=True)
    result = models.TextField(blank=True)
    answer = models.TextField(blank=True)  # S-11: what help was given, or why it was declined

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="service_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="service_fee_not_negative"),
        ]


class Remark(models.Model):
    """What was seen of the quality of a service while it ran (S-03)."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="remarks")
    at = models.DateTimeField()
    by = models.ForeignKey("org.Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    is_good = models.BooleanField()
