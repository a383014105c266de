"""The department that the site's table proposes for a complaint."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.org.models import Department, Site
from yingsheng.kernel.org.queries import list_departments
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.departments import proposed_department


def find_department(*, site: Site, category: str, at: datetime) -> Department | None:
    """Where a complaint of this category goes by the site's own table (C-27); None if no such department is in use."""
    code = proposed_department(category=category, figures=figures_under(site=site, at=at))
    return list_departments(site_id=site.pk).filter(code=code).first() if code else None
