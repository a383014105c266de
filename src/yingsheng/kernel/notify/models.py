"""Message: something to be told to somebody. Notice: what arrived in a person's bell."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One line of the outbox. `text` is a message id, `params` fill it in the reader's language."""

    class State(models.TextChoices):
        QUEUED = "queued", "待发"
        SENT = "sent", "已发"
        DEAD = "dead", "发送失败"

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    to_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_household = models.ForeignKey(
        "estate.Household", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_name = models.CharField(max_length=60, blank=True)  # a person without a home here (C-84)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    text = models.TextField()
    params = models.JSONField(default=dict)
    rule = models.CharField(max_length=10, blank=True)
    tone = models.CharField(max_length=10, default="plain")
    dedup_key = models.CharField(max_length=120, unique=True)  # goes out with the message
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)  # null once sent or dead
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    # on paper, for households: how often a slip was printed, and who got it from whom
    print_count = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    handed_over_to = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True) | ~Q(handed_over_to=""),
                name="message_handed_over_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", next_try_at__isnull=False) | Q(next_try_at__isnull=True),
                name="message_waits_only_while_queued",
            ),
        ]
        indexes: ClassVar = [
            # the worker's "next message to send"
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="message_waiting"
            ),
            # what still waits to be handed over on paper
            models.Index(
                fields=["site", "-queued_at"],
                condition=Q(channel="counter", handed_over_at__isnull=True),
                name="message_on_counter",
            ),
            # what a household was told
            models.Index(
                fields=["to_household", "-queued_at"],
                condition=Q(to_household__isnull=False),
                name="message_to_household",
            ),
            # what was told about one record
            models.Index(fields=["subject_type", "subject_id", "-queued_at"], name="message_of_subject"),
        ]

    def __str__(self) -> str:
        return self.dedup_key

    @property
    def reprints(self) -> int:
        """How many of the prints were reprints: all but the first."""
        return max(0, self.print_count - 1)


class Notice(models.Model):
    """A message that arrived in somebody's bell; one per message however often it is sent."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="notice")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    arrived_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            # the bell: unread ones of a person
            models.Index(
                fields=["staff", "-arrived_at"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(fields=["staff", "-arrived_at"], name="notice_of_staff"),
        ]
