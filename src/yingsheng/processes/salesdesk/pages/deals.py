"""Deals, rates, bonuses, applications and the month."""

from __future__ import annotations

from django.urls import URLPattern

URLS: list[URLPattern] = []
