"""script/server as a person meets it: it comes up, it survives, it stops, and it says what is in the way."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import launcher, papers
from config.processes import processes_in
from config.services import server_folder
from tests.setup.waiting import has_ended

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(state, *arguments):
    hidden = ("TIBAO_DATABASE_URL", "TIBAO_BROKER_URL", "TIBAO_SOCKETS", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= {"TIBAO_STATE": str(state), "TIBAO_DEMONSTRATION": "false", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "config.launcher", *arguments], cwd=ROOT, env=env, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )


def read_until(process, text):
    """Lines of standard error up to the one that holds the text; fails with all of them when it never comes."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError("".join(lines))


def children_of(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def everything_below(pid):
    below = children_of(pid)
    return below + [further for child in below for further in everything_below(child)]


def named(pids, text):
    return [pid for pid in pids if text in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")]


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


@pytest.mark.worker
def test_it_serves_mends_itself_and_leaves_nothing_running(state, port):
    server = command(state, "serve", "--port", str(port))
    try:
        read_until(server, f"http://127.0.0.1:{port}/")
        assert get(port, "/static/htmx/htmx.min.js") == 200
        assert len(children_of(server.pid)) == 5

        os.kill(named(children_of(server.pid), "celery -A config worker")[0], signal.SIGKILL)
        read_until(server, "worker 意外退出")
        os.kill(named(children_of(server.pid), "postgres -D")[0], signal.SIGKILL)
        read_until(server, "postgresql 已恢复")
        assert get(port, "/static/htmx/htmx.min.js") == 200

        running = everything_below(server.pid)
        server.send_signal(signal.SIGTERM)
        _, rest = server.communicate(timeout=60)
        assert server.returncode == 0, rest
        assert [pid for pid in running if not has_ended(pid)] == []

        server = command(state, "serve", "--port", str(port))
        said = read_until(server, f"http://127.0.0.1:{port}/")
        assert not any("migrate" in line for line in said), "a second start has nothing to prepare"
        running = everything_below(server.pid)
        assert len(running) > 7
        os.kill(named(running, "granian")[0], signal.SIGKILL)
    finally:
        server.kill()
        server.communicate()
    assert [pid for pid in running if not has_ended(pid)] == []
    assert processes_in(server_folder(state) / "postgresql") == []


def test_a_taken_port_is_named_with_its_cure_before_anything_starts(state):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = command(state, "serve", "--port", str(port))
        _, said = refused.communicate(timeout=60)
    assert refused.returncode == 3
    assert f"端口 {port} 已被别的程序占用" in said
    assert f"script/server --port {port + 1}" in said
    assert not (state / "postgresql").exists()


def test_a_second_launcher_on_the_same_data_is_refused_and_told_which_runs(state, port):
    with launcher.alone(state, "已在运行"):
        refused = command(state, "serve", "--port", str(port))
        _, said = refused.communicate(timeout=60)
    assert refused.returncode == 3
    assert re.search(rf"kill {os.getpid()}\b", said)


def test_commands_find_a_database_where_no_server_runs_and_keep_it(state):
    for expected in ("", "0042"):
        script = "from django.contrib.sessions.models import Session as S; from django.utils import timezone as t;"
        script += "print('found', ','.join(S.objects.values_list('pk', flat=True)));S.objects.create(pk='0042',expire_date=t.now())"
        if expected:
            script = script.split(";S.objects.create")[0]
        ran = command(state, "manage", "shell", "-v", "0", "-c", script)
        said, trouble = ran.communicate(timeout=120)
        assert ran.returncode == 0, trouble
        assert said.strip() == f"found {expected}".strip()


def test_a_command_that_fails_keeps_its_exit_code(state):
    ran = command(state, "run", "--", sys.executable, "-c", "raise SystemExit(7)")
    ran.communicate(timeout=60)
    assert ran.returncode == 7


class TestPapers:
    def test_this_machine_can_issue_papers(self):
        assert papers.complaints() == []

    def test_each_missing_font_is_named_with_its_cure(self, tmp_path):
        (tmp_path / "fonts.conf").write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
        ran = subprocess.run(
            [sys.executable, "-P", "config/papers.py"], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
        )  # fmt: skip
        assert ran.returncode == 1
        for family, package in (
            ("FandolFang", "script/set-up"),
            ("AR PL UKai CN", "fonts-arphic-ukai"),
            ("Noto Serif CJK SC", "fonts-noto-cjk"),
        ):
            assert re.search(f"{family}.*{package}", ran.stderr)
