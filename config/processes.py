"""Processes that we start: whom they run as, that they end with us, and what they wrote. Standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


class Trouble(Exception):
    """Something a person can cure: what is wrong, and the cure, each in Chinese and English."""

    def __init__(self, says: str, *cure: str) -> None:
        super().__init__(says)
        self.says, self.cure = says, cure


@dataclass(frozen=True)
class Identity:
    """Whom the servers run as: nobody when we are root (PostgreSQL refuses root), else ourselves."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def fitting(cls) -> Identity:
        if os.geteuid() != 0:
            return cls()
        import pwd

        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def reaches(self, path: Path) -> bool:
        """Whether every folder down to an existing path lets us through."""
        if self.uid is None:
            return True
        return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents) if part.is_dir())

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def child(self) -> Callable[[], None]:
        """For subprocess's preexec_fn: own session, no root, and an end when the parent ends."""
        parent, uid, gid = os.getpid(), self.uid, self.gid

        def prepare() -> None:
            os.setsid()
            if uid is not None and gid is not None:
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)
            die_with_parent(signal.SIGINT)  # after setuid, which clears it
            if os.getppid() != parent:
                os._exit(1)

        return prepare


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal when the parent ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(number))


def processes_in(folder: Path) -> list[int]:
    """Living processes whose working folder this is: every PostgreSQL process stands in its data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd") if sys.platform == "linux" else ():
        try:
            if os.readlink(entry) == str(folder.resolve()):
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def signal_quietly(pid: int, number: int, *, group: bool = False) -> None:
    try:
        (os.killpg if group else os.kill)(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def end(process: subprocess.Popen[bytes], number: int, *, patience: float) -> None:
    """Ask, wait, insist; then end what the process left behind in its group."""
    if process.poll() is None:
        signal_quietly(process.pid, number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            signal_quietly(process.pid, signal.SIGKILL, group=True)
            process.wait()
    signal_quietly(process.pid, signal.SIGKILL, group=True)


def open_log(path: Path) -> BinaryIO:
    """Append to a log; past 10 MB the old one is put aside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 8) -> list[str]:
    if not path.exists():
        return []
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 8000))
        return log.read().decode(errors="replace").splitlines()[-count:]
