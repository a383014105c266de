"""A site to import into.

Models are imported inside: this file may be read before the program is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .files import NOW

if TYPE_CHECKING:
    from yingsheng.kernel.org.models import Site, Staff


@pytest.fixture
def site(db: None) -> Site:
    """An empty site."""
    from yingsheng.kernel.org.services import open_site

    return open_site(code="ys", name="云溪花园", kind="residence", at=NOW, area_code="0755")


@pytest.fixture
def clerk(site: Site) -> Staff:
    """Whoever imports."""
    from yingsheng.kernel.org.services import hire

    return hire(site=site, username="front", name="王前台", password=None, by=None, at=NOW)
