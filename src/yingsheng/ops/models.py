"""Import jobs: a file somebody sent by page or API, checked and then brought in by the worker."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


def new_job_key() -> str:
    """What stands in the address of a job."""
    return secrets.token_hex(8)


class ImportJob(models.Model):
    """One file on its way in. The file itself lies beside it and goes when the job is over."""

    class State(models.TextChoices):
        SENT = "sent", "等待核对"
        CHECKING = "checking", "正在核对"
        CHECKED = "checked", "已核对"
        CONFIRMED = "confirmed", "等待写入"
        WRITING = "writing", "正在写入"
        DONE = "done", "已导入"
        REFUSED = "refused", "不能导入"
        DROPPED = "dropped", "已放弃"

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_job_key)
    kind = models.CharField(max_length=10)
    file_name = models.CharField(max_length=100)
    map_name = models.CharField(max_length=40, blank=True)  # a map that is shipped, or "own"
    skip_bad = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)  # the claim of a worker that died runs out
    done_count = models.PositiveIntegerField(default=0)  # rows through, of so many
    total_count = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # the first of them: row, column, reason, params
    written = models.JSONField(default=dict)
    skipped_count = models.PositiveIntegerField(default=0)
    refusal = models.JSONField(default=dict)  # text and params of why the file cannot be used
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "writing", "done"])
                | (Q(confirmed_by__isnull=False) & Q(confirmed_at__isnull=False)),
                name="import_job_written_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "refused", "dropped"], finished_at__isnull=False)
                | (~Q(state__in=["done", "refused", "dropped"]) & Q(finished_at__isnull=True)),
                name="import_job_ended_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-sent_at"], name="import_job_of_site"),
            # what waits for a worker; almost always nothing
            models.Index(
                fields=["sent_at"],
                condition=Q(state__in=["sent", "checking", "confirmed", "writing"]),
                name="import_job_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def is_moving(self) -> bool:
        """Whether a worker has it or is to take it."""
        return self.state in (
            self.State.SENT,
            self.State.CHECKING,
            self.State.CONFIRMED,
            self.State.WRITING,
        )


class ImportFile(models.Model):
    """What was sent, the map it is read by, and the rows that are wrong; holds personal data, so it does not stay."""

    job = models.OneToOneField(ImportJob, on_delete=models.CASCADE, primary_key=True, related_name="file")
    body = models.BinaryField()
    map_text = models.TextField(blank=True)
    report = models.BinaryField(null=True)  # .xlsx of the wrong rows
