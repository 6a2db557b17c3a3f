"""The forms around a roll: its table, and the corrections with their papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import place_validator
from consultation.forms.ballot import AreaField, day
from consultation.terms import AreaBasis, Matter, Presence, Scope


class RollForm(forms.Form):
    """What a roll is of; the file comes beside it."""

    use_required_attribute = False
    file = forms.FileField(label=_("名册文件"), required=False, help_text=_("XLSX 或 CSV；列：房号、业主、面积，其他列可以没有。"))
    name = forms.CharField(label=_("名册叫什么"), max_length=120, help_text=_("例如：城市花园 7 座 1 单元。"))
    place = forms.CharField(label=_("所在地"), max_length=6, validators=[place_validator], help_text=_("六位行政区划代码。"))
    scope = forms.ChoiceField(label=_("哪些业主有票"), choices=Scope.choices)
    scope_reason = forms.CharField(label=_("为什么是这个范围"), max_length=300, help_text=_("例如：电梯只服务本单元。会印在每一份文书上。"))
    is_practice = forms.BooleanField(label=_("演练，不作数"), required=False)
    without_errors = forms.BooleanField(label=_("先导入没有问题的行"), required=False)


class _UnitForm(forms.Form):
    use_required_attribute = False
    unit = forms.ChoiceField(label=_("房号"))

    def __init__(self, *args: Any, roll: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(row.unit, row.unit) for row in roll.units.all()]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class OwnerForm(_UnitForm):
    owners = forms.CharField(label=_("新业主"), max_length=200, help_text=_("共有人用顿号隔开。"))
    since = day(_("从哪天起"), initial=timezone.localdate)
    document = forms.CharField(label=_("凭据"), max_length=200, help_text=_("不动产权证号、继承公证书号等。"))
    apart = forms.CharField(label=_("和别户同名时，写一个数字区分"), max_length=10, required=False)


class AreaForm(_UnitForm):
    area = AreaField(label=_("面积（㎡）"))
    basis = forms.ChoiceField(label=_("依据"), choices=AreaBasis.choices)
    document = forms.CharField(label=_("凭据"), max_length=200)


class PresenceForm(_UnitForm):
    presence = forms.ChoiceField(label=_("联系情况"), choices=Presence.choices, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class DisputeForm(_UnitForm):
    said_by = forms.CharField(label=_("谁提出的"), max_length=60)
    text = forms.CharField(label=_("哪里不对"), max_length=500)


class BallotForm(forms.Form):
    """A ballot on its own."""

    use_required_attribute = False
    matter = forms.ChoiceField(label=_("表决什么事"), choices=[("", _("选一个")), *Matter.choices])
    matter_reason = forms.CharField(
        label=_("为什么按这条线"), max_length=300, required=False, help_text=_("例如：费用全部由现有维修资金支付。")
    )
    law_date = day(_("按哪天的法律"), initial=timezone.localdate)
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("方案"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))
    contact = forms.CharField(label=_("联系人和电话"), max_length=120, required=False)
    is_official = forms.BooleanField(label=_("已经在市级平台投过，只录入结果"), required=False)
