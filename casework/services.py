"""Writes that are not steps: notes, hand-overs, tasks done, evidence withdrawn, colleagues standing in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from access.scopes import in_scope
from casework import office
from casework.errors import NotPermitted, OutOfScope
from casework.models import Case, DiaryNote, Evidence, Substitution, Task
from casework.selectors import colleagues

if TYPE_CHECKING:
    from access.actors import Actor

log = structlog.get_logger(__name__)


def ensure_in_scope(case: Case, by: Actor) -> tuple[int, int]:
    """The organisation and the person that act, once they are known to see the case."""
    if by.organisation_id is None or by.user_id is None or not Case.objects.filter(in_scope(by), pk=case.pk).exists():
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    return by.organisation_id, by.user_id


def write_note(case: Case, *, text: str, by: Actor) -> DiaryNote:
    """A note for the colleagues of the writer's own organisation. Raises ValidationError for an empty or endless one."""
    organisation_id, author_id = ensure_in_scope(case, by)
    text = text.strip()
    if not text:
        raise ValidationError(_("记事是空的，写一句再存。"))
    if len(text) > 2000:
        raise ValidationError(_("记事最多 2000 个字，现在有 %(length)s 个。") % {"length": len(text)})
    return DiaryNote.objects.create(case_id=case.pk, organisation_id=organisation_id, author_id=author_id, text=text)


@transaction.atomic
def assign(case: Case, *, to: User | None, by: Actor) -> None:
    """Hand a case to a colleague (or back to everybody in the role). Only the organisation whose turn it is may do so."""
    organisation_id, author_id = ensure_in_scope(case, by)
    if not case.turn_role or case.turn_organisation_id != by.organisation_id:
        raise NotPermitted("not_your_turn", _("现在不轮到您的单位办，不能改经办人。"))
    if to is not None and to not in colleagues(organisation_id=by.organisation_id, role=case.turn_role):
        raise ValidationError(_("只能交给本单位同一岗位的同事。"))
    said = _("交给 %(name)s 经办。") % {"name": to} if to else _("不再指定经办人，岗位上的同事都能办。")
    to_id = to.pk if to else None
    facts = {"from": case.assignee_id, "to": to_id, "note": said}
    office.record(case, office.ASSIGN, by=by, facts=facts, changes={"assignee_id": to_id})
    DiaryNote.objects.create(case_id=case.pk, organisation_id=organisation_id, author_id=author_id, text=said)
    log.info("case.assigned", case=case.reference, to=to.pk if to else None, by=by.user_id)


def finish_task(task: Task, *, outcome: str, by: Actor) -> None:
    """Say that a task is done and how. Only its own organisation and role; done twice changes nothing."""
    if task.organisation_id != by.organisation_id or task.role not in {str(r) for r in by.roles}:
        raise OutOfScope("out_of_scope", _("没有这件事，或者不由您办。"))
    if task.is_a_step:
        raise ValidationError(_("这件事由案件里的那一步办完，不能只打勾。"))
    Task.objects.filter(pk=task.pk, done_at=None).update(done_at=timezone.now(), done_by_id=by.user_id, outcome=outcome.strip()[:300])


def withdraw_evidence(evidence: Evidence, *, because: str, by: Actor) -> None:
    """Mark a wrong file withdrawn; it stays readable. Only the organisation that added it, with a reason."""
    ensure_in_scope(evidence.case, by)
    if evidence.added_by_organisation_id != by.organisation_id:
        raise NotPermitted("not_your_evidence", _("这份材料是别的单位传的，只有传的单位能撤回。"))
    if evidence.case.is_ended:
        raise ValidationError(_("案件已经办结，材料不能再撤回；传错了请在案件上记一句。"))
    if not because.strip():
        raise ValidationError(_("撤回要写一句原因，例如“传错了案件”。"))
    Evidence.objects.filter(pk=evidence.pk, withdrawn_at=None).update(withdrawn_at=timezone.now(), withdrawn_because=because.strip()[:200])
    log.info("evidence.withdrawn", evidence=evidence.pk, by=by.user_id)


@transaction.atomic
def stand_in(*, absent: Actor, substitute: User, since: date, until: date) -> Substitution:
    """From `since` to `until` a colleague sees the actor's cases as their own. Raises ValidationError."""
    if substitute.pk == absent.user_id:
        raise ValidationError(_("代办的人不能是自己。"))
    if until < since:
        raise ValidationError(_("结束的日子早于开始的日子，请看一眼哪个写反了。"))
    if substitute not in colleagues(organisation_id=absent.organisation_id):
        raise ValidationError(_("代办的人须是本单位同事。"))
    row, created = Substitution.objects.get_or_create(
        organisation_id=absent.organisation_id, absent_id=absent.user_id, substitute=substitute, since=since, until=until
    )
    if created:
        said = _("%(since)s 至 %(until)s 由 %(name)s 代办。") % {"since": zh(since), "until": zh(until), "name": substitute}
        facts = {"substitute": substitute.pk, "since": since, "until": until, "note": said}
        mine = Case.objects.filter(assignee_id=absent.user_id, closed_at=None, organisation_ids__contains=[absent.organisation_id])
        for case in mine.order_by("pk"):
            office.record(case, office.SUBSTITUTE, by=absent, facts=facts, changes={})
    return row


def zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
