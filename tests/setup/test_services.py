"""The embedded servers: they start whatever an earlier run left behind, and end with the process that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from config.processes import Identity, Trouble, processes_in
from config.services import LONGEST_SOCKET_PATH, Postgres, Valkey, server_folder, socket_folder, throw_away
from tests.setup.waiting import has_ended

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys; from pathlib import Path; from config.services import Postgres
server = Postgres(Path(sys.argv[1])); server.start(); print(server.process.pid, flush=True); sys.stdin.read()
"""


def connect(server, role="tibao_app"):
    return psycopg2.connect(host=str(server.sockets), user=role, dbname="tibao")


def write(server, text):
    connection = connect(server, "tibao_owner")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        cursor.execute("INSERT INTO kept VALUES (%s)", [text])
    connection.close()


def words(server):
    connection = connect(server)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM kept ORDER BY word")
        found = [row[0] for row in cursor.fetchall()]
    connection.close()
    return found


def hold(state):
    """Another process that holds the database; returns it and the number of the server."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(state)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return holder, int(holder.stdout.readline())


class TestPostgres:
    def test_a_second_start_finds_the_rows_of_the_first(self, state):
        first = Postgres(state)
        first.start()
        write(first, "救人")
        first.stop()
        second = Postgres(state)
        second.start()
        assert words(second) == ["救人"]
        second.stop()
        assert processes_in(second.data) == []

    def test_it_ends_with_a_killed_launcher_and_comes_back_whole(self, state):
        holder, server = hold(state)
        with holder:
            write(Postgres(state), "一")
            holder.kill()
        assert has_ended(server)
        again = Postgres(state)
        again.start()
        assert words(again) == ["一"]
        again.stop()

    def test_killed_together_with_its_launcher_it_recovers_what_was_committed(self, state):
        holder, server = hold(state)
        with holder:
            write(Postgres(state), "二")
            os.kill(server, signal.SIGKILL)
            holder.kill()
        again = Postgres(state)
        again.start()
        assert words(again) == ["二"]
        again.stop()

    def test_a_half_made_cluster_is_made_anew(self, state):
        half = server_folder(state) / "postgresql.half"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        server = Postgres(state)
        server.start()
        assert not half.exists()
        server.stop()

    def test_a_lock_whose_number_now_belongs_to_another_process_does_not_keep_it_from_starting(self, state):
        server = Postgres(state)
        server.start()
        server.stop()
        (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n1\n5432\n{server.sockets}\n\n")
        server.start()
        server.stop()

    def test_the_house_may_write_rows_but_neither_change_nor_empty_tables(self, state):
        server = Postgres(state)
        server.start()
        write(server, "三")
        connection = connect(server)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kept VALUES ('四')")
            for forbidden in ("TRUNCATE kept", "DROP TABLE kept", "ALTER TABLE kept DISABLE TRIGGER ALL", "CREATE TABLE own (n int)"):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(forbidden)
        connection.close()
        server.stop()

    def test_chinese_words_have_trigrams(self, state):
        server = Postgres(state, durable=False)
        server.start()
        connection = connect(server, "tibao_owner")
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute("SELECT show_trgm('天河区路')")
            assert cursor.fetchone()[0]
        connection.close()
        server.stop()


def test_servers_for_a_test_run_vanish_with_their_data():
    with throw_away() as found:
        folder = Path(found["TIBAO_STATE"])
        assert Valkey(folder).is_ready()
        assert Postgres(folder).is_ready()
    assert not folder.exists()


class TestFolders:
    def test_a_path_too_long_for_a_socket_is_left_for_a_short_one(self, state):
        deep = state / ("很深的目录" * 12)
        folder = socket_folder(deep)
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert folder == socket_folder(deep) != socket_folder(deep / "another")

    def test_sockets_stand_beside_the_data_when_they_can(self, state):
        assert socket_folder(state) == state / "run"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
    def test_below_a_closed_home_the_data_stand_where_the_servers_may_go(self, state):
        home = state / "home"
        home.mkdir(mode=0o700)
        assert server_folder(home / "clone").parent == Path("/var/lib")

    def test_a_socket_folder_of_somebody_else_is_not_trusted(self, state):
        elsewhere = state / "elsewhere"
        elsewhere.mkdir()
        (state / "run").symlink_to(elsewhere)
        with pytest.raises(Trouble, match="run"):
            Valkey(state)

    def test_only_the_owner_may_reach_the_sockets(self, state):
        sockets = Valkey(state).sockets
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert sockets.stat().st_uid == (Identity.fitting().uid or os.geteuid())
