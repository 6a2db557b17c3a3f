"""One form per step of a recovery file or of a target that needs facts."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, ShareField, StepForm
from legislation.money import ZERO, format_money, parse_money
from recovery import facts as told
from recovery import services
from recovery.models import RecoveryFile, RecoveryTarget
from recovery.selectors import account_of, version_of
from recovery.terms import Capacity, Liability, ShareBasis, Way

LINES = 6
FILE, TARGET = "recovery.recovery_file", "recovery.recovery_target"
GROUNDS = [
    ("", _("按责任份额")),
    ("recourse.ground.joint", _("连带责任人之间")),
    ("recourse.ground.several", _("按份责任超付返还")),
    ("recourse.ground.contractor", _("定作人与承揽人（维保合同）")),
    ("recourse.ground.product", _("产品缺陷")),
    ("recourse.ground.falling_object", _("部件脱落坠落的其他责任人")),
    ("recourse.ground.supplementary", _("承担补充责任后向第三人")),
]


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, initial=timezone.localdate, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more
    )


def words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": rows}), **more)


class _ReasonForm(StepForm):
    reason = words(_("理由"))


@registry.form_for(
    f"{FILE}.decline_write_off",
    f"{FILE}.reopen",
    f"{TARGET}.reopen",
    f"{TARGET}.refer",
    f"{TARGET}.declare_default",
    f"{TARGET}.decline_proposal",
    f"{TARGET}.lift_insolvency",
)
class BecauseForm(_ReasonForm):
    facts_class = told.Because


# -- the file -----------------------------------------------------------------------------------------------------------


@registry.form_for(f"{FILE}.record_shares")
class SharesForm(_ReasonForm):
    """The fault table, up to six parties; what stands is offered for change."""

    facts_class = told.RecordShares
    basis = forms.ChoiceField(label=_("根据"), choices=ShareBasis.choices, widget=forms.RadioSelect)
    liability = forms.ChoiceField(
        label=_("责任形式"), choices=Liability.choices, widget=forms.RadioSelect, initial=Liability.SEVERAL,
        help_text=_("共同侵权、法律规定连带的才是连带责任；没有认定的按按份责任。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incident_id = self.case.parent_id or 0 if self.case else 0
        self.version = version_of(incident_id)
        self.known = list(self.version.shares) if self.version else []
        names = services.known_names(incident_id)
        rows = self.known or [{"capacity": c, "name": names.get(c, ""), "share": ""} for c in list(Capacity.values)[:3]]
        if self.version:
            self.fields["liability"].initial = self.version.liability
        for n in range(LINES):
            row = rows[n] if n < len(rows) else {}
            number = {"n": n + 1}
            self.fields[f"capacity_{n}"] = forms.ChoiceField(
                label=_("第 %(n)s 方") % number, choices=[("", "—"), *Capacity.choices], required=False, initial=row.get("capacity", "")
            )
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("第 %(n)s 方全称") % number, max_length=120, required=False, initial=row.get("name", "")
            )
            self.fields[f"share_{n}"] = ShareField(label=_("第 %(n)s 方份额") % number, required=False, initial=_shown(row.get("share")))
        lines = [f"{kind}_{n}" for n in range(LINES) for kind in ("capacity", "name", "share")]
        self.order_fields(["basis", "liability", *lines, "reason"])

    def field_for(self, name: str) -> str | None:
        return "share_0" if name == "shares" else super().field_for(name)

    def facts(self) -> told.RecordShares:
        data = self.cleaned_data
        lines: list[told.PartyShare] = []
        for n in range(LINES):
            capacity, share = data.get(f"capacity_{n}"), data.get(f"share_{n}")
            if capacity and share is not None:
                lines.append(self._line(capacity, data.get(f"name_{n}") or "", share, lines))
        return told.RecordShares(data["basis"], data["liability"], tuple(lines), data["reason"])

    def _line(self, capacity: str, name: str, share: Any, before: list[told.PartyShare]) -> told.PartyShare:
        """The same party keeps its key; of two with one capacity the second gets a number."""
        name = name.strip() or str(Capacity(capacity).label)
        same = [k for k in self.known if k["capacity"] == capacity]
        found = next((k for k in same if k["name"] == name), same[0] if len(same) == 1 else None)
        taken = {line.party for line in before}
        key = found["party"] if found and found["party"] not in taken else capacity
        number = 2
        while key in taken:
            key, number = f"{capacity}-{number}", number + 1
        return told.PartyShare(key, capacity, name, share, found.get("organisation_id") if found else None)


def _shown(share: Any) -> Any:
    return ShareField().prepare_value(ShareField().to_python(str(share))) if share else ""


@registry.form_for(f"{FILE}.name_party")
class NamePartyForm(StepForm):
    facts_class = told.NameParty
    capacity = forms.ChoiceField(label=_("身份"), choices=[c for c in Capacity.choices if c[0] != Capacity.USE_MANAGER])
    name = forms.CharField(label=_("全称"), max_length=120)


@registry.form_for(f"{FILE}.hand_over")
class HandOverForm(StepForm):
    facts_class = told.HandOver
    confirm = True
    amount = MoneyField(label=_("移交金额"))
    paid_on = day(_("付款日期"))
    voucher_number = forms.CharField(label=_("付款凭证号"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.case, RecoveryFile):
            self.fields["amount"].initial = self.case.to_hand_over


@registry.form_for(f"{FILE}.propose_write_off")
class ProposeWriteOffForm(_ReasonForm):
    facts_class: ClassVar[type] = told.ProposeWriteOff
    is_waiver = forms.BooleanField(
        label=_("是放弃追偿，不是收不回"), required=False, help_text=_("保险赔付有望或正在办理时不能放弃：放弃了，保险人就不赔。")
    )


# -- a target -----------------------------------------------------------------------------------------------------------


class _TargetForm(StepForm):
    @property
    def target(self) -> RecoveryTarget:
        found: RecoveryTarget = RecoveryTarget.objects.get(pk=self.case.pk) if self.case else RecoveryTarget()
        return found

    def offer(self, field: str, value: Any) -> None:
        if field in self.fields and value not in (None, ""):
            self.fields[field].initial = value


@registry.form_for(f"{TARGET}.identify")
class IdentifyForm(_TargetForm):
    facts_class = told.IdentifyTarget
    name = forms.CharField(label=_("全称"), max_length=120)
    address = forms.CharField(label=_("送达地址"), max_length=200)
    contact = forms.CharField(label=_("联系人和电话"), max_length=80, required=False)
    ground = forms.ChoiceField(label=_("追偿根据"), choices=GROUNDS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "address", "contact", "ground"):
            self.offer(name, getattr(self.target, name))


@registry.form_for(f"{TARGET}.decide_referral")
class DecideReferralForm(_ReasonForm):
    facts_class = told.DecideReferral
    pursues = forms.TypedChoiceField(
        label=_("决定"), choices=[("yes", _("继续代位求偿")), ("no", _("不追，保险人自行承担"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("pursues", "reason")


@registry.form_for(f"{TARGET}.demand", f"{TARGET}.remind")
class SendDemandForm(StepForm):
    facts_class = told.SendDemand
    sent_on = day(_("发函日期"))
    delivery = forms.CharField(label=_("送达方式和单号"), max_length=120, initial=_("邮政特快专递"))
    note = forms.CharField(label=_("函中另行说明"), max_length=300, required=False)


@registry.form_for(f"{TARGET}.accept")
class AcceptForm(_TargetForm):
    facts_class = told.Accept
    amount = MoneyField(label=_("承认的金额"))
    answered_on = day(_("答复日期"))
    proposes = forms.CharField(label=_("对方提出怎么付"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("amount", self.target.amount)


@registry.form_for(f"{TARGET}.contest")
class ContestForm(_ReasonForm):
    facts_class = told.Contest
    answered_on = day(_("答复日期"))
    admits = MoneyField(label=_("其中承认的金额"), required=False)
    field_order = ("answered_on", "reason", "admits")


class PlanField(forms.CharField):
    """Instalments, one a line: 2026-12-31 5000."""

    widget = forms.Textarea(attrs={"rows": 5, "placeholder": "2026-12-31 5000.00"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return tuple(self._line(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip())

    def _line(self, number: int, line: str) -> told.Instalment:
        told_ = unicodedata.normalize("NFKC", line).strip()
        match = re.fullmatch(r"(\d{4}-\d{1,2}-\d{1,2})\s+([\d.,]+)\s*元?", told_)
        try:
            if match is None:
                raise ValueError
            year, month, of_month = (int(part) for part in match[1].split("-"))
            return told.Instalment(date(year, month, of_month), parse_money(match[2].replace(",", "")))
        except ValueError as error:
            raise ValidationError(_("第 %(n)s 行没看懂，写成 2026-12-31 5000.00 这样，一期一行。"), params={"n": number}) from error


@registry.form_for(f"{TARGET}.agree_plan")
class AgreePlanForm(_TargetForm):
    facts_class = told.AgreePlan
    signed_on = day(_("签订日期"))
    instalments = PlanField(label=_("分期（日期 金额，一期一行）"))
    terms = words(_("其他约定"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instalments"].help_text = _("合计要等于还没付的 %(left)s 元。") % {"left": format_money(self.target.amount or ZERO)}


@registry.form_for(f"{TARGET}.sue")
class SueForm(_TargetForm):
    facts_class = told.Sue
    confirm = True
    court = forms.CharField(label=_("受理法院"), max_length=120)
    number = forms.CharField(label=_("案号"), max_length=80, required=False, help_text=_("还没有的先空着，在诉讼案里补。"))
    filed_on = day(_("起诉日期"))
    claimed = MoneyField(label=_("请求金额"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("claimed", self.target.amount)


@registry.form_for(f"{TARGET}.propose_settlement")
class ProposeSettlementForm(_ReasonForm):
    facts_class = told.ProposeSettlement
    confirm = True
    amount = MoneyField(label=_("和解总额（已付的在内）"))
    field_order = ("amount", "reason")


@registry.form_for(f"{TARGET}.propose_write_off")
class ProposeGivingUpForm(ProposeWriteOffForm):
    facts_class = told.ProposeGivingUp


@registry.form_for(f"{TARGET}.collect")
class CollectForm(_TargetForm):
    facts_class = told.Collect
    confirm = True
    amount = MoneyField(label=_("金额"))
    way = forms.ChoiceField(label=_("方式"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.MONEY)
    received_on = day(_("收到日期"))
    voucher_number = forms.CharField(label=_("凭证号"), max_length=60)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("抵销的，写明抵销了哪一笔。"))

    def consequences(self) -> list[tuple[Any, Any]]:
        target = self.target
        line = next(t for t in account_of(target.lineage[0]).files[target.parent_id or 0].targets if t.case_id == target.pk)
        left = line.left - self.cleaned_data["amount"]
        return [(_("付款人"), target.name), (_("登记后还欠"), f"{left:,.2f}")]


@registry.form_for(f"{TARGET}.refund")
class RefundForm(_TargetForm):
    facts_class = told.Refund
    confirm = True
    amount = MoneyField(label=_("退还金额"))
    paid_on = day(_("付款日期"))
    voucher_number = forms.CharField(label=_("付款凭证号"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("amount", self.target.refund_due)


@registry.form_for(f"{TARGET}.declare_insolvent")
class DeclareInsolventForm(StepForm):
    facts_class = told.DeclareInsolvent
    since = day(_("从哪天起"))
    document = forms.CharField(label=_("根据的文书"), max_length=120, help_text=_("例如受理破产申请的民事裁定书案号。"))
    reason = words(_("说明"), required=False)
