from __future__ import annotations

import os
import select


def has_ended(pid, within=30):
    """Wait, without polling, for a process that is not our child."""
    try:
        watch = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], within)[0])
    finally:
        os.close(watch)
