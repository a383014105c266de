"""The board of the rotation, its sheet, and the projects."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["salesdesk"])
