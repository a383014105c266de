"""FollowUp: one visit owed after a matter was handled (FM-18, FM-28)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class FollowUp(models.Model):
    """A visit owed, agreed, made or exempted. Only a person can make it."""

    class State(models.TextChoices):
        DUE = "due", N("待回访")
        SCHEDULED = "scheduled", N("已约定")
        SATISFIED = "satisfied", N("满意")
        UNSATISFIED = "unsatisfied", N("不满意")
        EXEMPT = "exempt", N("免访")
        VOID = "void", N("已取消")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="follow_ups")
    matter = models.CharField(max_length=20)  # complaints, repairs …: which rate it counts in
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DUE)
    version = models.PositiveIntegerField(default=1)
    handled_at = models.DateTimeField()
    due_at = models.DateTimeField()
    heads_needed = models.BooleanField(default=False)  # F-13
    appointment_at = models.DateTimeField(null=True)
    appointment_note = models.CharField(max_length=200, blank=True)
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=10, blank=True)
    visited_at = models.DateTimeField(null=True)
    visitors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", through="Visitor")
    # F-09: the five evaluations
    quality = models.PositiveSmallIntegerField(null=True)
    effect = models.PositiveSmallIntegerField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    shortcomings = models.TextField(blank=True)
    suggestions = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    exempt_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "round"], name="follow_up_once_per_round"),
            models.CheckConstraint(
                condition=~Q(state__in=["satisfied", "unsatisfied"])
                | (
                    Q(visited_at__isnull=False)
                    & Q(quality__isnull=False)
                    & Q(effect__isnull=False)
                    & Q(satisfaction__isnull=False)
                ),
                name="follow_up_visited_is_evaluated",
            ),
            models.CheckConstraint(
                condition=~Q(state="exempt") | ~Q(exempt_reason=""), name="follow_up_exempt_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "due_at"], condition=Q(state__in=["due", "scheduled"]), name="follow_up_owed"
            ),
            models.Index(fields=["site", "matter", "handled_at", "state"], name="follow_up_rate"),
        ]


class Visitor(models.Model):
    """Who went, and with which roles: the quota by rank counts roles as they were then (F-12)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="visits")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["follow_up", "staff"], name="visitor_once")]
