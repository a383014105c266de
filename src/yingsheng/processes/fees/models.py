"""Receipt: a fee of a home. Taking: cash owed to the cashier. Handover: a bag of takings, counted, received."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


class Handover(models.Model):
    """What the desk took and owes to the cashier: filled, counted by notes, received with both signatures (O-03)."""

    class State(models.TextChoices):
        COLLECTING = "collecting", N("待移交")
        COUNTED = "counted", N("已清点")
        RECEIVED = "received", N("收银员已收")

    site = _site()
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.COLLECTING)
    fen = models.BigIntegerField(default=0)  # by the book
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    counted_fen = models.BigIntegerField(null=True)
    count = models.ForeignKey(
        "cash.Count", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    explanation = models.CharField(max_length=300, blank=True)
    counted_at = models.DateTimeField(null=True)
    counted_by = _staff(null=True)
    desk_signed = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(null=True)
    cashier = _staff(null=True)
    cashier_signed = models.CharField(max_length=60, blank=True)
    is_late = models.BooleanField(default=False)
    remark = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="cashier_handover_number"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(state="collecting"), name="cashier_handover_one_open"
            ),
            models.CheckConstraint(
                condition=Q(counted_fen__isnull=True) | Q(counted_fen=F("fen")) | ~Q(explanation=""),
                name="cashier_handover_difference_explained",
            ),
            models.CheckConstraint(
                condition=~Q(state="received")
                | (~Q(desk_signed="") & ~Q(cashier_signed="") & Q(cashier__isnull=False)),
                name="cashier_handover_signed_by_both",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-opened_at", "-id"], name="cashier_handovers")]

    def __str__(self) -> str:
        return self.number


class Receipt(models.Model):
    """A fee that the desk took of a home on behalf of the fee centre (O-01, O-06)."""

    class Item(models.TextChoices):
        PROPERTY = "property", N("物业管理费")
        PARKING = "parking", N("停车费")
        WATER = "water", N("水费")
        POWER = "power", N("电费")
        DEPOSIT = "deposit", N("押金")
        OTHER = "other", N("其它费用")

    class State(models.TextChoices):
        TAKEN = "taken", N("已收")
        VOIDED = "voided", N("已作废")

    site = _site()
    number = models.CharField(max_length=40)
    household = models.ForeignKey("estate.Household", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=10, choices=Item)
    period = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    method = models.CharField(max_length=10)
    payer = models.CharField(max_length=60)
    signed_by = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.TAKEN)
    taken_at = models.DateTimeField()
    taken_by = _staff()
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="fee_receipt_number"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fee_receipt_more_than_nothing"),
            models.CheckConstraint(condition=~Q(signed_by=""), name="fee_receipt_signed"),
            models.CheckConstraint(
                condition=~Q(state="voided") | ~Q(reason=""), name="fee_receipt_voided_with_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-taken_at", "-id"], name="fee_receipts")]

    def __str__(self) -> str:
        return self.number


class Taking(models.Model):
    """Cash that came into the box for the cashier, or went back out of it: negative (O-03, O-04)."""

    site = _site()
    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="takings")
    what = models.CharField(max_length=12)  # fee, services, repairs
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="takings")
    payment = models.OneToOneField(
        "charges.Payment", null=True, on_delete=models.PROTECT, related_name="taking"
    )
    fen = models.BigIntegerField()
    at = models.DateTimeField()
    by = _staff()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(fen=0), name="taking_not_zero"),
            models.CheckConstraint(
                condition=Q(receipt__isnull=True, payment__isnull=False)
                | Q(receipt__isnull=False, payment__isnull=True),
                name="taking_has_one_paper",
            ),
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(fen__gt=0, receipt__isnull=False),
                name="taking_of_receipt_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-at"], name="takings_of_site")]
