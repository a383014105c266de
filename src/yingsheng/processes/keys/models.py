"""Key: what hangs on the hook. Loan: one going out and coming back. Loss: what was done about a key that is gone."""

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


class Key(models.Model):
    """What is particular to a key among the things in our hands: hook, door, the owner's pledge (K-02, K-10)."""

    item = models.OneToOneField(
        "custody.Item", primary_key=True, on_delete=models.PROTECT, related_name="held_key"
    )
    site = _site()
    is_security_door = models.BooleanField(default=False)
    pieces = models.PositiveSmallIntegerField(default=1)  # on one ring, under one label
    cabinet = models.CharField(max_length=20)
    building = models.CharField(max_length=40, blank=True)
    floor = models.CharField(max_length=10, blank=True)
    hook = models.CharField(max_length=20, blank=True)
    pledged_by = models.CharField(max_length=60, blank=True)
    pledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # a hook is kept for its key while the key is lent
            models.UniqueConstraint(
                fields=["site", "cabinet", "hook"], condition=~Q(hook=""), name="key_one_on_a_hook"
            ),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="key_at_least_one_piece"),
            models.CheckConstraint(
                condition=Q(pledged_at__isnull=True, pledged_by="")
                | (Q(pledged_at__isnull=False) & ~Q(pledged_by="")),
                name="key_pledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cabinet} {self.hook}"


class Loan(models.Model):
    """A key lent, to one of ours or to somebody from outside, and how it came back (K-04…K-06, K-11)."""

    class Kind(models.TextChoices):
        INSIDE = "inside", N("本公司员工")
        OUTSIDE = "outside", N("外单位人员")

    class State(models.TextChoices):
        OPEN = "open", N("未还")
        RETURNED = "returned", N("已还")
        LOST = "lost", N("遗失")

    site = _site()
    item = models.ForeignKey("custody.Item", on_delete=models.PROTECT, related_name="loans")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    borrower = models.CharField(max_length=60)
    staff = _staff(null=True)
    organisation = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    purpose = models.CharField(max_length=200)
    consent_by = models.CharField(max_length=60, blank=True)
    consent_way = models.CharField(max_length=10, blank=True)
    deposit_fen = models.BigIntegerField(default=0)
    refund_fen = models.BigIntegerField(default=0)
    kept_reason = models.CharField(max_length=200, blank=True)
    lent_at = models.DateTimeField()
    lent_by = _staff()
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_to = _staff(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="key_loan_one_number"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="open"), name="key_lent_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(kind="outside") | Q(staff__isnull=False), name="key_loan_of_ours"
            ),
            models.CheckConstraint(
                condition=Q(refund_fen__gte=0, refund_fen__lte=F("deposit_fen")),
                name="key_loan_refund_covered",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(refund_fen=F("deposit_fen")) | ~Q(kept_reason=""),
                name="key_deposit_kept_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(returned_at__isnull=False),
                name="key_loan_returned_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-lent_at", "-id"], name="key_loan_register"),
            models.Index(fields=["site", "due_at"], condition=Q(state="open"), name="key_loan_due"),
        ]

    def __str__(self) -> str:
        return self.number


class Loss(models.Model):
    """A key that is gone: how, who was told, what was decided (K-04)."""

    class Outcome(models.TextChoices):
        FOUND = "found", N("已找回")
        RECUT = "recut", N("另配钥匙")
        RELOCKED = "relocked", N("已换锁")
        WRITTEN_OFF = "written_off", N("注销")

    item = models.ForeignKey("custody.Item", on_delete=models.PROTECT, related_name="losses")
    circumstances = models.CharField(max_length=300)
    lost_from = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    reported_by = _staff()
    owner_told_at = models.DateTimeField(null=True)
    owner_told = models.CharField(max_length=200, blank=True)  # whom, how, what was said
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _staff(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item"], condition=Q(outcome=""), name="key_loss_one_open"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="key_loss_decided_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.outcome}"
