"""Calendars of a site: its weekly hours, the days that differ, and the years whose holidays are loaded."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yingsheng.base.revisions import new_revision


class Calendar(models.Model):
    """The opening hours that hang at a door: when a part of the site works."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="calendars")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    weekly_windows = models.JSONField(default=list)  # seven lists of ["08:30", "12:00"], Monday first
    follows_holidays = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    revision = models.BigIntegerField(default=new_revision)  # changes with every edit, also of its days

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="calendar_one_code")]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day whose hours differ from its weekday, with the reason."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("上班")
        HOLIDAY = "holiday", _("放假")
        SPECIAL = "special", _("特别时间")

    class Origin(models.TextChoices):
        SEED = "seed", _("法定安排")
        EDITED = "edited", _("人工调整")

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    windows = models.JSONField(default=list)
    name = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class CalendarYear(models.Model):
    """A year whose holidays have been entered; a year without this row is warned of."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    loaded_at = models.DateTimeField()
    source = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")
        ]

    def __str__(self) -> str:
        return str(self.year)
