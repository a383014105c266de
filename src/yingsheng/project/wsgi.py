"""The web application a server process imports."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingsheng.project.settings")

application = get_wsgi_application()

from yingsheng.kernel.policies.book import load_book  # noqa: E402 - needs the settings

load_book()  # half a second that the first visitor of a process should not wait
