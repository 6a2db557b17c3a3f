"""Who may be what: roles of people and the part an organisation plays in a case. Never holds a fact about a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A person's role inside one organisation."""

    MANAGER_CLERK = "manager_clerk", _("物业经办人")
    MANAGER_APPROVER = "manager_approver", _("物业审批人")
    MANAGER_CASHIER = "manager_cashier", _("物业出纳")
    INSURER_HANDLER = "insurer_handler", _("理赔经办人")
    INSURER_APPROVER = "insurer_approver", _("理赔复核人")
    INSURER_CASHIER = "insurer_cashier", _("保险公司出纳")
    STREET_CLERK = "street_clerk", _("街道办经办人")
    STREET_LEADER = "street_leader", _("街道办负责人")
    HOUSING_OFFICER = "housing_officer", _("住建部门人员")
    FINANCE_OFFICER = "finance_officer", _("财政经办人")
    FINANCE_CASHIER = "finance_cashier", _("财政出纳")
    REGULATOR_OFFICER = "regulator_officer", _("市场监管人员")
    MAINTENANCE_STAFF = "maintenance_staff", _("维保人员")
    OWNERS_OFFICER = "owners_officer", _("业主委员会经办人")
    AUDITOR = "auditor", _("审计人员")
    OPERATOR = "operator", _("系统运维")
    SYSTEM = "system", _("系统")
    BY_LINK = "by_link", _("凭专属链接的当事人")


#: Roles nobody holds by membership: background work, and people without an account who came by a personal link.
UNHELD_ROLES = frozenset({Role.SYSTEM, Role.BY_LINK})


#: Roles that move money: they sign in with a second factor.
MONEY_ROLES = frozenset(
    {
        Role.MANAGER_APPROVER,
        Role.MANAGER_CASHIER,
        Role.INSURER_APPROVER,
        Role.INSURER_CASHIER,
        Role.STREET_LEADER,
        Role.HOUSING_OFFICER,
        Role.FINANCE_OFFICER,
        Role.FINANCE_CASHIER,
    }
)


class CaseRole(TextChoices):
    """The part an organisation plays in one case; it brings the case into that organisation's scope."""

    USE_MANAGER = "use_manager", _("使用管理人")
    INSURER = "insurer", _("保险人")
    MAINTENANCE = "maintenance", _("维保单位")
    STREET_OFFICE = "street_office", _("街道办事处")
    REGULATOR = "regulator", _("市场监管部门")
    PAYER = "payer", _("付款单位")
    ORGANISER = "organiser", _("表决组织单位")
    HOUSING = "housing", _("住房城乡建设部门")
    FINANCE = "finance", _("财政部门")


@dataclass(frozen=True)
class Verdict:
    """The one answer type of permission: allowed, or refused with a reason a clerk can act on."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True)
class Allowed:
    """One row of an app's MAY table. Closed unless listed.

    roles: who may do the verb. `as_`: the part the actor's organisation must play in the case (empty: any part).
    not_by: verbs whose doer may not do this one (four eyes). transcribe: who may record the step for somebody without
    an account, with the paper as evidence (代录); not for an organisation of the case that has a person with one of
    `roles`, unless `despite_account`; on their word alone if `by_word` (a report by telephone). purposes: with
    Role.BY_LINK among the roles, the purposes of personal links that open the verb (empty: any link to the case).
    """

    roles: frozenset[Role] | set[Role]
    not_by: tuple[str, ...] = ()
    as_: frozenset[CaseRole] | set[CaseRole] = field(default_factory=frozenset)
    transcribe: frozenset[Role] | set[Role] = field(default_factory=frozenset)
    despite_account: bool = False
    by_word: bool = False
    purposes: frozenset[str] | set[str] = field(default_factory=frozenset)
