"""Forms of a budget pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, StepForm
from funding.calculations import schemes
from funding.facts import ClosePool, ProposeChange
from funding.forms.base import ReasonForm, text_field
from funding.selectors.figures import figures_of
from funding.terms import ChangeKind
from legislation.money import ZERO

if TYPE_CHECKING:
    from funding.models import BudgetPool

POOL = "funding.budget_pool."


class OpenPoolForm(forms.Form):
    """A new pool: which scheme, which year, what people call it."""

    use_required_attribute = False
    scheme = forms.ChoiceField(label=_("补助方案"), choices=lambda: [(s.code, f"{s.name}（{s.code}）") for s in schemes()])
    year = forms.IntegerField(label=_("年度"), min_value=2015, max_value=2100, initial=lambda: timezone.localdate().year)
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如“2026 年老旧电梯更新资金”。"))


@registry.form_for(POOL + "propose_change")
class ProposeChangeForm(StepForm):
    facts_class = ProposeChange
    kind = forms.ChoiceField(label=_("变动"), choices=ChangeKind.choices)
    amount = MoneyField(label=_("金额"), help_text=_("写正数；调减和结转下年按变动的种类扣减。"))
    document = forms.CharField(label=_("文号"), max_length=80)
    reason = text_field(_("原因"), max_length=300)


@registry.form_for(POOL + "confirm_change")
class ConfirmChangeForm(StepForm):
    """The second person sees what was proposed and types nothing."""

    confirm = True

    def facts(self) -> Any:
        return self.facts_class()

    def money(self) -> list[tuple[Any, Any]]:
        pool = self._pool()
        return [(ChangeKind(pool.change_kind).label, pool.change_amount)]

    def consequences(self) -> list[tuple[Any, Any]]:
        pool = self._pool()
        before = figures_of(pool).available
        change = pool.change_amount if pool.is_increase else -(pool.change_amount or ZERO)
        return [
            (_("文号"), pool.change_document),
            (_("原因"), pool.change_reason),
            (_("入账前可用（元）"), f"{before:,.2f}"),
            (_("入账后可用（元）"), f"{before + change:,.2f}"),
        ]

    def _pool(self) -> BudgetPool:
        assert self.case is not None  # noqa: S101 - a pool that is not born has no change to confirm
        return cast("BudgetPool", self.case.specific)


@registry.form_for(POOL + "close")
class ClosePoolForm(StepForm):
    facts_class = ClosePool
    confirm = True
    remaining = MoneyField(label=_("收回的余额"), smallest=ZERO, help_text=_("与账上“还能批”的金额一致；没有余额填 0。"))
    reason = text_field(_("理由"), max_length=300)


registry.form_for(POOL + "decline_change", POOL + "reopen")(ReasonForm)
