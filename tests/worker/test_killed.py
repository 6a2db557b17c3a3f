"""Killed with -9 in the middle of an approval, a payment order or a paper: nothing twice, nothing lost, the chain verifies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from casework.audit import verify_all
from casework.models import CaseEvent, OutboxEntry, Task
from config.services import Postgres, database_url
from correspondence.models import IssuedDocument
from ledger import api
from ledger.models import PaymentOrder
from ledger.verification import trial_balance
from tests.factories.ledger import add_voucher, make_order, make_payer
from tests.sample.factories import decide, open_matter, people
from tests.worker.processes import frozen, kill, nobody_else_is_connected, script, somebody_waits_for, until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

RELEASE = """
from django.utils import timezone
from access.actors import actor_for
from access.models import User
from casework.steps import perform
from ledger.facts import ReleasePayment
from ledger.models import PaymentOrder
order = PaymentOrder.objects.get(pk={order})
cashier = actor_for(User.objects.get(pk={user}))
perform(order, "release", by=cashier, happened_at=timezone.now(), seen=order.sequence, facts=ReleasePayment(True))
"""
PAY = """
from datetime import date
from django.utils import timezone
from access.actors import actor_for
from access.models import User
from casework.steps import perform
from ledger.facts import MarkPaid
from ledger.models import PaymentOrder
order = PaymentOrder.objects.get(pk={order})
perform(order, "mark_paid", by=actor_for(User.objects.get(pk={user})), happened_at=timezone.now(), seen=order.sequence,
        facts=MarkPaid("HD-20250303-001", timezone.localdate()))
"""


def finish(code):
    process = script(code)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def killed_before(table, code):
    """Run the lines in a process of their own, freeze it before it writes the table, kill it there."""
    with frozen(table):
        process = script(code)
        until(lambda: somebody_waits_for(table) or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        kill(process)
    until(nobody_else_is_connected)


def all_holds():
    connection.close()
    assert list(verify_all()) == []
    assert trial_balance().holds


def test_an_approval_killed_before_its_audit_row_did_not_happen_and_can_be_done():
    payer = make_payer()
    order = make_order(payer)
    lines = RELEASE.format(order=order.pk, user=payer.cashier.user_id)

    killed_before("casework_caseevent", lines)

    assert (PaymentOrder.objects.get(pk=order.pk).state, CaseEvent.objects.filter(case_id=order.pk).count()) == ("proposed", 1)
    finish(lines)
    assert PaymentOrder.objects.get(pk=order.pk).state == "released"
    all_holds()


def test_a_payment_killed_between_the_money_and_the_record_is_paid_once():
    payer = make_payer()
    order = make_order(payer, "200.00")
    finish(RELEASE.format(order=order.pk, user=payer.cashier.user_id))
    add_voucher(order)
    lines = PAY.format(order=order.pk, user=payer.cashier.user_id)

    killed_before("casework_eventfacts", lines)

    assert api.balance(payer.bank).posted == 0
    finish(lines)
    assert api.balance(payer.bank).posted == Decimal("200.00")
    again = script(lines)
    _out, error = again.communicate(timeout=120)
    assert again.returncode != 0 and "not_from_paid" in error
    assert api.balance(payer.bank).posted == Decimal("200.00")
    all_holds()


@pytest.mark.skipif(settings.CELERY_BROKER_URL.startswith("memory"), reason="needs the broker that script/test starts")
class TestTheWorker:
    def sweep(self):
        """What beat sends every few seconds."""
        current_app.send_task("casework.tasks.sweep_outbox")

    def test_killed_in_the_middle_of_an_effect_it_does_it_once(self):
        clerk, handler = people()
        case = open_matter(clerk, handler)
        first = None
        with frozen("casework_task"):
            decide(case, handler)
            first = worker()
            until(lambda: somebody_waits_for("casework_task"))
            kill(first)
        until(nobody_else_is_connected)
        assert OutboxEntry.objects.get(case_id=case.pk).status == "pending"

        second = worker()
        try:
            self.sweep()
            until(lambda: OutboxEntry.objects.get(case_id=case.pk).status == "done")
        finally:
            kill(second)
        assert Task.objects.filter(case=case).count() == 1
        all_holds()

    def test_killed_after_drawing_a_paper_and_before_its_row_it_issues_one(self):
        clerk, handler = people()
        case = open_matter(clerk, handler)
        code = (
            "from casework.models import CaseEvent\nfrom correspondence.api import issue\nfrom django.db import transaction\n"
            "from tests.sample.documents import MatterNote\n"
            f"event = CaseEvent.objects.get(case_id={case.pk}, number=1)\n"
            "with transaction.atomic():\n    print(issue(MatterNote, event).serial)\n"
        )
        killed_before("correspondence_issueddocument", code)
        assert not IssuedDocument.objects.exists()

        serial = finish(code).strip()
        assert finish(code).strip() == serial
        row = IssuedDocument.objects.get()
        assert row.serial.endswith("-00001")
        with row.file.open("rb") as file:
            assert len(file.read()) == row.size


STEPS = """
import sys
from tests.sample.factories import decide, open_matter, people
clerk, handler = people()
print("ready", flush=True)
while True:
    case = open_matter(clerk, handler)
    decide(case, handler)
    print(case.reference, flush=True)
"""
LOOK = """
from casework.audit import verify_all
from casework.models import Case
print(len(list(verify_all())))
print(" ".join(Case.objects.filter(state="decided").values_list("reference", flat=True)))
"""


def test_postgresql_killed_in_mid_flight_keeps_what_it_confirmed(tmp_path):
    server = Postgres(tmp_path)
    server.start()
    url = database_url(server.sockets, role="postgres")
    try:
        migrate = script("from django.core.management import call_command\ncall_command('migrate', verbosity=0)", url)
        assert migrate.wait(timeout=300) == 0, migrate.stderr.read()
        writer = script(STEPS, url)
        assert writer.stdout.readline() == "ready\n"
        confirmed = [writer.stdout.readline().strip() for _ in range(5)]
        server.process.kill()
        rest, _error = writer.communicate(timeout=60)
        confirmed += rest.split()
        server.start()
        look = script(LOOK, url)
        out, error = look.communicate(timeout=120)
        assert look.returncode == 0, error
        broken, kept = out.splitlines()[:2]
        assert broken == "0"
        assert set(confirmed) <= set(kept.split())
    finally:
        server.stop()
