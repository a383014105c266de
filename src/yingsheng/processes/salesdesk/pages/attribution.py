"""Whose customer, and by which article."""

from __future__ import annotations

from django.urls import URLPattern

URLS: list[URLPattern] = []
