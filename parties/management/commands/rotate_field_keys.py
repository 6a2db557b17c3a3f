"""rotate_field_keys: write all identity data anew under the first key of FIELD_ENCRYPTION_KEY ("new,old")."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parties.services import write_identity_anew


class Command(BaseCommand):
    help = 'Write all identity data anew under the first key of FIELD_ENCRYPTION_KEY ("new,old"); then the old key can go.'

    def handle(self, *args: Any, **options: Any) -> None:
        parties, accounts = write_identity_anew()
        self.stdout.write(self.style.SUCCESS(f"{parties} parties and {accounts} payee accounts written under the first key"))
