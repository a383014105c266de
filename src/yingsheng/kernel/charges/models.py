"""PriceItem: a line of the price list. Quote: what a household is asked to accept. Payment: what it paid."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


class PriceItem(models.Model):
    """A price of the site from a moment on. A new price is a new row; what was quoted keeps its own."""

    class Kind(models.TextChoices):
        LABOUR = "labour", N("人工")
        MATERIAL = "material", N("材料")
        SERVICE = "service", N("特约服务")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    price_fen = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            # one price of a thing at a time
            models.UniqueConstraint(
                fields=["site", "code"], condition=Q(active_to__isnull=True), name="price_one_in_force"
            ),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")),
                name="price_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "kind", "code"], name="price_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Quote(models.Model):
    """What work will cost, as told to the household; paid work begins only after it accepted."""

    class State(models.TextChoices):
        OFFERED = "offered", N("待住户确认")
        ACCEPTED = "accepted", N("住户已接受")
        DECLINED = "declined", N("住户未接受")
        WITHDRAWN = "withdrawn", N("已撤回")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="quotes")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    total_fen = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)  # who of the household
    way = models.CharField(max_length=10, blank=True)  # signature, phone, message

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "round"], name="quote_round_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="offered"), name="quote_one_waiting"),
            models.CheckConstraint(condition=Q(total_fen__gte=0), name="quote_not_negative"),
            models.CheckConstraint(
                condition=Q(state="offered", decided_at__isnull=True)
                | (~Q(state="offered") & Q(decided_at__isnull=False)),
                name="quote_decided_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.round}"


class QuoteLine(models.Model):
    """One line of a quote, with the price it was quoted at."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    price_fen = models.BigIntegerField()
    sum_fen = models.BigIntegerField()


class Payment(models.Model):
    """Money taken for a matter, or given back: a refund is a negative payment with its reason."""

    class Method(models.TextChoices):
        CASH = "cash", N("现金")
        CARD = "card", N("刷卡")
        WECHAT = "wechat", N("微信")
        ALIPAY = "alipay", N("支付宝")
        TRANSFER = "transfer", N("转账")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="payments")
    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40)  # of the receipt
    amount_fen = models.BigIntegerField()
    method = models.CharField(max_length=10, choices=Method)
    payer = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="payment_one_number"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="payment_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) | ~Q(reason=""), name="payment_refund_has_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-taken_at"], name="payment_of_site")]

    def __str__(self) -> str:
        return self.number
