"""Forms about the people of a claim: what they say, who follows when one dies, which fund paid first, their personal link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, ShareField, StepForm
from claims import facts as told
from claims.forms.claim import ClaimForm, day, long_text
from claims.terms import Fund, Word
from parties import api as parties

if TYPE_CHECKING:
    from claims.models import Claim

#: Relations by which somebody may inherit.
KIN = (
    parties.RelationKind.SPOUSE,
    parties.RelationKind.PARENT,
    parties.RelationKind.CHILD,
    parties.RelationKind.SIBLING,
    parties.RelationKind.HEIR,
)


@registry.form_for("claims.claim.hear_victim")
class HearVictimForm(StepForm):
    facts_class = told.VictimSays
    kind = forms.ChoiceField(label=_("提问还是异议"), choices=Word.choices, widget=forms.RadioSelect, initial=Word.QUESTION)
    text = long_text(_("说了什么"), max_length=1000)


@registry.form_for("claims.claim.record_heirs")
class RecordHeirsForm(ClaimForm):
    """A share for each relative that parties knows of the dead; an empty one inherits nothing."""

    facts_class = told.RecordHeirs
    died_on = day(_("去世日期"))
    document = forms.CharField(label=_("凭什么认定"), max_length=120, help_text=_("死亡证明和亲属关系证明、继承公证书的编号。"))
    representative = forms.ChoiceField(label=_("谁代表领款"), required=False, help_text=_("都同意由一位代领的选这一位；各领各的不选。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.claim.people[0]
        known = parties.party(person["party_id"]) if person["party_id"] else None
        self.relatives = {r.other.id: r for r in known.relations if r.kind in KIN} if known else {}
        for key, relation in self.relatives.items():
            label = _("%(name)s（%(relation)s）的份额") % {"name": relation.other.masked_name, "relation": relation.label}
            self.fields[f"share_{key}"] = ShareField(label=label, required=False)
        choices = [("", _("各领各的")), *((str(k), r.other.masked_name) for k, r in self.relatives.items())]
        self.fields["representative"].choices = choices  # type: ignore[attr-defined]
        if not self.relatives:
            self.fields["document"].help_text = _("还没有登记近亲属：先在“身份和收款账户”里登记，再回来写份额。")

    def field_for(self, name: str) -> str | None:
        return super().field_for(name) or (f"share_{next(iter(self.relatives))}" if name == "heirs" and self.relatives else None)

    def facts(self) -> told.RecordHeirs:
        data = self.cleaned_data
        heirs = tuple(
            told.Heir(key, relation.other.masked_name, relation.label, data[f"share_{key}"])
            for key, relation in self.relatives.items()
            if data.get(f"share_{key}")
        )
        chosen = data.get("representative")
        return told.RecordHeirs(data["died_on"], heirs, int(chosen) if chosen else None, data["document"])


@registry.form_for("claims.claim.record_fund")
class RecordFundForm(StepForm):
    facts_class = told.RecordFund
    fund = forms.ChoiceField(label=_("哪个基金"), choices=Fund.choices, widget=forms.RadioSelect, initial=Fund.MEDICAL_INSURANCE)
    name = forms.CharField(label=_("经办机构全称"), max_length=120)
    amount = MoneyField(label=_("已先行支付"))
    document = forms.CharField(label=_("凭证"), max_length=120, help_text=_("结算单或者缴款通知书的编号；归还时按通知书缴款。"))


class RelativeForm(forms.Form):
    """Somebody next to a person of the claim: an heir, a guardian. Their account waits for a second person like any other."""

    use_required_attribute = False
    relative_name = forms.CharField(label=_("姓名"), max_length=40)
    relation = forms.ChoiceField(label=_("是本人的"), choices=[c for c in parties.RelationKind.choices if c[0] != "agent"])
    relative_id_number = forms.CharField(label=_("身份证号"), max_length=18, required=False)
    relative_bank = forms.CharField(label=_("开户行"), max_length=60, required=False)
    relative_number = forms.CharField(label=_("收款账号"), max_length=40, required=False)

    def refuse(self, errors: dict[str, list[Any]]) -> None:
        for name, says in errors.items():
            for sentence in says:
                self.add_error(f"relative_{name}" if f"relative_{name}" in self.fields else None, sentence)


class VictimLinkForm(forms.Form):
    """For whom the personal page is, and how long it stays open."""

    use_required_attribute = False
    key = forms.ChoiceField(label=_("给哪一位"))
    label = forms.CharField(label=_("怎么称呼"), max_length=40, help_text=_("页面上这样问候，例如“黄女士”。由近亲属来办的，写近亲属。"))
    days = forms.IntegerField(label=_("多少天内有效"), initial=90, min_value=1, max_value=365)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(person["key"], person["name"]) for person in claim.people]  # type: ignore[attr-defined]
        self.fields["label"].initial = claim.people[0]["name"] if claim.people else ""
