"""Repairs as declared: states, steps, moves, permissions, menu."""

from __future__ import annotations

from yingsheng.processes.repairs.process.steps import REPAIRS

__all__ = ["REPAIRS"]
