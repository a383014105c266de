"""What is expected of the addresses of any register (`ui.records`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
BOTH, SEND = ("GET", "POST"), ("POST",)


def register_pages(
    *,
    page: Make,
    space: str,
    code: str,
    see: str,
    verb: str,
    create: str = "",
    asked: str = "",
    record: str = "",
) -> dict[str, Any]:
    """What is expected of the addresses of a register (`ui.records`); without `create` nobody makes one by hand.

    `record` names the one that is looked at where another register has the same code.
    """
    name = f"{space}:{code}"
    made = {f"{name}_new": page(permission=create, arguments=lambda _place: [asked])} if create else {}
    pages = {
        name: page(permission=see, methods=BOTH if create else ("GET",)),
        **made,
        f"{name}_one": page(
            permission=see, arguments=lambda place: [place.records[record or code].pk], is_object=True
        ),
        f"{name}_step": page(
            permission=see, methods=SEND, is_object=True,
            arguments=lambda place: [place.records[record or code].pk, verb],
        ),
    }  # fmt: skip
    return pages if verb else {name: page for name, page in pages.items() if not name.endswith("_step")}
