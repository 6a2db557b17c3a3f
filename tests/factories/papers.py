"""Papers read back from their PDF."""

from __future__ import annotations

from casework.models import Case
from correspondence.models import IssuedDocument


def paper(case: Case, code: str) -> str:
    """The text of the newest paper of a kind, without spaces and line ends."""
    import pdfplumber

    row = IssuedDocument.objects.filter(case_id=case.pk, code=code).first()
    assert row is not None, f"no {code}"
    with pdfplumber.open(row.file.path) as pdf:
        return "".join(page.extract_text() or "" for page in pdf.pages).replace("\n", "").replace(" ", "")
