"""The fields that the steps of a lawsuit and of a mediation assign; the models add constraints."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.errors import FactsRefused
from casework.models import Case
from disputes.terms import AgentKind, Confirmation, Ending, Outcome, Procedure, Side


def money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount in yuan with two places."""
    return models.DecimalField(label, max_digits=16, decimal_places=2, **options)


def day(label: Any) -> models.DateField[Any, Any]:
    return models.DateField(label, null=True, blank=True)


def not_later(happened_at: datetime, **days: date | None) -> None:
    """Refuse a day after the one on which the step happened, beside its field."""
    today = timezone.localtime(happened_at).date()
    late = {name: [_("这一天还没到，请看一眼。")] for name, value in days.items() if value is not None and value > today}
    if late:
        raise FactsRefused(late)


class LitigationFields(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
    court = models.CharField(_("法院"), max_length=80)
    number = models.CharField(_("案号"), max_length=60)
    procedure = models.CharField(_("程序"), max_length=12, choices=Procedure, default=Procedure.FIRST)
    cause = models.CharField(_("案由"), max_length=80, blank=True)
    plaintiff = models.CharField(_("原告"), max_length=200)
    defendant = models.CharField(_("被告"), max_length=200)
    side = models.CharField(_("本方地位"), max_length=12, choices=Side)
    led_by = models.CharField(_("谁应诉"), max_length=20, choices=CaseRole)
    claimed = money(_("诉讼请求金额"), null=True, blank=True)
    filed_on = day(_("立案日"))
    served_on = day(_("起诉状送达日"))
    answered_on = day(_("答辩日"))
    agent = models.CharField(_("出庭人员"), max_length=80, blank=True)
    agent_kind = models.CharField(_("出庭人员身份"), max_length=24, choices=AgentKind, blank=True)
    special_authority = models.BooleanField(_("特别授权"), default=False)
    next_hearing_at = models.DateTimeField(_("开庭时间"), null=True, blank=True)
    next_hearing_room = models.CharField(_("法庭"), max_length=60, blank=True)
    hearings_held = models.PositiveSmallIntegerField(_("已开庭次数"), default=0)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome, blank=True)
    awarded = money(_("裁判金额"), null=True, blank=True)
    heads = models.JSONField(_("裁判的各项金额"), default=list, blank=True)
    document_number = models.CharField(_("文书编号"), max_length=60, blank=True)
    judged_on = day(_("裁判日"))
    judgment_served_on = day(_("裁判送达日"))
    is_final = models.BooleanField(_("终审"), default=False)
    appellant = models.CharField(_("上诉人"), max_length=200, blank=True)
    effective_on = day(_("生效日"))
    perform_by = day(_("履行期限"))
    enforcement_applicant = models.CharField(_("申请执行人"), max_length=200, blank=True)
    ending = models.CharField(_("未经判决结束的方式"), max_length=20, choices=Ending, blank=True)
    left_because = models.CharField(_("理由"), max_length=300, blank=True)
    conclusion = models.CharField(_("履行情况"), max_length=300, blank=True)
    source = models.CharField(_("来自哪一步"), max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True


class MediationFields(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
    committee = models.CharField(_("人民调解委员会"), max_length=80)
    mediator = models.CharField(_("调解员"), max_length=80, blank=True)
    matter = models.TextField(_("争议事项"), max_length=2000)
    first = models.JSONField(_("甲方"), default=dict)
    second = models.JSONField(_("乙方"), default=dict)
    led_by = models.CharField(_("谁经办"), max_length=20, choices=CaseRole)
    applied_on = day(_("申请调解日"))
    claimed = money(_("争议金额"), null=True, blank=True)
    sessions_held = models.PositiveSmallIntegerField(_("调解次数"), default=0)
    agreed_amount = money(_("协议金额"), null=True, blank=True)
    terms = models.TextField(_("协议内容"), max_length=4000, blank=True)
    performance = models.TextField(_("履行方式和期限"), max_length=1000, blank=True)
    signed_on = day(_("签字日"))
    court = models.CharField(_("司法确认法院"), max_length=80, blank=True)
    confirmation = models.CharField(_("司法确认"), max_length=12, choices=Confirmation, blank=True)
    confirmation_applied_on = day(_("申请司法确认日"))
    ruling_number = models.CharField(_("裁定书编号"), max_length=60, blank=True)
    ruled_on = day(_("裁定日"))
    left_because = models.CharField(_("理由"), max_length=300, blank=True)
    source = models.CharField(_("来自哪一步"), max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True


#: What a fresh start after remand or reopening clears.
UNDECIDED: dict[str, Any] = {
    "outcome": Outcome.NONE,
    "awarded": None,
    "heads": [],
    "document_number": "",
    "judged_on": None,
    "judgment_served_on": None,
    "is_final": False,
    "appellant": "",
    "effective_on": None,
    "perform_by": None,
    "ending": "",
    "left_because": "",
    "conclusion": "",
}
NOTHING = Decimal(0)
