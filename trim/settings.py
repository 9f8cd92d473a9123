"""The configuration of one running Trim: a frozen value, made once from the environment and handed in."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORT = 8000
"""TCP port of the web server when PORT is not set."""

DEFAULT_TICK_SECONDS = 60
"""How often the worker looks for what is due, unless TRIM_TICK_SECONDS says otherwise."""

DEFAULT_IDLE_MINUTES = 30
"""How long a screen may lie open unattended, unless TRIM_IDLE_MINUTES says otherwise."""

LOCAL_HOST = "127.0.0.1"
"""Only this machine is served unless TRIM_HOST says otherwise: case content must not leak by default."""

KEY_FILES = ("master.key", "index.key", "keyring.sqlite3")
"""Files of the keys folder that open case content, where neither key holder nor key database is set."""

LEAST_PAGER_SECRET = 32
"""How many characters the secret that signs calls has at least: as long as what 128 bits need in hexadecimal digits."""

IN_CLEAR = "starttls=no"
"""At the end of TRIM_SMTP_URL: the server of this machine is spoken to in clear, whatever it offers."""

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SESSION_SECRET_BYTES = 64
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


class UnusableSetting(ValueError):
    """Raised when an environment variable holds a value with which Trim cannot start."""

    def __init__(self, name: str, cause: str, cure: str) -> None:
        super().__init__(f"{name}: {cause} {cure}")
        self.name = name
        self.cause = cause
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the instance lies, which database it uses and how it is reached."""

    instance: Path
    database_url: str
    owner_database_url: str
    base_url: str
    host: str = LOCAL_HOST
    port: int = DEFAULT_PORT
    secure_cookies: bool = False
    #: A session ends after so many minutes in which nothing was asked for.
    idle_minutes: int = DEFAULT_IDLE_MINUTES
    #: Seconds between two looks of the worker at what is due.
    tick_seconds: int = DEFAULT_TICK_SECONDS
    #: Whether `trim serve` starts a worker beside itself: for the smallest installation.
    serve_worker: bool = False
    #: Web servers in front of this one whose word about the caller's address counts; 0 believes nobody.
    proxies: int = 0
    #: File that notes each head before a change is acknowledged; None: no witness. May lie on another machine's mount.
    witness: Path | None = None
    #: Folder that signed checkpoints are copied to; None: `<instance>/anchors`.
    anchors: Path | None = None
    #: Database of the wrapped keys, for several machines; None: a file in the keys folder.
    keys_database_url: str | None = None
    #: Socket of the key holder; None: this process holds the master key itself.
    keyholder: Path | None = None
    #: List of erasures, replayed at every restore; None: `<instance>/erasures.log`. Better on another disk.
    erasures: Path | None = None
    #: Mail server, as smtp://user:password@host:587 or smtps://...; None: mails are files in `mail_dir`. On this
    #: machine smtp://localhost?starttls=no speaks in clear although the server offers encryption.
    smtp_url: str | None = field(default=None, repr=False)
    #: Address that mails come from; None: trim@ and the host of the base address.
    mail_from: str | None = None
    #: Address that private links come from; None: no-reply@ and the domain of the sender. It names no programme.
    private_mail_from: str | None = None
    #: Web hook of a service that reaches telephones or pagers, for urgent notices; https, or http on this machine.
    pager_url: str | None = field(default=None, repr=False)
    #: Secret with which each call to it is signed; shown nowhere.
    pager_secret: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings as the environment (default: this process's) asks; raises UnusableSetting."""
        environ = os.environ if environ is None else environ
        instance = Path(environ.get("TRIM_INSTANCE") or "instance").expanduser().absolute()
        database_url = _database_url(environ, "TRIM_DATABASE_URL") or _embedded_database_url(instance)
        host = environ.get("TRIM_HOST") or LOCAL_HOST
        port = _port(environ)
        base_url = _base_url(environ, port)
        return cls(
            instance=instance,
            database_url=database_url,
            owner_database_url=_database_url(environ, "TRIM_DATABASE_OWNER_URL") or database_url,
            base_url=base_url,
            host=host,
            port=port,
            secure_cookies=_yes_no(environ, "TRIM_SECURE_COOKIES", default=base_url.startswith("https://")),
            idle_minutes=_number(environ, "TRIM_IDLE_MINUTES", DEFAULT_IDLE_MINUTES, 5, 720),
            tick_seconds=_number(environ, "TRIM_TICK_SECONDS", DEFAULT_TICK_SECONDS, 5, 3600),
            serve_worker=_yes_no(environ, "TRIM_SERVE_WORKER", default=False),
            proxies=_number(environ, "TRIM_PROXIES", 0, 0, 5),
            witness=_path(environ, "TRIM_WITNESS"),
            anchors=_path(environ, "TRIM_ANCHORS"),
            keys_database_url=_keys_database_url(environ),
            keyholder=_path(environ, "TRIM_KEYHOLDER"),
            erasures=_path(environ, "TRIM_ERASURES"),
            smtp_url=_smtp_url(environ),
            mail_from=environ.get("TRIM_MAIL_FROM") or None,
            private_mail_from=environ.get("TRIM_PRIVATE_MAIL_FROM") or None,
            pager_url=_pager_url(environ),
            pager_secret=environ.get("TRIM_PAGER_SECRET") or None,
        )

    @property
    def keys_dir(self) -> Path:
        """Folder of the keys, apart from the database so that a copied database alone reveals nothing."""
        return self.instance / "keys"

    @property
    def session_key_file(self) -> Path:
        """File that holds the secret with which session cookies are signed."""
        return self.keys_dir / "session.key"

    @property
    def checkpoint_key_file(self) -> Path:
        """File of the key that signs checkpoints of the trail."""
        return self.keys_dir / "checkpoint.key"

    @property
    def anchors_dir(self) -> Path:
        """Folder that signed checkpoints are copied to."""
        return self.anchors or self.instance / "anchors"

    @property
    def erasures_file(self) -> Path:
        """File that lists what was erased, apart from database and keys."""
        return self.erasures or self.instance / "erasures.log"

    @property
    def key_files(self) -> tuple[str, ...]:
        """Names of the files in the keys folder without which content cannot be opened."""
        elsewhere = {self.keyholder and "master.key", self.keys_database_url and "keyring.sqlite3"}
        return tuple(name for name in KEY_FILES if name not in elsewhere)

    @property
    def mail_dir(self) -> Path:
        """Folder where mails wait as files when no mail server is set."""
        return self.instance / "mail"

    @property
    def sender(self) -> str:
        """Address that mails come from."""
        return self.mail_from or f"trim@{urlsplit(self.base_url).hostname}"

    @property
    def private_sender(self) -> str:
        """Address that private links come from: without a name, so that a mailbox says nothing (CARE 15)."""
        domain = parseaddr(self.sender)[1].rpartition("@")[2]
        return self.private_mail_from or f"no-reply@{domain}"


def session_secret(settings: Settings) -> str:
    """The secret that signs session cookies; made at the first call, so that no default secret can exist."""
    path = settings.session_key_file
    if not path.exists():
        ensure_keys_dir(settings)
        _write_new_private_file(path, secrets.token_urlsafe(_SESSION_SECRET_BYTES))
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < _SESSION_SECRET_BYTES:
        raise UnusableSetting(
            str(path),
            "the session key is empty or cut short.",
            "Delete the file: a new one is made at the next start and everybody signs in again.",
        )
    return secret


def ensure_keys_dir(settings: Settings) -> Path:
    """Make the instance folder and the keys folder, the latter readable by its owner only (0700)."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    settings.keys_dir.mkdir(mode=0o700, exist_ok=True)
    return settings.keys_dir


def _write_new_private_file(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all; if another process was first, its file stays."""
    # Several web processes start at once: link() lets exactly one of them win, and nobody reads half a key.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        temporary.unlink(missing_ok=True)


def _embedded_database_url(instance: Path) -> str:
    return f"sqlite:///{instance / 'trim.sqlite3'}"


def _database_url(environ: Mapping[str, str], name: str) -> str | None:
    """The database address in SQLAlchemy's form, with the driver we lock for PostgreSQL."""
    given = environ.get(name)
    if not given:
        return None
    scheme, separator, rest = given.partition("://")
    if not separator or scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        # The value is not repeated: it may hold a password, and messages end up in logs.
        raise UnusableSetting(
            name,
            "this is neither an SQLite nor a PostgreSQL address.",
            "Give sqlite:///path/to/file.sqlite3 or postgresql://user@host/database.",
        )
    return given if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def _keys_database_url(environ: Mapping[str, str]) -> str | None:
    """The address of the key store: PostgreSQL, and not the database of the cases."""
    name = "TRIM_KEYS_DATABASE_URL"
    url = _database_url(environ, name)
    if url is None:
        return None
    if not url.startswith("postgresql"):
        raise UnusableSetting(
            name, "this is no PostgreSQL address.", "Leave it away to keep the wrapped keys in a file of the instance."
        )
    if url == _database_url(environ, "TRIM_DATABASE_URL"):
        raise UnusableSetting(
            name, "this is the database of the cases.", "Give the wrapped keys a database and backups of their own."
        )
    return url


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    given = environ.get("TRIM_SMTP_URL")
    if not given:
        return None
    parts = urlsplit(given)
    # Not repeated: it may hold a password.
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_port(parts):
        raise UnusableSetting(
            "TRIM_SMTP_URL", "this is no mail server.", "Give smtps://user:password@mail.example.org or smtp://host:25."
        )
    if parts.query not in {"", IN_CLEAR} or parts.path not in {"", "/"} or parts.fragment:
        raise UnusableSetting(
            "TRIM_SMTP_URL",
            "something stands after the mail server that means nothing here.",
            f"Only ?{IN_CLEAR} may. Special signs of a password are written as %40.",
        )
    if parts.query and (parts.scheme != "smtp" or parts.hostname not in _HERE):
        raise UnusableSetting(
            "TRIM_SMTP_URL",
            "mails go in clear to this machine alone.",
            f"Leave away ?{IN_CLEAR}, or give smtp://localhost:25?{IN_CLEAR}.",
        )
    return given


def _has_port(parts: SplitResult) -> bool:
    """Whether what stands in the place of a port is one, or nothing does."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _pager_url(environ: Mapping[str, str]) -> str | None:
    """The web hook for urgent notices, with the secret that signs them. No value is repeated: either may be secret."""
    given = environ.get("TRIM_PAGER_URL")
    if not given:
        return None
    parts = urlsplit(given)
    here = parts.hostname in _HERE
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise UnusableSetting(
            "TRIM_PAGER_URL",
            "urgent notices go out encrypted only.",
            "Give https://sms.example.org/hook; http is taken for this machine alone.",
        )
    if len(environ.get("TRIM_PAGER_SECRET") or "") < LEAST_PAGER_SECRET:
        raise UnusableSetting(
            "TRIM_PAGER_SECRET",
            "the service could not tell our calls from a stranger's.",
            f"Give the secret agreed with it, at least {LEAST_PAGER_SECRET} characters.",
        )
    return given


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    given = environ.get(name)
    return Path(given).expanduser().absolute() if given else None


def _port(environ: Mapping[str, str]) -> int:
    given = environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isascii() or not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise UnusableSetting("PORT", f"{given!r} is not a port.", "Give a number from 1 to 65535, for example 8000.")
    return int(given)


def _base_url(environ: Mapping[str, str], port: int) -> str:
    given = environ.get("TRIM_BASE_URL")
    if not given:
        return f"http://{LOCAL_HOST}:{port}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise UnusableSetting(
            "TRIM_BASE_URL", f"{given!r} is not a web address.", "Give it as https://support.example.org."
        )
    return given.rstrip("/")


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = environ.get(name) or str(default)
    if not given.isascii() or not given.isdecimal() or not least <= int(given) <= most:
        raise UnusableSetting(name, f"{given!r} cannot be used.", f"Give a whole number from {least} to {most}.")
    return int(given)


def _yes_no(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = (environ.get(name) or "").strip().lower()
    if not given:
        return default
    if given not in _YES | _NO:
        raise UnusableSetting(name, f"{given!r} is neither yes nor no.", "Give 1 or 0.")
    return given in _YES
