"""Starts the house on one machine and stops all of it: PostgreSQL, Valkey, worker, clock and web.

    python -m config.launcher serve [--port 8000]     everything, until Ctrl-C
    python -m config.launcher manage COMMAND ...      manage.py; starts the servers for as long as it runs, if none run
    python -m config.launcher run -- COMMAND ...      any command, on servers that vanish afterwards (--durable: with fsync)

Standard library only, so that it can say what is missing when something is.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import http.client
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config import papers
from config.processes import Trouble, die_with_parent, end, last_lines, open_log
from config.services import Postgres, Server, Valkey, environment, socket_folder, state_folder, throw_away

HERE = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# These answer without a database, whatever is running.
WITHOUT_DATABASE = frozenset({"", "help", "--help", "--version", "calculate", "check", "makemigrations", "makemessages",
                              "compilemessages", "collectstatic", "findstatic", "diffsettings"})  # fmt: skip


def say(*lines: str) -> None:
    """What the launcher tells; standard output belongs to the commands it runs."""
    print(*lines, sep="\n", file=sys.stderr, flush=True)  # noqa: T201


class Child:
    """A process of ours that is started again, ever more slowly, when it dies."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.process: subprocess.Popen[bytes] | None = None
        self.wait, self.due, self.since = 1.0, 0.0, 0.0

    def start(self) -> None:
        parent = os.getpid()

        def prepare() -> None:
            os.setsid()  # Ctrl-C in the terminal reaches the launcher alone, which stops things in order
            die_with_parent()
            if os.getppid() != parent:
                os._exit(1)

        with open_log(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=HERE, preexec_fn=prepare, env=self.env
            )
        self.since = time.monotonic()

    def tend(self) -> None:
        """Start it again when it died and its time has come."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.wait = 1.0 if now - self.since > 60 else min(self.wait * 2, 30.0)
            say(f"! {self.name} 意外退出（{self.process.returncode}），{self.wait:.0f} 秒后重启 / ended, starts again",
                *(f"    {line}" for line in last_lines(self.log, 4)))  # fmt: skip
            self.stop()
            self.due = now + self.wait
        if self.process is None and now >= self.due:
            self.start()

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, signal.SIGTERM, patience=20)
            self.process = None


def children(state: Path, port: int, env: Mapping[str, str]) -> list[Child]:
    """Web, worker and clock. The web first: with two cores it is what a person waits for."""
    python, log = sys.executable, state / "log"
    celery = (python, "-m", "celery", "-A", "config")
    worker = (*celery, "worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle")
    beat = (*celery, "beat", "--loglevel=WARNING", "--pidfile=", "-s", str(state / "beat-schedule"))
    web = (python, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2",
           "--respawn-failed-workers", "--workers-kill-timeout", "10", "config.wsgi:application")  # fmt: skip
    return [
        Child("web", web, env, log / "web.log"),
        Child("worker", worker, env, log / "worker.log"),
        Child("beat", beat, env, log / "beat.log"),
    ]


@contextmanager
def alone(state: Path, says: str) -> Iterator[None]:
    """Hold the state folder for this process; the kernel lets go of it however we end."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Trouble(says, f"先停止它 Stop it first: Ctrl-C, kill {lock.read().strip() or '?'}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def demand_port(port: int) -> None:
    """Raises Trouble when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                says = f"端口 {port} 已被别的程序占用 / Port {port} is taken by another program"
                raise Trouble(says, f"script/server --port {port + 1}") from None
            raise Trouble(f"不能监听 {HOST}:{port} / Cannot listen there: {error.strerror}", "script/server --port 8001") from None


def demand_papers() -> None:
    """Raises Trouble when a library or a font is missing."""
    if found := papers.complaints():
        raise Trouble("出件条件不全 / Papers cannot be issued", *found, "script/set-up")


@contextmanager
def step(text: str) -> Iterator[None]:
    """One line per step with its time."""
    begun = time.monotonic()
    print(f"· {text} … ", end="", file=sys.stderr, flush=True)  # noqa: T201
    yield
    say(f"好 ok ({time.monotonic() - begun:.1f} s)")


def management(env: Mapping[str, str], *arguments: str) -> None:
    """A management command that must succeed; its words are shown when it does not."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=HERE,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"manage.py {arguments[0]} 失败 / failed", *done.stdout.splitlines()[-12:])


def await_web(port: int, web: Child) -> None:
    """Wait for the first answer."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        try:
            connection.request("GET", "/sign-in/", headers={"Host": f"{HOST}:{port}"})
            status = connection.getresponse().status
            if status < 500:
                return
            raise Trouble(f"首页返回 {status} / the first page answers {status}", f"日志 log: {web.log}", *last_lines(web.log))
        except OSError:
            if web.process is not None and web.process.poll() is not None:
                break
            time.sleep(0.05)
        finally:
            connection.close()
    raise Trouble("网页服务起不来 / The web server does not start", f"日志 log: {web.log}", *last_lines(web.log))


def account_lines() -> Sequence[str]:
    """The demonstration's public accounts, one per role, as it tells them."""
    try:
        return list(importlib.import_module("demonstration.accounts").lines())
    except ModuleNotFoundError:
        return []


def settings_environment(extra: Mapping[str, str]) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings.embedded", **os.environ, **extra}


def serve(port: int) -> int:
    """Everything, until a signal. Returns the exit code."""
    halt = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: halt.set())
    state = state_folder()
    started: list[Server | Child] = []
    with alone(state, "梯保已在运行 / Tibao is already running from this folder"):
        demand_port(port)
        demand_papers()
        try:
            database = Postgres(state)
            servers: list[Server] = [database, Valkey(state)]
            for server in servers:
                started.append(server)
                with step(f"启动 start {server.name}"):
                    server.start()
            extra = environment(state, database.sockets) | {"TIBAO_PUBLIC_ADDRESS": f"http://{HOST}:{port}", "TIBAO_LAUNCHED": "1"}
            env = settings_environment(extra)
            _prepare_data(database, env, halt)
            workers = children(state, port, env)
            with step("启动 start web, worker, beat"):
                for child in workers:
                    if not halt.is_set():
                        started.append(child)
                        child.start()
                        if child.name == "web":
                            await_web(port, child)
            if not halt.is_set():
                say("", f"梯保已就绪 / Tibao is ready:  http://{HOST}:{port}/", *account_lines(),
                    f"日志 logs: {state / 'log'}    停止 stop: Ctrl-C", "")  # fmt: skip
            while not halt.wait(0.5):
                _tend(servers, workers)
        finally:
            with step("停止 stop"):
                for thing in reversed(started):
                    thing.stop()
    return 0


def _prepare_data(database: Postgres, env: Mapping[str, str], halt: threading.Event) -> None:
    """Tables and the demonstration; nothing when the database says that this very code has seen to it."""
    wanted = env.get("TIBAO_DEMONSTRATION", "true").lower() not in {"0", "false", "no", "off"}
    demonstration = wanted and any(HERE.glob("demonstration/management/commands/load_demonstration.py"))
    stamp = code_stamp(demonstration=demonstration)
    if halt.is_set() or database.prepared() == stamp:
        return
    with step("数据库结构 migrate"):
        management({**env, **environment(database.state, database.sockets, role="tibao_owner")}, "migrate", "--noinput")
    if demonstration and not halt.is_set():
        with step("演示数据 demonstration"):
            management(env, "load_demonstration")
    if not halt.is_set():
        database.set_prepared(stamp)


def code_stamp(*, demonstration: bool) -> str:
    """A digest of everything that decides what tables and rows a prepared database has."""
    digest = hashlib.sha256(b"demonstration" if demonstration else b"empty")
    files = {HERE / "requirements.lock", *HERE.glob("*/migrations/*.py"), *(HERE / "demonstration").rglob("*.py" if demonstration else "")}
    for path in sorted(path for path in files if path.is_file()):
        digest.update(str(path.relative_to(HERE)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _tend(servers: Sequence[Server], workers: Sequence[Child]) -> None:
    for server in servers:
        if server.process is not None and server.process.poll() is not None:
            say(f"! {server.name} 意外退出（{server.process.returncode}），正在恢复 / ended, is being recovered")
            server.start()
            say(f"· {server.name} 已恢复 / is back")
    for child in workers:
        child.tend()


def manage(arguments: Sequence[str]) -> int:
    """manage.py on the running servers, or on servers started for it. Other settings or addresses are left alone."""
    name = arguments[0] if arguments else ""
    command = [sys.executable, "manage.py", *arguments]
    own = "TIBAO_DATABASE_URL" not in os.environ and not os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production")
    if not own or name in WITHOUT_DATABASE or "--help" in arguments:
        os.execve(sys.executable, command, settings_environment({}))  # noqa: S606
    state = state_folder()
    changes_tables = name in {"migrate", "flush", "sqlmigrate", "pgtrigger"}
    env = settings_environment(environment(state, socket_folder(state), "tibao_owner" if changes_tables else "tibao_app"))
    if _is_running(state):
        if changes_tables:
            Postgres(state).set_prepared("")
        os.execve(sys.executable, command, env)  # noqa: S606
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    servers: list[Server] = []
    with alone(state, "梯保正在启动或停止 / Tibao is just starting or stopping"):
        try:
            database = Postgres(state)
            both: tuple[Server, ...] = (database, Valkey(state))
            for server in both:
                servers.append(server)
                server.start()
            if changes_tables:
                database.set_prepared("")
            elif database.prepared() not in {code_stamp(demonstration=True), code_stamp(demonstration=False)}:
                management(env | environment(state, database.sockets, role="tibao_owner"), "migrate", "--noinput")
            return _pass_through(command, env)
        finally:
            for server in reversed(servers):
                server.stop()


def _is_running(state: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(socket_folder(state) / ".s.PGSQL.5432"))
            return True
    except OSError:
        return False


def _pass_through(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run with our own input and output; the servers outlive an interrupt until the command has ended."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=HERE, env=env, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        )
        try:
            return process.wait()
        except BaseException:
            end(process, signal.SIGTERM, patience=20)
            raise
    finally:
        signal.signal(signal.SIGINT, previous)


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Any command on servers that vanish afterwards; `durable` waits for the disk as the house does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with throw_away(durable=durable) as extra:
        return _pass_through(command, {**os.environ, **extra})


def main(arguments: Sequence[str]) -> int:
    """Exit codes: 0, the command's own, 3 for trouble that was explained."""
    mode, rest = (arguments[0] if arguments else "serve"), list(arguments[1:])
    try:
        if mode == "manage":
            return manage(rest)
        if mode == "run":
            durable = rest[:1] == ["--durable"]
            rest = rest[durable:]
            return run(rest[1:] if rest[:1] == ["--"] else rest, durable=durable)
        parser = argparse.ArgumentParser(prog="script/server", description="梯保 Tibao")
        parser.add_argument("mode", choices=["serve"])
        parser.add_argument(
            "--port", type=int, choices=range(1, 65536), metavar="1-65535", default=int(os.environ.get("TIBAO_PORT", "8000"))
        )
        return serve(parser.parse_args([mode, *rest]).port)
    except Trouble as trouble:
        say("", f"✗ {trouble.says}", *(f"  {line}" for line in trouble.cure))
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
