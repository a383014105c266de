"""Exchange: a telephone system that signals. Extension: whose phone it is. Call: what came of a call."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class Exchange(models.Model):
    """A telephone system of a site; it signs what it sends with a key that both know."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, unique=True)  # names it in the address and in the signed post
    name = models.CharField(max_length=40)
    key_sealed = models.CharField(max_length=200)
    hotline = models.CharField(max_length=24, blank=True)  # kept free for incoming calls (D-10)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """Whose phone rings under a number of the exchange."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="extensions")
    number = models.CharField(max_length=12)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "number"], name="calls_extension_once")
        ]


class Call(models.Model):
    """A call as the telephone system tells of it, and whether somebody called back."""

    class State(models.TextChoices):
        RINGING = "ringing", N("振铃中")
        TALKING = "talking", N("通话中")
        ENDED = "ended", N("已接")
        MISSED = "missed", N("未接")
        BACK = "back", N("已回电")

    class Direction(models.TextChoices):
        IN = "in", N("来电")
        OUT = "out", N("去电")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="+", db_index=False)
    ref = models.CharField(max_length=80)  # what the telephone system calls it
    direction = models.CharField(max_length=3, choices=Direction)
    number = models.CharField(max_length=24, blank=True)  # whose it is at the other end; empty if withheld
    line = models.CharField(max_length=24, blank=True)  # which of ours was dialled or used
    state = models.CharField(max_length=8, choices=State)
    version = models.PositiveIntegerField(default=1)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rings = models.PositiveSmallIntegerField(null=True)  # until it was answered
    rings_told = models.PositiveSmallIntegerField(null=True)  # as the telephone system counted them itself
    extension = models.CharField(max_length=12, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    transfers = models.JSONField(default=list)  # [moment, extension]
    tries = models.JSONField(default=list)  # [moment, who, words] of calling back
    back_at = models.DateTimeField(null=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "ref"], name="calls_call_once"),
            models.CheckConstraint(
                condition=~Q(state="back") | Q(back_at__isnull=False), name="calls_back_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("missed", "back")) | Q(answered_at__isnull=True),
                name="calls_missed_was_not_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-rang_at", "-id"], name="calls_register"),
            models.Index(
                fields=["site", "state"], condition=Q(state__in=("ringing", "talking")), name="calls_now"
            ),
            models.Index(fields=["site", "number"], condition=Q(state="missed"), name="calls_to_call_back"),
        ]

    def __str__(self) -> str:
        return self.ref
