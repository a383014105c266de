"""Many threads write at once: whatever becomes of one, the next gets its turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from tests.factories.cast import Cast, make_cast

from yingsheng.kernel.org.models import Site


@pytest.fixture
def cast(committed_db: None) -> Cast:
    return make_cast(homes=1)


def test_writers_get_their_turn_whatever_becomes_of_those_before_them(
    cast: Cast, django_db_blocker: Any
) -> None:
    def write(number: int) -> int:
        with django_db_blocker.unblock():
            try:
                with transaction.atomic():
                    site = Site.objects.select_for_update().get(pk=cast.site.pk)
                    site.address = f"{site.address}x"
                    site.save(update_fields=["address"])
                    if number % 3 == 2:
                        connection.close()  # lost in the middle
                    if number % 3:
                        raise LookupError  # undone, and the next one may go on
                return 1
            except LookupError:
                return 0
            finally:
                connections.close_all()

    with ThreadPoolExecutor(max_workers=6) as pool:
        written = sum(pool.map(write, range(30)))
    assert written == 10
    assert Site.objects.get(pk=cast.site.pk).address == cast.site.address + "x" * 10
