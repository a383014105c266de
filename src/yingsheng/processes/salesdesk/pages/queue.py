"""The board of the rotation, its sheet, and the projects."""

from __future__ import annotations

from django.urls import URLPattern

URLS: list[URLPattern] = []
