"""The books on the screen."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["salesdesk"])
