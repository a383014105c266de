"""Order: what a home prepays. Batch: a joint purchase with its lines. Request: what is arranged at a utility for it."""

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


def _home() -> Any:
    return models.ForeignKey("estate.Household", on_delete=models.PROTECT, related_name="+")


class Kind(models.TextChoices):
    """What is bought."""

    ELECTRICITY = "electricity", N("电")
    GAS = "gas", N("气")


class Batch(models.Model):
    """A joint purchase: prepared, carried by the purchaser, handed back and closed when it balances (P-03, P-07)."""

    class State(models.TextChoices):
        PREPARED = "prepared", N("已备好")
        CARRIED = "carried", N("购买中")
        CLOSED = "closed", N("已交回")
        EMPTY = "empty", N("本周没有预购")
        CANCELLED = "cancelled", N("已取消")

    site = _site()
    number = models.CharField(max_length=40)
    purchaser = _staff()
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    prepared_at = models.DateTimeField()
    prepared_by = _staff()
    handed_at = models.DateTimeField(null=True)
    handed_by = _staff(null=True)
    taken_signed = models.CharField(max_length=60, blank=True)  # the purchaser, when he takes it
    given_signed = models.CharField(max_length=60, blank=True)  # the desk, when it hands over
    returned_at = models.DateTimeField(null=True)
    returned_to = _staff(null=True)
    back_signed = models.CharField(max_length=60, blank=True)
    kept_signed = models.CharField(max_length=60, blank=True)
    cash_fen = models.BigIntegerField(default=0)  # handed out
    bought_fen = models.BigIntegerField(default=0)
    change_fen = models.BigIntegerField(default=0)  # handed back
    devices_out = models.PositiveSmallIntegerField(default=0)
    devices_back = models.PositiveSmallIntegerField(default=0)
    remark = models.CharField(max_length=300, blank=True)
    explanation = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="prepaid_batch_number"),
            # the database has the last word: what balances nowhere is closed by nobody without a word (P-07)
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(cash_fen=F("bought_fen") + F("change_fen"), devices_out=F("devices_back"))
                | ~Q(explanation=""),
                name="prepaid_batch_balances",
            ),
            models.CheckConstraint(
                condition=Q(cash_fen__gte=0, bought_fen__gte=0, change_fen__gte=0),
                name="prepaid_batch_not_negative",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-prepared_at", "-id"], name="prepaid_batches")]

    def __str__(self) -> str:
        return self.number


class Order(models.Model):
    """What a home prepays: its cash, its panel or card, what was bought and what it got back (P-02, FM-43, FM-44)."""

    class State(models.TextChoices):
        ORDERED = "ordered", N("待购买")
        BATCHED = "batched", N("已列入集中购买")
        CARRIED = "carried", N("购买中")
        BOUGHT = "bought", N("已买回")
        NOT_BOUGHT = "not_bought", N("没有买成")
        TOLD = "told", N("待领取")
        COLLECTED = "collected", N("已领取")
        CANCELLED = "cancelled", N("已退回")

    site = _site()
    number = models.CharField(max_length=40)
    household = _home()
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.ORDERED)
    quantity = models.PositiveIntegerField(default=0)  # wanted; 0 for as much as the money buys
    cash_fen = models.BigIntegerField()
    device = models.CharField(max_length=40, blank=True)  # its number; empty where none was left
    item = models.OneToOneField(
        "custody.Item", null=True, on_delete=models.PROTECT, related_name="prepaid_order"
    )
    payer = models.CharField(max_length=60)
    payer_signed = models.CharField(max_length=60, blank=True)
    ordered_at = models.DateTimeField()
    ordered_by = _staff()
    batch = models.ForeignKey(
        Batch, null=True, on_delete=models.PROTECT, related_name="running", db_index=False
    )
    bought_quantity = models.PositiveIntegerField(default=0)
    bought_fen = models.BigIntegerField(default=0)
    bought_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=40, blank=True)  # FM-69
    change_fen = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    collector = models.CharField(max_length=60, blank=True)
    collector_signed = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was not bought, or taken back
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="prepaid_order_number"),
            models.CheckConstraint(condition=Q(cash_fen__gt=0), name="prepaid_order_has_cash"),
            models.CheckConstraint(
                condition=Q(bought_fen=0, change_fen=0) | Q(cash_fen=F("bought_fen") + F("change_fen")),
                name="prepaid_order_change_is_the_rest",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["bought", "told", "collected"])
                | Q(bought_fen__gt=0) & ~Q(receipt=""),
                name="prepaid_order_bought_with_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state="collected") | ~Q(collector_signed=""),
                name="prepaid_order_collected_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="prepaid_order_cancelled_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-ordered_at", "-id"], name="prepaid_orders"),
            models.Index(fields=["site", "state"], name="prepaid_orders_by_state"),
            models.Index(fields=["batch"], name="prepaid_orders_of_batch"),
        ]

    def __str__(self) -> str:
        return self.number


class BatchLine(models.Model):
    """One order in one purchase, as the handover record tells it; it stays when the order goes into the next."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    prepaid_fen = models.BigIntegerField()
    outcome = models.CharField(max_length=10, blank=True)
    quantity = models.PositiveIntegerField(default=0)
    bought_fen = models.BigIntegerField(default=0)
    change_fen = models.BigIntegerField(default=0)
    receipt = models.CharField(max_length=40, blank=True)
    device_out = models.BooleanField(default=False)
    device_back = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "order"], name="prepaid_line_once"),
        ]


class Request(models.Model):
    """Opening a service or paying a charge on behalf of a home (P-01)."""

    class Kind(models.TextChoices):
        OPENING = "opening", N("申办开通")
        PAYMENT = "payment", N("代缴费用")

    class State(models.TextChoices):
        REQUESTED = "requested", N("已受理")
        SUBMITTED = "submitted", N("已递交")
        DONE = "done", N("已办妥")
        REFUSED = "refused", N("没有办成")
        CLOSED = "closed", N("已告知并交还")

    site = _site()
    number = models.CharField(max_length=40)
    household = _home()
    kind = models.CharField(max_length=10, choices=Kind)
    utility = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    text = models.CharField(max_length=300, blank=True)
    papers = models.CharField(max_length=300, blank=True)
    cash_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    receipt = models.CharField(max_length=40, blank=True)
    requested_by_name = models.CharField(max_length=60)
    requested_at = models.DateTimeField()
    taken_by = _staff()
    runner = _staff(null=True)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_signed = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="utility_request_number"),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, paid_fen__lte=F("cash_fen")),
                name="utility_request_pays_what_it_has",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-requested_at", "-id"], name="utility_requests")]

    def __str__(self) -> str:
        return self.number
