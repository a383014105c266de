"""What is known of an item besides whose hands it is in, the attempts to reach its household, batches of letters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


class MailItem(models.Model):
    """A line of the register FM-42 or FM-40: a registered letter or parcel; its hand-overs are those of its item."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", N("挂号信")
        PARCEL = "parcel", N("包裹")
        EXPRESS = "express", N("快递")
        RECEIPTED = "receipted", N("其它要签收的")
        MONEY_ORDER = "money_order", N("汇款单")

    class Condition(models.TextChoices):
        SOUND = "sound", N("完好")
        WORN = "worn", N("外包装破损")
        WET = "wet", N("受潮")
        OPEN = "open", N("封口已开")

    class Stage(models.TextChoices):
        SHELVED = "shelved", N("待通知")
        TOLD = "told", N("已通知住户")
        KEPT = "kept", N("暂存")
        UNDELIVERABLE = "undeliverable", N("待退回")
        COLLECTED = "collected", N("本户领取")
        BY_FAMILY = "by_family", N("家人代领")
        RETURNED = "returned", N("退回邮局")
        LOST = "lost", N("遗失")

    item = models.OneToOneField(
        "custody.Item", primary_key=True, on_delete=models.PROTECT, related_name="mail"
    )
    site = _site()
    kind = models.CharField(max_length=12, choices=Kind)
    stage = models.CharField(max_length=14, choices=Stage, default=Stage.SHELVED)
    tracking_number = models.CharField(max_length=60, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    sender = models.CharField(max_length=60, blank=True)
    addressee = models.CharField(max_length=60)
    destination = models.CharField(max_length=120, blank=True)  # 寄至何处, as it is written on the item
    condition = models.CharField(max_length=8, choices=Condition, default=Condition.SOUND)
    damage = models.CharField(max_length=200, blank=True)
    pickup_code = models.CharField(max_length=8)
    received_at = models.DateTimeField()
    received_by = _staff()
    area_told_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = _staff(null=True)
    told_way = models.CharField(max_length=10, blank=True)
    overdue_at = models.DateTimeField(null=True)  # null where the regulation knows no such day
    contacts = models.PositiveSmallIntegerField(default=0)  # after it was overdue
    wish = models.CharField(max_length=200, blank=True)
    kept_because = models.CharField(max_length=200, blank=True)
    undeliverable_at = models.DateTimeField(null=True)
    verified_as = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    collector = models.CharField(max_length=60, blank=True)
    relation = models.CharField(max_length=12, blank=True)
    identity = models.CharField(max_length=12, blank=True)
    accepted_by = _staff(null=True)
    returned_date = models.DateField(null=True)
    file_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "pickup_code"], condition=Q(closed_at__isnull=True), name="mail_one_open_pickup_code"
            ),
            models.CheckConstraint(
                condition=Q(condition="sound") | ~Q(damage=""), name="mail_damage_is_described"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, stage__in=("shelved", "told", "kept", "undeliverable"))
                | Q(closed_at__isnull=False, stage__in=("collected", "by_family", "returned", "lost")),
                name="mail_closed_with_its_stage",
            ),
            models.CheckConstraint(
                condition=~Q(stage="by_family") | (Q(accepted_by__isnull=False) & ~Q(relation="")),
                name="mail_family_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=("collected", "by_family", "returned")) | ~Q(collector=""),
                name="mail_handed_out_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(stage="returned") | (Q(returned_date__isnull=False) & ~Q(verified_as="")),
                name="mail_returned_when_verified",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            # the register and the month
            models.Index(fields=["site", "-received_at", "-item"], name="mail_register"),
            # what is still here, for the lists of the day
            models.Index(
                fields=["site", "stage", "overdue_at"], condition=Q(closed_at__isnull=True), name="mail_open"
            ),
        ]


class Attempt(models.Model):
    """One try to tell a household of its item, or to ask what shall become of it."""

    item = models.ForeignKey(MailItem, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by = _staff()
    way = models.CharField(max_length=10)
    reached = models.BooleanField()
    overdue = models.BooleanField(default=False)
    officer = _staff(null=True)  # the area clerk who was there (M-07)
    note = models.CharField(max_length=200, blank=True)


class Batch(models.Model):
    """A line of FM-39: ordinary letters and papers of one area that came together, fetched by its clerk (M-01–M-03)."""

    class State(models.TextChoices):
        SORTED = "sorted", N("待通知")
        TOLD = "told", N("已通知，待取")
        FETCHED = "fetched", N("已取走")
        CANCELLED = "cancelled", N("登记有误")

    site = _site()
    area = models.ForeignKey(
        "estate.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    letters = models.PositiveSmallIntegerField(default=0)
    papers = models.PositiveSmallIntegerField(default=0)
    magazines = models.PositiveSmallIntegerField(default=0)
    others = models.PositiveSmallIntegerField(default=0)
    damaged = models.PositiveSmallIntegerField(default=0)
    damage = models.CharField(max_length=200, blank=True)
    brought_by = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SORTED)
    received_at = models.DateTimeField()
    received_by = _staff()
    told_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fetched_by = _staff(null=True)
    signed_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(letters__gt=0) | Q(papers__gt=0) | Q(magazines__gt=0) | Q(others__gt=0),
                name="mail_batch_of_something",
            ),
            models.CheckConstraint(
                condition=Q(damaged=0) | ~Q(damage=""), name="mail_batch_damage_is_described"
            ),
            models.CheckConstraint(
                condition=~Q(state="fetched") | (Q(fetched_by__isnull=False) & ~Q(signed_by="")),
                name="mail_batch_fetched_and_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="mail_batch_cancelled_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-received_at", "-id"], name="mail_batch_register"),
        ]

    @property
    def count(self) -> int:
        """How many pieces."""
        return self.letters + self.papers + self.magazines + self.others
