"""Forms about a piece of evidence: its terms, and the ground on which it goes to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.models import Evidence, SharingConsent

if TYPE_CHECKING:
    from typing import Self


class TermsForm(forms.Form):
    """Where the piece came from, whether it tells of a person, who may read it, what for."""

    use_required_attribute = False
    source = forms.CharField(label=_("从哪里来的"), max_length=200, required=False, help_text=_("例如“伤者本人提供”“广州某医院复印”。"))
    sensitivity = forms.ChoiceField(
        label=_("涉及个人信息吗"),
        choices=Evidence.Sensitivity.choices,
        help_text=_("病历、票据、银行账户、行踪，以及未满十四岁的人的一切信息，都是敏感个人信息。"),
    )
    audience = forms.MultipleChoiceField(
        label=_("只给谁看"),
        choices=CaseRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选就是本案各单位都能看；涉及个人信息的，还要登记依据。"),
    )
    purpose = forms.CharField(label=_("使用目的"), max_length=200, required=False)

    @classmethod
    def of(cls, piece: Evidence) -> Self:
        names = ("source", "sensitivity", "audience", "purpose")
        return cls(initial={name: getattr(piece, name) for name in names})


class ConsentForm(forms.Form):
    """Who agreed, to whom the piece may go, what for, and what proves it."""

    use_required_attribute = False
    basis = forms.ChoiceField(label=_("依据"), choices=SharingConsent.Basis.choices)
    given_by = forms.CharField(
        label=_("谁同意的"), max_length=60, required=False, help_text=_("本人或者监护人的姓名；依法提供、紧急情况可以不填。")
    )
    recipients = forms.MultipleChoiceField(
        label=_("提供给谁"),
        choices=CaseRole.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("还没有选“提供给谁”。")},
    )
    purpose = forms.CharField(label=_("提供的目的"), max_length=200, error_messages={"required": _("还没有填“提供的目的”。")})
    given_on = forms.DateField(
        label=_("同意的日子"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("还没有填“同意的日子”。")},
    )
    proof = forms.CharField(
        label=_("凭什么为证"),
        max_length=200,
        help_text=_("例如“签字的同意书，9月5日”“电话录音编号”。"),
        error_messages={"required": _("还没有填“凭什么为证”。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_on"].initial = timezone.localdate
