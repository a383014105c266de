"""Speed and memory at growing numbers of cases, as ratios in one run; it prints and never judges."""

from __future__ import annotations

from yingsheng.ops.bench.run import run

__all__ = ["run"]
