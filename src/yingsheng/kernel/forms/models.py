"""Submission: the answer given to a form or API call, so that the same one sent again gets the same answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Submission(models.Model):
    """One accepted submission under its key. `scope` is who sent it where."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="submission_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="submission_old")]  # for clearing out
