"""Item: a thing in our hands. Move: one hand-over. Stocktake: the shelf counted against the book."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.keys import new_key

ID_FIELD = "custody.move.id_number"  # what an ID number is sealed for
SHELF = N("柜")  # where a thing lies that lies nowhere in particular


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


class Item(models.Model):
    """A thing of one process that was put into our hands: where it lies, or who has it. One holder at a time."""

    class State(models.TextChoices):
        HELD = "held", N("在柜")
        OUT = "out", N("借出")
        GONE = "gone", N("已交出")
        LOST = "lost", N("遗失")

    site = _site()
    process = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    key = models.CharField(max_length=16, unique=True, default=new_key)  # stands in the code on its label
    name = models.CharField(max_length=120)
    room = models.ForeignKey(
        "estate.Room", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        "estate.Household", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.CharField(max_length=120, blank=True)  # where it lies when it is held
    state = models.CharField(max_length=6, choices=State, default=State.HELD)
    holder_name = models.CharField(max_length=60, blank=True)
    holder_staff = _staff(null=True)
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when whoever has it owes it back
    taken_in_at = models.DateTimeField()
    taken_in_by = _staff()
    remark = models.CharField(max_length=300, blank=True)
    moves_count = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "process", "number"], name="custody_item_one_number"),
            models.CheckConstraint(
                condition=Q(state="held", holder_name="", holder_staff__isnull=True)
                | Q(state="lost")
                | (Q(state__in=("out", "gone")) & ~Q(holder_name="")),
                name="custody_item_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(state__in=("out", "held")),
                name="custody_item_due_in_hand",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "process", "-taken_in_at", "-id"], name="custody_register"),
            models.Index(fields=["site", "process", "state", "due_at"], name="custody_by_state"),
            models.Index(
                fields=["household", "state"],
                condition=Q(household__isnull=False),
                name="custody_of_household",
            ),
            models.Index(fields=["room", "process"], condition=Q(room__isnull=False), name="custody_of_room"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Move(models.Model):
    """One hand-over: who gave, who took, what was shown and signed, when and why. Nothing of it is ever changed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="moves", db_index=False)
    serial = models.PositiveIntegerField()
    act = models.CharField(max_length=20)  # in the words of its process
    giver_name = models.CharField(max_length=120)  # a person, or the place where it lay
    giver_staff = _staff(null=True)
    taker_name = models.CharField(max_length=120)
    taker_staff = _staff(null=True)
    organisation = models.CharField(max_length=80, blank=True)  # of the person who is not ours
    phone = models.CharField(max_length=32, blank=True)
    id_kind = models.CharField(max_length=20, blank=True)  # which paper was shown
    id_sealed = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    signature = models.ForeignKey(
        "files.Attachment", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state_after = models.CharField(max_length=6, choices=Item.State)
    due_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = _staff()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "serial"], name="custody_move_once"),
            models.CheckConstraint(
                condition=~Q(giver_name="") & ~Q(taker_name=""), name="custody_move_two_sides"
            ),
        ]
        ordering: ClassVar = ["serial"]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.serial} {self.act}"


class Stocktake(models.Model):
    """A count of everything of one process: opened, scanned, each difference explained, closed for good."""

    class State(models.TextChoices):
        OPEN = "open", N("清点中")
        CLOSED = "closed", N("已完成")

    site = _site()
    process = models.CharField(max_length=20)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = _staff()
    closed_at = models.DateTimeField(null=True)
    closed_by = _staff(null=True)
    note = models.CharField(max_length=300, blank=True)
    total = models.PositiveIntegerField(default=0)
    in_place = models.PositiveIntegerField(default=0)
    away = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    surplus = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "process"], condition=Q(state="open"), name="stocktake_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(total=F("in_place") + F("away") + F("missing") + F("surplus")),
                name="stocktake_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="stocktake_closed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "process", "-opened_at"], name="stocktake_register")
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.opened_at:%Y-%m-%d}"


class StockLine(models.Model):
    """One thing of a count: what the book said, whether it was seen, what came of it and why."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="lines", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)
    seen_by = _staff(null=True)
    result = models.CharField(max_length=10, blank=True)  # in_place, away, still_lost, missing, surplus
    explanation = models.CharField(max_length=300, blank=True)
    explained_by = _staff(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stocktake", "item"], name="stock_line_once"),
            models.CheckConstraint(
                condition=~Q(result__in=("missing", "surplus")) | ~Q(explanation=""),
                name="stock_line_difference_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocktake_id}/{self.item_id}"
