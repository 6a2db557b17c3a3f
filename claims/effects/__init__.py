"""What follows from the steps of claims and from what happens below them. Handlers are idempotent."""

from claims.effects import disputes, incident, insurer, payments, recoveries

__all__ = ["disputes", "incident", "insurer", "payments", "recoveries"]
