"""What only complaints offer over the API: rules tried out, groups, month figures, spot checks, recurring work."""

from __future__ import annotations

from ninja import Router

from yingsheng.processes.complaints.endpoints import explain, figures, groups, periodic

router = Router()
for part in (explain.router, groups.router, figures.router, periodic.router):
    router.add_router("", part)

__all__ = ["router"]
