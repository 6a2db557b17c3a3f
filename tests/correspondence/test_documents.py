"""Every declared paper, issued from a case that was really walked, read back from its PDF."""

from __future__ import annotations

import pytest

from casework.outbox import outbox_drained
from correspondence.models import IssuedDocument
from tests.factories.elevators import make_incident, make_lobby

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def text_of(row):
    import pdfplumber

    with pdfplumber.open(row.file.path) as pdf:
        return "".join(page.extract_text() or "" for page in pdf.pages).replace("\n", "").replace(" ", "")


def test_an_entrapment_brings_its_fast_report_and_its_notice_of_loss():
    lobby = make_lobby()
    with outbox_drained():
        incident = make_incident(lobby, trapped=97)

    report = IssuedDocument.objects.filter(case=incident, code="elevators.incident_report").first()
    notice = IssuedDocument.objects.get(case=incident, code="elevators.loss_notice")

    assert "榕岸花园3栋1梯" in text_of(report)
    assert "97分钟（1小时37分）" in text_of(report)
    assert lobby.insurer.name in text_of(notice)
