"""One form per step of a payout that a person types. What is known stands in it already."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, ShareField
from casework.steps import today
from casework.timeline import case_url
from legislation.money import ZERO
from parties import api as parties
from policies import facts as told
from policies import services
from policies.forms.base import TOPIC, PayoutForm, ReasonForm, day_field, text_field
from policies.services import cover
from policies.terms import BY_CLAUSE, GROUNDS, AgreedWith, Answer, CoverQuestion, FixedBy, Head, PayeeKind, Reason


@registry.form_for(f"{TOPIC}register")
class RegisterForm(PayoutForm):
    facts_class = told.RegisterPayout

    first_received_on = day_field(_("首次收到请求或者材料的日期"), help_text=_("三十日核定期从这一天起算。"))
    has_documents = forms.BooleanField(label=_("请求和有关证明资料都已收到"), required=False, initial=True)
    proof = forms.CharField(
        label=_("凭什么认定"), max_length=120, required=False, help_text=_("早于系统记录的请求日的，写收件章、签收单或者邮件的编号。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_received_on"].initial = today(self.payout.happened_at)


@registry.form_for(f"{TOPIC}flag_complex")
class FlagComplexForm(ReasonForm):
    facts_class = told.FlagComplex


@registry.form_for(f"{TOPIC}check_cover")
class CheckCoverForm(PayoutForm):
    """The checklist as the system answers it; the handler corrects what needs a look."""

    facts_class = told.CheckCover

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(self.payout.cover_lines.filter(version=self.payout.cover_version)) if self.payout.cover_version else []
        answers: list[Any] = [*lines] or [*cover.cover_answers(self.payout)]
        self.answers = sorted(answers, key=lambda a: a.verdict not in (Answer.LOOK, Answer.FAILS))  # what needs a look comes first
        for answer in self.answers:
            label = CoverQuestion(answer.code).label
            self.fields[f"fact_{answer.code}"] = forms.CharField(
                label=_("%(question)s：事实") % {"question": label},
                max_length=300,
                initial=answer.fact,
                help_text=answer.source,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"verdict_{answer.code}"] = forms.ChoiceField(
                label=_("%(question)s：结论") % {"question": label}, choices=Answer.choices, initial=answer.verdict
            )
        self.order_fields([f"{part}_{a.code}" for a in self.answers for part in ("fact", "verdict")])

    def facts(self) -> told.CheckCover:
        return told.CheckCover(
            tuple(
                told.CoverAnswer(
                    a.code,
                    self.cleaned_data[f"fact_{a.code}"],
                    a.source if self.cleaned_data[f"fact_{a.code}"] == a.fact else now("经办人核对"),
                    self.cleaned_data[f"verdict_{a.code}"],
                    a.law,
                )
                for a in sorted(self.answers, key=lambda a: CoverQuestion.values.index(a.code))
            )
        )


@registry.form_for(f"{TOPIC}request_supplement")
class RequestSupplementForm(PayoutForm):
    facts_class = told.RequestSupplement

    items = text_field(_("缺哪些材料（一行一项，一次列全）"), rows=6, max_length=2000, help_text=_("同一次请求只能通知一次。"))
    arrived_on = day_field(_("通知到达对方的日期"), help_text=_("核定期从这一天起停止计时。"))

    def facts(self) -> told.RequestSupplement:
        items = tuple(line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip())
        return told.RequestSupplement(items, self.cleaned_data["arrived_on"])


@registry.form_for(f"{TOPIC}receive_supplement")
class ReceiveSupplementForm(PayoutForm):
    facts_class = told.ReceiveSupplement

    arrived_on = day_field(_("补充材料到达的日期"))
    note = text_field(_("收到了什么"), required=False)


@registry.form_for(f"{TOPIC}decide_on_what_is_there")
class DecideOnWhatIsThereForm(PayoutForm):
    facts_class = told.DecideOnWhatIsThere

    note = text_field(_("按现有材料核定的理由"))


@registry.form_for(f"{TOPIC}decide")
class DecideForm(PayoutForm):
    """The decision head by head; the arithmetic follows and is shown before it is sent."""

    facts_class = told.DecidePayout
    confirm = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = self.position.lines
        order = []
        for n, line in enumerate(self.lines):
            what = f"{self.name_of(line.person)} {Head(line.head).label}"
            asked = _("请求 %(asked)s 元") % {"asked": f"{line.asked:,.2f}"}
            self.fields[f"assessed_{n}"] = MoneyField(
                label=_("%(what)s：核算") % {"what": what}, smallest=ZERO, initial=line.asked, help_text=asked
            )
            self.fields[f"accepted_{n}"] = MoneyField(label=_("%(what)s：核定") % {"what": what}, smallest=ZERO, initial=line.asked)
            self.fields[f"reason_{n}"] = forms.ChoiceField(
                label=_("%(what)s：少于请求的理由") % {"what": what}, choices=Reason.choices, required=False
            )
            self.fields[f"clause_{n}"] = forms.CharField(
                label=_("%(what)s：所依条款") % {"what": what}, max_length=120, required=False, help_text=_("因条款不赔的必须写。")
            )
            self.fields[f"note_{n}"] = forms.CharField(
                label=_("%(what)s：说明") % {"what": what}, max_length=200, required=False, help_text=_("写进通知书，当事人会看到。")
            )
            order += [f"{part}_{n}" for part in ("assessed", "accepted", "reason", "clause", "note")]
        self.fields["liability_share"] = ShareField(label=_("被保险人责任比例"), initial=Fraction(self.payout.liability_share))
        self.fields["is_joint"] = forms.BooleanField(
            label=_("连带责任，不按份额扣减"),
            required=False,
            initial=self.payout.is_joint,
            help_text=_("对外承担连带责任的，不得拒赔超出被保险人份额的部分。"),
        )
        self.fields["note"] = text_field(_("说明"), required=False)
        self.order_fields([*order, "liability_share", "is_joint", "note"])

    def facts(self) -> told.DecidePayout:
        typed = self.cleaned_data
        lines = tuple(
            told.DecidedLine(
                line.person,
                line.head,
                line.asked,
                typed[f"assessed_{n}"],
                typed[f"accepted_{n}"],
                typed[f"reason_{n}"],
                typed[f"note_{n}"],
                typed[f"clause_{n}"],
            )
            for n, line in enumerate(self.lines)
        )
        return services.decision(self.payout, lines, str(typed["liability_share"]), is_joint=typed["is_joint"], note=typed["note"])

    def field_for(self, name: str) -> str | None:
        """An error about the lines stands beside the first amount that was cut without a reason, else on top."""
        if name != "lines":
            return super().field_for(name)
        for n, line in enumerate(self.lines):
            accepted = self.cleaned_data.get(f"accepted_{n}", ZERO)
            if accepted < line.asked and not self.cleaned_data.get(f"reason_{n}"):
                return f"reason_{n}"
            if accepted > self.cleaned_data.get(f"assessed_{n}", accepted):
                return f"accepted_{n}"
            if self.cleaned_data.get(f"reason_{n}") in BY_CLAUSE and not self.cleaned_data.get(f"clause_{n}"):
                return f"clause_{n}"
            if self.cleaned_data.get(f"reason_{n}") == Reason.UNDETERMINABLE and not self.cleaned_data.get(f"note_{n}"):
                return f"note_{n}"
        return None

    def consequences(self) -> list[tuple[Any, Any]]:
        sheet = self.facts().sheet
        lines: list[tuple[Any, Any]] = [(_("%(who)s 应付") % {"who": self.name_of(p.person)}, f"{p.payable:,.2f}") for p in sheet.persons]
        return [*lines, (_("不予赔付"), f"{sheet.refused:,.2f}"), (_("应付赔款合计"), f"{sheet.total:,.2f}")]


@registry.form_for(f"{TOPIC}decide_refusal")
class DecideRefusalForm(PayoutForm):
    facts_class = told.RefusePayout
    confirm = True

    reason = forms.ChoiceField(label=_("拒赔理由"), choices=[(str(r.value), r.label) for r in GROUNDS])
    clause = forms.CharField(label=_("所依条款"), max_length=120, help_text=_("写明保险条款或者法条的条号。"))
    found = text_field(_("查明的事实"), max_length=500, help_text=_("时间、地点、经过和出处。写进拒绝赔付通知书，当事人会看到。"))
    note = text_field(_("为什么不予赔付"), help_text=_("写进拒绝赔付通知书，当事人会看到。"))


@registry.form_for(f"{TOPIC}approve")
class ApproveForm(PayoutForm):
    facts_class = told.ApproveDecision
    confirm = True

    amount = MoneyField(label=_("应付赔款"), disabled=True, smallest=ZERO, required=False)
    note = text_field(_("复核意见"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.payout.decided_amount

    def consequences(self) -> list[tuple[Any, Any]]:
        return [
            (self.name_of(line.person) + f"（{PayeeKind(line.payee_kind).label}）", f"{line.amount:,.2f}") for line in self.position.payees
        ]


@registry.form_for(f"{TOPIC}approve_refusal")
class ApproveRefusalForm(PayoutForm):
    facts_class = told.ApproveRefusal
    confirm = True

    note = text_field(_("复核意见"), required=False)


@registry.form_for(f"{TOPIC}send_back")
class SendBackForm(ReasonForm):
    facts_class = told.SendBack


@registry.form_for(f"{TOPIC}send_refusal", f"{TOPIC}send_part_refusal")
class SendRefusalForm(PayoutForm):
    facts_class = told.SendRefusal

    sent_on = day_field(_("通知书发出的日期"))


@registry.form_for(f"{TOPIC}agree")
class AgreeForm(PayoutForm):
    facts_class = told.AgreeAmount
    confirm = True

    agreed_with = forms.ChoiceField(label=_("与谁达成协议"), choices=AgreedWith.choices)
    agreed_on = day_field(_("达成协议的日期"), help_text=_("付款期限从这一天起算。"))
    amount = MoneyField(label=_("协议金额"), disabled=True, smallest=ZERO, required=False)
    note = text_field(_("说明"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.payout.decided_amount


@registry.form_for(f"{TOPIC}close")
class CloseForm(ReasonForm):
    reason = text_field(_("结案说明"), required=False)


@registry.form_for(f"{TOPIC}withdraw", f"{TOPIC}reopen", f"{TOPIC}uphold", f"{TOPIC}uphold_refusal")
class BecauseForm(ReasonForm):
    confirm = True


@registry.form_for(f"{TOPIC}name_account")
class NameAccountForm(PayoutForm):
    """An account that parties knows of one of the people; new accounts are added there and looked at by two."""

    facts_class = told.NameAccount

    account = forms.ChoiceField(label=_("收款账户"), help_text=_("没有要选的账户，先到当事人那里登记。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {
            f"{person['key']}:{account.id}": (person, account)
            for person in self.payout.people
            if person["party_id"] is not None
            for account in parties.accounts_of(person["party_id"])
        }
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (key, f"{person['name']} {account.bank} {account.masked}") for key, (person, account) in self.known.items()
        ]
        if not self.known and self.payout.parent is not None:
            self.fields["account"].help_text = format_html(
                '{} <a href="{}#people">{}</a>',
                now("还没有人登记收款账户。账户在理赔案上登记，由两个人核对过才能付款。"),
                case_url(self.payout.parent),
                now("去登记收款账户"),
            )

    def facts(self) -> told.NameAccount:
        person, account = self.known[self.cleaned_data["account"]]
        return told.NameAccount(person["key"], account.id, account.masked)


@registry.form_for(f"{TOPIC}answer_consent")
class AnswerConsentForm(PayoutForm):
    facts_class = told.AnswerConsent

    consents = forms.TypedChoiceField(
        label=_("答复"), choices=[("yes", _("同意")), ("no", _("不同意"))], coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    reason = text_field(_("理由"), required=False, help_text=_("不同意的必须写。"))


@registry.form_for(f"{TOPIC}record_liability_fixed")
class LiabilityFixedForm(PayoutForm):
    facts_class = told.LiabilityFixed

    person = forms.ChoiceField(label=_("对谁的责任"))
    fixed_by = forms.ChoiceField(label=_("怎么确定的"), choices=FixedBy.choices)
    fixed_on = day_field(_("确定的日期"), known=False)
    amount = MoneyField(label=_("确定的金额"), smallest=ZERO)
    document = forms.CharField(label=_("文书编号"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = self.people()  # type: ignore[attr-defined]


@registry.form_for(f"{TOPIC}record_victim_payment")
class VictimPaidForm(PayoutForm):
    facts_class = told.VictimPaid
    confirm = True

    person = forms.ChoiceField(label=_("付给了谁"))
    amount = MoneyField(label=_("金额"))
    paid_on = day_field(_("付款日"), known=False)
    proof = forms.CharField(label=_("凭证编号"), max_length=120, help_text=_("银行回单或者收据的编号；同一张只登记一次。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = self.people()  # type: ignore[attr-defined]
