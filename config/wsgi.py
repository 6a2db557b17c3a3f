"""WSGI entry point."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application

from config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
if "TIBAO_LAUNCHED" in os.environ:  # a web process whose parents were killed would keep the port
    die_with_parent(signal.SIGKILL)  # its own SIGTERM waits for the parent
application = get_wsgi_application()
