"""What every way of running shares. Secrets and addresses come from the environment."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# Everything the embedded servers, uploads and issued papers write stands below this one folder.
STATE_DIR = Path(env.str("TIBAO_STATE", default=str(BASE_DIR / ".tibao")))


def database(url: str, **options: object) -> dict[str, object]:
    """Django's settings for a PostgreSQL address; a socket folder may stand, quoted, in the host's place."""
    config = environ.Env.db_url_config(url)
    config["HOST"] = unquote(config["HOST"])
    return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **options}


DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HOUSE = [
    "config",
    "demonstration",
    "claims",
    "policies",
    "funding",
    "recovery",
    "consultation",
    "elevators",
    "disputes",
    "correspondence",
    "ledger",
    "damages",
    "parties",
    "casework",
    "access",
]
INSTALLED_APPS = [
    *(name for name in HOUSE if (BASE_DIR / name / "apps.py").exists()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_celery_beat",
    "django_fsm",
    "django_htmx",
    "django_linear_migrations",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "access.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.frame",
            ],
            "builtins": ["casework.templatetags.tibao"],
        },
    }
]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "access.views.locked_out"
MFA_ADAPTER = "access.adapter.SecondFactorAdapter"
SECOND_FACTOR_ENFORCED = True  # roles that move money have no session without it

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static.LibraryFinder",
]
MEDIA_ROOT = STATE_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
EVIDENCE_MAX_BYTES = 30 * 1024 * 1024
ARCHIVE_KEEP_DAYS = env.int("TIBAO_ARCHIVE_KEEP_DAYS", default=7)  # a built 卷宗 waits this long for its asker

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the case page previews our own PDFs in a frame
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest task, else a task runs twice; the two restore options bring a killed worker's task back in seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A dead broker must not hold a request: waking a worker is a courtesy, the sweep delivers.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 1,
}
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "ballot-windows": {"task": "consultation.tasks.move_windows", "schedule": 20.0},
    "forget-drafts": {"task": "casework.tasks.forget_drafts", "schedule": 24 * 3600.0},
    "archives": {"task": "casework.tasks.build_archives", "schedule": 20.0},
    "forget-archives": {"task": "casework.tasks.forget_archives", "schedule": 6 * 3600.0},
    "outbox-sweep": {"task": "casework.tasks.sweep_outbox", "schedule": 15.0},
    "reminders": {"task": "correspondence.tasks.remind", "schedule": 600.0},
    "mail": {"task": "correspondence.tasks.deliver_mail", "schedule": 20.0},
}

# One line an event on standard error; standard output belongs to commands.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in HOUSE},
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "梯保 <tibao@localhost>"
PUBLIC_ADDRESS = env.str("TIBAO_PUBLIC_ADDRESS", default="http://127.0.0.1:8000")
ACKNOWLEDGED_LAW: list[str] = env.list("TIBAO_ACKNOWLEDGED_LAW", default=[])  # unverified rules, by name
DEMONSTRATION_PASSWORD = env.str("TIBAO_DEMONSTRATION_PASSWORD", default="tibao-demonstration")
DEMONSTRATION = False  # True shows invented accounts and their current codes on the sign-in page
