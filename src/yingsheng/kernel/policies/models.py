"""What a site adopted and changed, and the exact wording and figures each promise was made under."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Adoption(models.Model):
    """From a moment on, a site follows one preset for one module."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    module = models.CharField(max_length=2)
    preset = models.CharField(max_length=20)
    active_from = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "module", "active_from"], name="adoption_one_at_a_time")
        ]


class Override(models.Model):
    """From a moment on, a site uses another value for one parameter; null returns to the preset's."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=60)  # "C-33.contact_within"
    value = models.JSONField(null=True)
    active_from = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "parameter", "active_from"], name="override_one_at_a_time"
            )
        ]


class RuleVersion(models.Model):
    """A rule exactly as it stood when a promise was made under it; never changed afterwards."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10)
    digest = models.CharField(max_length=32)
    preset = models.CharField(max_length=20, blank=True)
    source = models.JSONField(default=list)
    text_zh = models.TextField()
    text_en = models.TextField()
    values = models.JSONField(default=dict)
    first_used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "rule", "digest"], name="rule_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule}/{self.digest[:6]}"
