"""How a lawsuit and a mediation move."""

from disputes.lifecycle.litigation import LitigationLifecycle
from disputes.lifecycle.mediation import MediationLifecycle

__all__ = ["LitigationLifecycle", "MediationLifecycle"]
