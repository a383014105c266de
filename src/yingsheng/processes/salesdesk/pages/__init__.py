"""售楼接待 on the screen: the board, the books, whose customer, deals and the month."""

from __future__ import annotations

from yingsheng.processes.salesdesk.pages import attribution, customers, deals, queue

app_name = "salesdesk"
urlpatterns = [*queue.URLS, *customers.URLS, *attribution.URLS, *deals.URLS]
