"""排班 on the screen: the month, a day, the planner, one's own turns, posts and shifts, the on-call list."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.turns.pages import calendars, days, mine, month, on_call, plan, posts, tables
from yingsheng.processes.turns.process import BOOKS
from yingsheng.ui.records import RecordPages

app_name = "turns"

urlpatterns = [
    path("turns/", month.month_page, name="month"),
    path("turns/next/", month.next_month, name="next_month"),
    path("turns/publish/", month.publish, name="publish"),
    path("turns/sheet/", month.sheet, name="sheet"),
    path("turns/days/<slug:day>/", days.day_page, name="day"),
    path("turns/days/<slug:day>/<int:pk>/", days.assign, name="assign"),
    path("turns/one/<int:pk>/take-back/", days.take_back, name="take_back"),
    path("turns/one/<int:pk>/fix/", days.fix, name="fix"),
    path("turns/plan/", plan.plan_page, name="plan"),
    path("turns/plan/<int:pk>/accept/", plan.accept, name="accept"),
    path("turns/mine/", mine.mine, name="mine"),
    path("turns/mine.ics", calendars.own_calendar, name="own_calendar"),
    path("turns/site.ics", calendars.site_calendar, name="site_calendar"),
    path("turns/feed.ics", calendars.feed, name="feed"),
    path("turns/hours/", mine.hours, name="hours"),
    path("turns/table/", tables.export, name="table"),
    path("turns/import/", tables.bring_in_table, name="import"),
    path("turns/import/confirm/", tables.confirm, name="import_confirm"),
    path("turns/posts/", posts.post_list, name="posts"),
    path("turns/posts/<int:pk>/", posts.post_one, name="post"),
    path("turns/posts/<int:pk>/shifts/", posts.shift_new, name="shift_new"),
    path("turns/shifts/<int:pk>/", posts.shift_one, name="shift"),
    path("turns/on-call/", on_call.on_call, name="on_call"),
    path("turns/on-call/sheet/", on_call.on_call_sheet, name="on_call_sheet"),
    *(item for book in BOOKS for item in RecordPages(book=book, namespace="turns").urls()),
]
