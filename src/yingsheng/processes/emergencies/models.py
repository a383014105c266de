"""Emergency beside its case; whom it alarmed, what was ticked, who was called in, which homes it touches; drills."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class Kind(models.TextChoices):
    """The kinds of emergency; what each needs stands in `content/emergencies.toml`."""

    BURST_PIPE = "burst_pipe", N("水管爆裂")
    POWER_CUT = "power_cut", N("突然停电")
    WATER_CUT = "water_cut", N("突然停水")
    LIFT = "lift", N("电梯困人")
    FIRE = "fire", N("火警")
    GAS = "gas", N("闻到燃气味")
    INJURY = "injury", N("人员受伤或急病")
    CRIME = "crime", N("打架或盗窃")
    FALLING = "falling", N("高空坠物")
    FLOOD = "flood", N("水浸倒灌")
    OTHER = "other", N("其他突发")


class Emergency(models.Model):
    """What only an emergency has, beside its case: its moments, and what came of it."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="emergency"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.CharField(max_length=120)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    eta_at = models.DateTimeField(null=True)  # when whoever took it means to be there
    arrived_at = models.DateTimeField(null=True)
    reassured_at = models.DateTimeField(null=True)
    harm_stopped_at = models.DateTimeField(null=True)
    harm_measure = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    loss_fen = models.BigIntegerField(null=True)
    injured = models.PositiveSmallIntegerField(null=True)
    false_reason = models.TextField(blank=True)
    # the special event report (FM-20)
    course = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opinion = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Alarmed(models.Model):
    """Somebody who was told at once, under which post, and when he said that he knows."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="alarmed", db_index=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20, blank=True)  # "" for a member of the team called out
    rule = models.CharField(max_length=10)
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "staff"], name="emergency_told_once")
        ]


class Tick(models.Model):
    """A line of the checklist that was done; `number` counts from one as the content lists it."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ticks", db_index=False)
    number = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="emergency_ticked_once")
        ]


class OutsideCall(models.Model):
    """Help called in from outside the house: who, when, who answered."""

    class Body(models.TextChoices):
        POLICE = "police", N("警方110")
        FIRE = "fire_brigade", N("消防119")
        AMBULANCE = "ambulance", N("急救120")
        LIFT = "lift_company", N("电梯维保单位")
        POWER = "power_company", N("供电单位")
        WATER = "water_company", N("供水单位")
        GAS = "gas_company", N("燃气公司")
        OTHER = "other_body", N("其他单位")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="outside_calls")
    body = models.CharField(max_length=16, choices=Body)
    answered = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Affected(models.Model):
    """A household that called about the emergency: told by whom, and called back once it was over."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="affected", db_index=False)
    household = models.ForeignKey(
        "estate.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    caller_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    called_back_at = models.DateTimeField(null=True)
    called_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "household"], name="emergency_household_once"),
            models.CheckConstraint(
                condition=Q(called_back_at__isnull=True, called_back_by__isnull=True)
                | Q(called_back_at__isnull=False, called_back_by__isnull=False),
                name="emergency_called_back_by_somebody",
            ),
        ]


class Drill(models.Model):
    """A kind of emergency that was practised: when, with whom, what was found (X-11)."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    held_on = models.DateField()
    participants = models.CharField(max_length=300)
    findings = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-held_on", "-id"], name="emergency_drills")]
