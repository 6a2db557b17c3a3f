"""The suite: the embedded default with fast password hashing. Database, broker and papers stay real."""

from __future__ import annotations

from config.settings.embedded import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
AXES_ENABLED = False
SECOND_FACTOR_ENFORCED = False  # tests of signing in turn both on
DEMONSTRATION = True

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]  # noqa: F405
