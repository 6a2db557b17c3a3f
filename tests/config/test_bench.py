from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from casework.audit import verify_all
from casework.models import CaseEvent, Deadline, OutboxEntry
from correspondence.models import IssuedDocument


@pytest.mark.django_db(transaction=True)
def test_both_sides_do_the_same_work():
    told = io.StringIO()

    call_command("bench", rounds=1, steps=2, papers=4, stdout=told)

    taken = CaseEvent.objects.filter(topic="claims.claim.request_documents")
    assert taken.count() == 2 * 2 * 2 + 4  # real steps and replayed ones, with the round to warm up, and the papers' own
    assert Deadline.objects.filter(rule="documents", status="running").count() == 12
    assert OutboxEntry.objects.filter(event__in=taken).count() == 24
    assert IssuedDocument.objects.count() == 4
    assert list(verify_all()) == []
    assert told.getvalue().count("比率 ratio") == 2
