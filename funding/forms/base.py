"""What the forms of funding share: days, texts, numbers, yes and no."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.forms import StepForm
from funding.facts import Because

UNKNOWN, YES, NO = "", "yes", "no"
MOST = 1000  # stops, floors, lifts, owners of one building: beyond it surely a slip


def day_field(label: Any, *, today: bool = True, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, initial=timezone.localdate if today else None, widget=widget, **kwargs)


def text_field(label: Any, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **{"max_length": 500, **kwargs})


def number_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST, **kwargs)


def unknown_or_not(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    """Yes, no, or not known yet."""
    return forms.TypedChoiceField(
        label=label,
        choices=((UNKNOWN, _("还不知道")), (NO, _("否")), (YES, _("是"))),
        coerce=lambda value: {YES: True, NO: False}.get(value),
        empty_value=None,
        required=False,
        **kwargs,
    )


class ReasonForm(StepForm):
    """A step that needs a reason and nothing else."""

    facts_class = Because
    reason = text_field(_("理由"), max_length=300)
