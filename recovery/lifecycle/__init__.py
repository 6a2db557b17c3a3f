"""How recovery moves: the file of one payer, and the claim against one target."""

from recovery.lifecycle.file import RecoveryFileLifecycle
from recovery.lifecycle.target import RecoveryTargetLifecycle

__all__ = ["RecoveryFileLifecycle", "RecoveryTargetLifecycle"]
