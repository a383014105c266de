"""The demonstration site: invented homes and people, and three months of plausible work."""

from __future__ import annotations

from yingsheng.ops.demo.build import SITE_CODE, Demo, build_demo
from yingsheng.ops.demo.cast import PASSWORD

__all__ = ["PASSWORD", "SITE_CODE", "Demo", "build_demo"]
