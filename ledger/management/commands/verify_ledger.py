"""verify_ledger: recompute all balances from the transfers; exit 1 and name every account that does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.verification import trial_balance


class Command(BaseCommand):
    help = "Recompute all balances from the transfers and name every account that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        found = trial_balance()
        for fault in found.faults:
            self.stderr.write(str(fault))
        totals = found.totals
        self.stdout.write(
            f"{found.accounts} accounts, debits {totals.debits_posted:.2f} = credits {totals.credits_posted:.2f}, "
            f"held {totals.debits_pending:.2f} = {totals.credits_pending:.2f}"
        )
        if not found.holds:
            raise CommandError(f"the ledger does not hold: {len(found.faults)} accounts at fault")
        self.stdout.write(self.style.SUCCESS("the ledger holds"))
