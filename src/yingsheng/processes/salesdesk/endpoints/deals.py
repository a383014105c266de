"""Deals, rates, bonuses, applications and the month."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["salesdesk"])
