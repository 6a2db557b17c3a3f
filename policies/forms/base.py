"""What the forms of a payout share: the payout itself, how it stands, names of its people."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casework.forms import StepForm
from policies import facts as told
from policies.models import Payout
from policies.selectors import PayoutPosition, payout_position
from policies.terms import INSURED

TOPIC = "policies.payout."


def day_field(label: Any, *, known: bool = True, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, initial=timezone.localdate if known else None, widget=widget, **kwargs)


def text_field(label: Any, *, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **{"max_length": 300, **kwargs})


class PayoutForm(StepForm):
    """Knows its payout and how it stands."""

    @cached_property
    def payout(self) -> Payout:
        assert self.case is not None  # noqa: S101 - a step form of a payout always has one
        found: Payout = Payout.objects.select_related("policy").get(pk=self.case.pk)
        return found

    @cached_property
    def position(self) -> PayoutPosition:
        return payout_position(self.payout)

    def name_of(self, key: str) -> str:
        if key == INSURED:
            return now("被保险人")
        return next((p["name"] for p in self.payout.people if p["key"] == key), key)

    def people(self) -> list[tuple[str, str]]:
        return [(p["key"], p["name"]) for p in self.payout.people]


class ReasonForm(PayoutForm):
    facts_class: ClassVar[type] = told.Because

    reason = text_field(_("理由"))
