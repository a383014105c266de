"""Place: where a fen can be. Entry: a sum that went from one place to another. Count: what was counted there."""

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


class Place(models.Model):
    """Where a fen can be. What lies in our hands is never less than nothing; the world owes what we hold."""

    class Kind(models.TextChoices):
        WORLD = "world", N("外部")  # households and everybody else
        BOX = "box", N("前台钱箱")
        PERSON = "person", N("经手人")
        CASHIER = "cashier", N("收银员")
        UTILITY = "utility", N("水电气公司")

    site = _site()
    kind = models.CharField(max_length=8, choices=Kind)
    staff = _staff(null=True)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60, blank=True)
    balance_fen = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "kind", "code"], condition=Q(staff__isnull=True), name="cash_place_once"
            ),
            models.UniqueConstraint(
                fields=["site", "kind", "staff", "code"],
                condition=Q(staff__isnull=False),
                name="cash_place_of_person_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["box", "person", "cashier"]) | Q(balance_fen__gte=0),
                name="cash_in_hand_not_below_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(staff__isnull=False), name="cash_person_is_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.code}".strip()


class Entry(models.Model):
    """A sum that went from one place to another; a line that nobody may change or take out (P-02, O-06)."""

    site = _site()
    number = models.PositiveBigIntegerField()
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    fen = models.BigIntegerField()
    purpose = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    by = _staff()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="cash_entry_number_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="cash_entry_more_than_nothing"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="cash_entry_goes_somewhere"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="cash_entry_subject"),
            models.Index(fields=["site", "-at"], name="cash_entry_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Count(models.Model):
    """The notes and coins somebody counted at a place; a difference from the book is explained (O-06)."""

    class Purpose(models.TextChoices):
        DAY = "day", N("日常清点")
        SHIFT = "shift", N("交接班清点")
        HANDOVER = "handover", N("移交清点")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="counts")
    purpose = models.CharField(max_length=10, choices=Purpose)
    at = models.DateTimeField()
    by = _staff()
    pieces = models.JSONField(default=dict)  # denomination in fen, as text -> how many
    counted_fen = models.BigIntegerField()
    book_fen = models.BigIntegerField()
    explanation = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(counted_fen=F("book_fen")) | ~Q(explanation=""), name="cash_difference_explained"
            ),
            models.CheckConstraint(condition=Q(counted_fen__gte=0), name="cash_counted_not_below_nothing"),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "-at"], name="cash_count_of_place")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.at}"
