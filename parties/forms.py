"""What a second person types about a payee account: the number, read from the paper and not from the screen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmAccountForm(forms.Form):
    number = forms.CharField(
        label=_("账号"),
        max_length=60,
        help_text=_("照着银行卡或开户资料再输一遍，系统来比对。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("还没有填账号。")},
    )
    note = forms.CharField(
        label=_("核对说明"), max_length=200, required=False, help_text=_("户名和收款人不一致时必填，例如“监护人账户，户口本已核对”。")
    )
