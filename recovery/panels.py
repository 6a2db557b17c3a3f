"""What the case page shows of a recovery file: paid, given back, collected, left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.panels import panel
from recovery import selectors
from recovery.models import RecoveryFile
from recovery.terms import Prospect

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@panel("recovery_file", template="recovery/panels/sums.html", order=10)
def sums(case: Case, actor: Actor) -> dict[str, Any]:
    file = RecoveryFile.objects.select_related("payer_organisation").get(pk=case.pk)
    return {"file": file, "prospect": Prospect(selectors.prospect_of(file.parent_id)).label}
