"""Production: addresses and secrets from the environment, HTTPS only. `manage.py check --deploy` is clean with these."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.base import database, env

SECRET_KEY = env.str("TIBAO_SECRET_KEY")
FIELD_ENCRYPTION_KEY = env.str("TIBAO_FIELD_KEY")
ALLOWED_HOSTS = env.list("TIBAO_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
DATABASES = {"default": database(env.str("TIBAO_DATABASE_URL"))}
CELERY_BROKER_URL = env.str("TIBAO_BROKER_URL")
PUBLIC_ADDRESS = env.str("TIBAO_PUBLIC_ADDRESS")

SILENCED_SYSTEM_CHECKS = ["security.W019"]  # SAMEORIGIN, not DENY: the case page previews our own papers in a frame
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HouseStaticFilesStorage"},
}
EMAIL_CONFIG = env.email_url("TIBAO_EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("TIBAO_FROM_EMAIL", default="tibao@localhost")
