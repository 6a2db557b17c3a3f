"""The form at the door of a personal link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LinkCodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=_("6 位验证码"),
        max_length=24,
        error_messages={"required": _("还没有填验证码。"), "max_length": _("验证码是 6 位数字。")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "tb-code tb-code-large"}
        ),
    )
