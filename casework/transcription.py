"""代录: a step recorded for somebody without an account: only for such, and on a paper they signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.models import Membership
from access.roles import UNHELD_ROLES
from casework import evidence, registry
from casework.declarations import Cure
from casework.errors import NotPermitted, StepRefused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from access.actors import Actor
    from access.roles import Allowed
    from casework.declarations import StepSpec
    from casework.models import Case
    from casework.permits import Standing

PAPER = "transcription"  # the code of the paper among a case's evidence


def ensure_paper(case: Case, step: StepSpec, on_behalf_of: str, paper: UploadedFile | None, by: Actor) -> None:
    """Refuse to record for somebody without their paper: one that came along, one among the evidence of the case or of the
    case it hangs below, or the pieces that the step itself requires."""
    if not on_behalf_of or by.is_system:
        return
    if paper is not None:
        evidence.add(case, code=PAPER, file=paper, by=by)
        return
    row = registry.may(case.kind, step.verb)
    if (row is not None and row.by_word) or evidence.wanted(case, step) or has_paper(case):
        return
    if case.parent is not None and has_paper(case.parent):
        return
    raise StepRefused("paper_missing", _("代录要附上本人签字的纸质材料，拍照即可。"), cure=Cure(_("去补材料"), anchor="evidence"))


def has_paper(case: Case) -> bool:
    return case.evidence.filter(code=PAPER, withdrawn_at=None).exists()


def ensure_no_account(row: Allowed, by: Actor, standing: Standing) -> None:
    """Refuse to record for an organisation of the case that can do the step itself: it has a person in the role.

    Whoever holds the role records for somebody of their own (an injured person): nothing to ask.
    """
    needed = row.roles - UNHELD_ROLES
    if row.despite_account or not needed or by.has(*row.roles):
        return
    wanted = {str(part) for part in row.as_}
    others = {
        organisation for organisation, part in standing.parts if organisation != by.organisation_id and (not wanted or part in wanted)
    }
    holder = (
        Membership.objects.filter(organisation_id__in=others, role__in=[str(role) for role in needed], until=None, user__is_active=True)
        .select_related("organisation")
        .order_by("organisation_id")
        .first()
    )
    if holder is not None:
        raise NotPermitted(
            "has_account", _("%(name)s有人能在系统里办这一步，请他们自己办，不能代录。") % {"name": holder.organisation.short_name}
        )
