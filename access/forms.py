"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    use_required_attribute = False
    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        error_messages={"required": _("还没有填用户名。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        error_messages={"required": _("还没有填密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}, render_value=True),
    )


class CodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=_("6 位动态口令"),
        max_length=12,
        error_messages={"required": _("还没有填动态口令。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class OwnPasswordForm(PasswordChangeForm):
    """Django's own, without the browser's bubbles and in our words."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("现在的密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password1"].help_text = _("至少 10 个字符，不要用常见的密码。")
        self.fields["new_password2"].label = _("再输一次新密码")
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.error_messages["required"] = _("这里还没有填。")
