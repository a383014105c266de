"""Obligation: one promise, with its clause, its clock and its end."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Obligation(models.Model):
    """Something a rule promises about one subject: due when, by which post, under which rule version."""

    class State(models.TextChoices):
        ARMED = "armed", "进行中"
        MET = "met", "按时完成"
        LATE = "late", "逾期完成"
        WAIVED = "waived", "已免除"
        VOID = "void", "已取消"

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    milestone = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField(default=1)  # a repeated promise of the same kind
    rule = models.CharField(max_length=10)
    version = models.ForeignKey(
        "policies.RuleVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clause = models.CharField(max_length=200)
    responsible_role = models.CharField(max_length=20)
    responsible_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    amount = models.IntegerField()
    unit = models.CharField(max_length=16)
    calendar = models.CharField(max_length=20, default="service")
    starts_at = models.DateTimeField()
    first_due_at = models.DateTimeField()  # what was promised first; never changes
    due_at = models.DateTimeField()  # after pauses and approved extensions
    warn_percent = models.PositiveSmallIntegerField(null=True)
    ladder = models.JSONField(default=list)  # [[after_minutes, role], …]
    next_alarm_at = models.DateTimeField(null=True)
    alarm_no = models.PositiveSmallIntegerField(default=0)  # alarms fired so far
    paused_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ARMED)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True)
    error_count = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "milestone", "round"], name="obligation_once"
            ),
            models.CheckConstraint(
                condition=Q(state="armed", ended_at__isnull=True)
                | (~Q(state="armed") & Q(ended_at__isnull=False)),
                name="obligation_ended_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | (Q(ended_by__isnull=False) & ~Q(reason="")),
                name="obligation_waiver_has_name_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(next_alarm_at__isnull=True) | (Q(state="armed") & Q(paused_at__isnull=True)),
                name="obligation_alarms_only_while_running",
            ),
        ]
        indexes: ClassVar = [
            # the tick's "next due row"; its size is that of the armed rows
            models.Index(
                fields=["next_alarm_at"],
                condition=Q(next_alarm_at__isnull=False),
                name="obligation_next_alarm",
            ),
            # the clocks still running of a site, in due order (worklist, board)
            models.Index(fields=["site", "due_at"], condition=Q(state="armed"), name="obligation_running"),
            # kept and broken promises of a period, by rule (compliance figures)
            models.Index(fields=["site", "rule", "due_at", "state"], name="obligation_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.milestone}"


class Pause(models.Model):
    """A stretch in which a clock stood still, with the reason and the person."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            )
        ]


class AlarmFired(models.Model):
    """The proof that an alarm went off once: the last defence against a second worker."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="alarms")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "number"], name="alarm_fires_once")
        ]


class Heartbeat(models.Model):
    """The last sign of life of the workers; pages warn when it is old."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()


class Period(models.Model):
    """A day or month in which recurring work is owed at a site; the subject of the promises made for it."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)  # what is owed, as a process declares it
    first = models.DateField()
    last = models.DateField()
    needed = models.PositiveSmallIntegerField(null=True)  # how many times it must be done, if it is counted
    done = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            # whoever opens it second finds it there: armed once per site and period
            models.UniqueConstraint(fields=["site", "code", "first"], name="period_once"),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="period_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.first}"


class Filing(models.Model):
    """What a person handed in for a period, frozen: content, the definition it was counted by, a fingerprint.

    A correction is the next version with its reason; no version is ever changed.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="filings")
    version = models.PositiveSmallIntegerField(default=1)
    definition = models.CharField(max_length=40)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why an earlier version was wrong
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "version"], name="filing_version_once"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="filing_correction_has_reason"
            ),
        ]
