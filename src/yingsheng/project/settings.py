"""Settings: everything comes from the environment, and nonsense is refused with words that say what to do.

Business figures are never settings; they are rules (see `content/rules`).
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from environs import Env

from yingsheng import __version__

env = Env()

VERSION = __version__
PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("YINGSHENG_DATA", default="var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def secret(*, name: str, file_name: str) -> str:
    """A secret from NAME, from the file named by NAME_FILE, or made once and kept in the data directory."""
    value = env.str(name, default="")
    named_file = env.str(f"{name}_FILE", default="")
    if value:
        return value
    kept = Path(named_file) if named_file else DATA_DIR / file_name
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return kept.read_text(encoding="ascii").strip()


SECRET_KEY = secret(name="SECRET_KEY", file_name="secret.key")
# Personal numbers are sealed with this key; losing it loses them, so it is kept apart from SECRET_KEY.
PERSONAL_DATA_KEY = secret(name="PERSONAL_DATA_KEY", file_name="personal-data.key")

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.bool("YINGSHENG_HTTPS", default=False)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "yingsheng.kernel.events",
    "yingsheng.kernel.org",
    "yingsheng.kernel.estate",
    "yingsheng.kernel.policies",
    "yingsheng.kernel.worktime",
    "yingsheng.kernel.files",
    "yingsheng.kernel.search",
    "yingsheng.kernel.notify",
    "yingsheng.kernel.timers",
    "yingsheng.kernel.calls",
    "yingsheng.kernel.rosters",
    "yingsheng.kernel.forms",
    "yingsheng.kernel.cases",
    "yingsheng.kernel.charges",
    "yingsheng.kernel.orders",
    "yingsheng.kernel.cash",
    "yingsheng.kernel.custody",
    "yingsheng.ui",
    "yingsheng.api",
    "yingsheng.processes.enquiries",
    "yingsheng.processes.complaints",
    "yingsheng.processes.repairs",
    "yingsheng.processes.services",
    "yingsheng.processes.followups",
    "yingsheng.processes.emergencies",
    "yingsheng.processes.notices",
    "yingsheng.processes.registers",
    "yingsheng.processes.duty",
    "yingsheng.processes.phone",
    "yingsheng.processes.turns",
    "yingsheng.processes.keys",
    "yingsheng.processes.knowledge",
    "yingsheng.processes.patrols",
    "yingsheng.processes.mail",
    "yingsheng.processes.prepaid",
    "yingsheng.processes.fees",
    "yingsheng.processes.visitors",
    "yingsheng.processes.salesdesk",
    "yingsheng.ops",
    "yingsheng.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yingsheng.ui.desk.DeskMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yingsheng.project.urls"
WSGI_APPLICATION = "yingsheng.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yingsheng.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "yingsheng.project.navigation.desk_context",
            ],
        },
    }
]

# One SQLite file serves a site; DATABASE_URL=postgres://… moves the same code to a server.
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'yingsheng.sqlite3'}"),
        conn_max_age=env.int("DATABASE_CONN_MAX_AGE", default=600),
        conn_health_checks=True,
    )
}
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  # an acknowledged case survives a power cut
    "PRAGMA foreign_keys=ON;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA wal_autocheckpoint=1000;"
    "PRAGMA cache_size=-32000;"
    "PRAGMA mmap_size=268435456;"
    "PRAGMA temp_store=MEMORY;"
)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "yingsheng.project.queued_sqlite3"
    # IMMEDIATE: a read-then-write transaction in DEFERRED mode fails at once with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": SQLITE_PRAGMAS,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "org.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "yingsheng.kernel.org.login.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "ui:login"
LOGIN_REDIRECT_URL = "ui:today"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "yingsheng.ui.login.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Yingsheng"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "yingsheng_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)  # one shift
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "yingsheng.ui.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "project" / "locale"]
LANGUAGE_COOKIE_NAME = "yingsheng_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
