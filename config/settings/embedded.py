"""The default: embedded PostgreSQL and Valkey beside the code, for one machine and for the demonstration."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from config.services import database_url, socket_folder
from config.settings.base import *  # noqa: F403
from config.settings.base import STATE_DIR, STATIC_ROOT, database, env

STATE_DIR.mkdir(parents=True, exist_ok=True)


def _own_secret(name: str) -> str:
    """A secret made on first use and kept beside the data, readable by its owner only."""
    path = STATE_DIR / name
    if not path.exists():
        whole = STATE_DIR / f".{name}.{os.getpid()}"
        whole.touch(mode=0o600)
        whole.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(whole, path)  # whole or not at all, and the first of two wins
        whole.unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("TIBAO_SECRET_KEY", default="") or _own_secret("secret-key")
FIELD_ENCRYPTION_KEY = env.str("TIBAO_FIELD_KEY", default="") or _own_secret("field-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
SOCKET_DIR = env.str("TIBAO_SOCKETS", default="") or str(socket_folder(STATE_DIR))
DATABASES = {
    "default": database(
        env.str("TIBAO_DATABASE_URL", default=database_url(Path(SOCKET_DIR))),
        TEST={"NAME": env.str("TIBAO_TEST_DATABASE", default="test_tibao")},
    )
}
CELERY_BROKER_URL = env.str("TIBAO_BROKER_URL", default=f"redis+socket://{SOCKET_DIR}/valkey.sock")
if (STATE_DIR / "fonts.conf").exists():
    os.environ.setdefault("FONTCONFIG_FILE", str(STATE_DIR / "fonts.conf"))
DEMONSTRATION = env.bool("TIBAO_DEMONSTRATION", default=True)
WHITENOISE_USE_FINDERS = True  # served from where they stand: no collecting step before the first page
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
