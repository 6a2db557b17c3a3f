"""Which state of the law data is in use: its version and a hash of its content, written into every audit row."""

from __future__ import annotations

import hashlib
from pathlib import Path

VERSION = "2026.1"
_HOME = Path(__file__).resolve().parent


def content_hash(home: Path = _HOME) -> str:
    """First twelve hex digits of SHA-256 over names and contents of all law data, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(home.glob("**/*.yaml")):
        name, content = path.relative_to(home).as_posix().encode(), path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%d:%s%d:" % (len(name), name, len(content)) + content)
    return digest.hexdigest()[:12]


RELEASE = f"{VERSION}+{content_hash()}"
