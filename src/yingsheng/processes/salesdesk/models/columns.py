"""Columns that several tables of the sales desk have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def site() -> Any:
    """The site a row belongs to."""
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


def staff(*, null: bool = False) -> Any:
    """Somebody who works here."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def project(*, related_name: str = "+") -> Any:
    """The project that is sold."""
    return models.ForeignKey(
        "salesdesk.Project", on_delete=models.PROTECT, related_name=related_name, db_index=False
    )
