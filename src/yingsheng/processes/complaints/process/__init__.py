"""The complaints process as declared: words and forms in `forms`, life cycle in `steps`."""

from __future__ import annotations

from yingsheng.processes.complaints.process.steps import COMPLAINTS

__all__ = ["COMPLAINTS"]
