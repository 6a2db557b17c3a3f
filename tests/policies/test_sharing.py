"""Several insurers of one liability, heirs and funds as payees, bills that come later, whoever else is insured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import Organisation
from access.roles import CaseRole
from casework.models import Deadline
from casework.outbox import drain
from ledger import api as ledger
from policies import api
from policies.facts import AskOtherPolicy, Because, LossFact, NamePayees, PayeeShare, RequestFurther, RequestSupplement, SetContribution
from policies.models import Payout
from policies.selectors import payout_position
from tests.factories.elevators import make_incident
from tests.factories.policies import (
    agree,
    approve,
    ask,
    ask_injury,
    decide,
    do,
    fix_liability,
    fresh,
    make_account,
    make_people,
    make_policy,
    make_room,
    orders,
    pay_all,
    refused_by,
    register,
    to_agreed,
    to_complete,
    to_decided,
    yuan,
)

pytestmark = pytest.mark.django_db
LOSS = {"medical": "8000.00", "lost_income": "2000.00"}
NONE = {"medical_per_person": None, "per_person": None}


def second(payout):
    return Payout.objects.exclude(pk=payout.pk).get(parent_id=payout.parent_id)


class TestTwoPolicies:
    def both(self, *, sums=("3000000.00", "1000000.00")):
        room = make_room(per_accident=yuan(sums[0]), **NONE)
        other = make_policy(room.lobby, per_accident=yuan(sums[1]), product="物业管理公众责任保险", **NONE)
        payout = ask_injury(room, LOSS)
        assert {p.number for p in api.policies_for(payout.elevator_id, timezone.now())} == {room.policy.number, other.number}
        return room, other, payout

    def test_each_bears_by_its_sum_insured_and_both_never_above_the_loss(self):
        room, other, first = self.both()
        first = do(first, "ask_other_policy", room.lobby.clerk, AskOtherPolicy(other.pk))
        payouts = [to_agreed(room, payout) for payout in (first, second(first))]
        assert [p.contribution for p in payouts] == ["3/4", "1/4"]
        assert [p.decided_amount for p in payouts] == [yuan("7500.00"), yuan("2500.00")]
        payouts = [pay_all(room, payout) for payout in payouts]
        assert sum(p.paid_amount for p in payouts) == yuan("10000.00") and {p.state for p in payouts} == {"paid"}

    def test_what_one_insurer_pays_the_injured_is_not_owed_by_the_other(self):
        room, other, first = self.both()
        first = do(first, "ask_other_policy", room.lobby.clerk, AskOtherPolicy(other.pk))
        other_payout = second(first)
        for payout in (first, other_payout):
            api.record_victim_payment(
                payout_id=payout.pk,
                person="P1",
                amount=yuan("4000.00"),
                paid_on=timezone.localdate(),
                proof="YJ-1",
                by=room.handler,
                happened_at=timezone.now(),
            )
        paid = [pay_all(room, to_agreed(room, payout)) for payout in (first, other_payout)]
        to = {"victim": yuan("0.00"), "insured": yuan("0.00")}
        for payout in paid:
            for payment in payout_position(payout).payments:
                to[payment.payee_kind] += payment.amount
        assert to == {"victim": yuan("6000.00"), "insured": yuan("4000.00")}

    def test_the_handler_says_otherwise_with_a_reason(self):
        room, _other, payout = self.both()
        payout = to_complete(room, payout)
        facts = SetContribution("1", "", "本保单约定先行赔付")
        assert do(payout, "set_contribution", room.handler, facts).contribution == "1"
        assert refused_by(payout, "set_contribution", room.handler, SetContribution("1/2", "", "各半")) == ["others"]
        assert refused_by(payout, "set_contribution", room.handler, SetContribution("3/2", "X", "各半")) == ["share"]
        assert decide(room, payout).decided_amount == yuan("10000.00")

    def test_only_a_policy_that_covers_and_was_not_asked(self):
        room, other, payout = self.both()
        for policy_id in (room.policy.pk, 999999):
            assert refused_by(payout, "ask_other_policy", room.lobby.clerk, AskOtherPolicy(policy_id)) == ["policy_id"]
        payout = do(payout, "ask_other_policy", room.lobby.clerk, AskOtherPolicy(other.pk))
        assert refused_by(payout, "ask_other_policy", room.lobby.clerk, AskOtherPolicy(other.pk)) == ["policy_id"]


class TestWhoeverElseReceives:
    def heirs(self, room, *names):
        return tuple(
            PayeeShare(name, "heir", make_account(room, name), share) for name, share in zip(names, ("1/3", "1/3", "1/3"), strict=True)
        )

    def test_three_heirs_divide_to_the_fen(self):
        room = make_room()
        payout = ask_injury(room, {"death_compensation": "100000.00"})
        heirs = self.heirs(room, "黄大文", "黄二文", "黄小文")
        payout = do(payout, "name_payees", room.handler, NamePayees("P1", heirs, "公证书 2026-118"))
        payout = to_agreed(room, payout)
        paid = [(o.payee_name, o.amount) for o in orders(payout)]
        assert sum(amount for _name, amount in paid) == yuan("100000.00")
        assert sorted(amount for _name, amount in paid) == [yuan("33333.33"), yuan("33333.33"), yuan("33333.34")]
        assert pay_all(room, payout).state == "paid"

    def test_what_came_back_from_one_goes_to_that_one_again(self):
        from casework.steps import perform

        room = make_room()
        payout = do(
            ask_injury(room, {"death_compensation": "90000.00"}),
            "name_payees",
            room.handler,
            NamePayees("P1", self.heirs(room, "黄大文", "黄二文", "黄小文"), "公证书"),
        )
        payout = to_agreed(room, payout)
        order = orders(payout)[1]
        perform(order, "release", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.ReleasePayment(account_checked=True))
        order = type(order).objects.get(pk=order.pk)
        perform(order, "return_", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.ReturnPayment("账号有误"))
        drain()
        again = orders(payout)[-1]
        assert (again.payee_name, again.amount, len(orders(payout))) == (order.payee_name, yuan("30000.00"), 4)

    def test_the_medical_fund_gets_back_what_it_paid_and_the_person_the_rest(self):
        room = make_room()
        payees = (
            PayeeShare("广州市医疗保障局（演示）", "medical_fund", None, "", yuan("5000.00")),
            PayeeShare("黄淑芬", "guardian", make_account(room, "黄淑芬"), "1"),
        )
        payout = do(ask_injury(room, LOSS), "name_payees", room.handler, NamePayees("P1", payees, "基金支付凭证 2026-7"))
        payout = to_agreed(room, payout)
        assert [(o.payee_name, o.amount) for o in orders(payout)] == [
            ("广州市医疗保障局（演示）", yuan("5000.00")),
            ("黄淑芬", yuan("5000.00")),
        ]

    @pytest.mark.parametrize("shares", [("1/2", "1/3"), ("1", "1/3"), ("x", "1")])
    def test_shares_make_the_whole(self, shares):
        room = make_room()
        payout = ask_injury(room, LOSS)
        payees = tuple(PayeeShare(f"黄{n}文", "heir", None, share) for n, share in enumerate(shares))
        assert refused_by(payout, "name_payees", room.handler, NamePayees("P1", payees, "公证书")) == ["payees"]

    def test_payees_survive_a_new_worksheet(self):
        room = make_room()
        payout = ask_injury(room, {"death_compensation": "90000.00"})
        payout = do(payout, "name_payees", room.handler, NamePayees("P1", self.heirs(room, "黄大文", "黄二文", "黄小文"), "公证书"))
        api.revise_loss(
            payout_id=payout.pk,
            people=(api.PersonFact("P1", "黄*芬", True),),
            lines=(LossFact("P1", "death_compensation", yuan("1.00")),),
            by=room.lobby.clerk,
            happened_at=timezone.now(),
        )
        assert len(fresh(payout).people[0]["payees"]) == 3


class TestLater:
    def test_bills_of_later_months_are_a_request_with_its_own_clocks_and_its_own_list(self):
        room = make_room(medical_per_person=yuan("9000.00"))
        first = register(room, ask_injury(room, LOSS))
        first = do(first, "request_supplement", room.handler, RequestSupplement(("出院小结",), timezone.localdate()))
        from policies.facts import ReceiveSupplement
        from tests.factories.policies import cover_holds

        first = do(first, "receive_supplement", room.handler, ReceiveSupplement(timezone.localdate()))
        first = approve(room, decide(room, do(first, "check_cover", room.handler, cover_holds(first))))
        first = pay_all(room, agree(room, fix_liability(room, first)))
        assert first.state == "paid"

        lines = (LossFact("P1", "medical", yuan("3000.00"), basis="三个月后的复查票据"),)
        first = do(first, "request_further", room.lobby.clerk, RequestFurther(lines, "复查"))

        later = second(first)
        assert (later.state, later.requested_amount, later.first_received_on) == ("requested", yuan("3000.00"), None)
        later = register(room, later)
        later = do(later, "request_supplement", room.handler, RequestSupplement(("复查病历",), timezone.localdate()))
        assert (later.state, Deadline.objects.get(case=later, rule="decision").status) == ("supplement", "paused")
        later = do(later, "receive_supplement", room.handler, ReceiveSupplement(timezone.localdate()))
        later = decide(room, do(later, "check_cover", room.handler, cover_holds(later)))
        assert later.decided_amount == yuan("1000.00")  # what is left of the person's medical limit

    def test_a_revised_grade_pays_the_difference(self):
        room = make_room()
        payout = pay_all(room, to_agreed(room, ask_injury(room, {"disability_compensation": "50000.00"})))
        payout = do(payout, "reopen", room.handler, Because("重新鉴定为九级"))
        api.revise_loss(
            payout_id=payout.pk,
            people=tuple(api.PersonFact(**{**p, "payees": ()}) for p in payout.people),
            lines=(LossFact("P1", "disability_compensation", yuan("100000.00")),),
            by=room.lobby.clerk,
            happened_at=timezone.now(),
        )
        payout = fix_liability(room, fresh(payout))
        payout = agree(room, approve(room, decide(room, payout)))
        assert orders(payout)[-1].amount == yuan("50000.00")
        assert pay_all(room, payout).paid_amount == yuan("100000.00")

    def test_a_grade_revised_down_asks_the_difference_back(self):
        room = make_room()
        payout = pay_all(room, to_agreed(room, ask_injury(room, {"disability_compensation": "50000.00"})))
        payout = do(payout, "reopen", room.handler, Because("重新鉴定为十级"))
        payout = approve(room, decide(room, payout, accepted={("P1", "disability_compensation"): "20000.00"}))
        assert (payout.state, payout.claw_back_amount) == ("decided", yuan("30000.00"))


class TestCover:
    def test_cover_that_ended_the_day_before_is_refused_with_the_minute(self):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        room = make_room(since=midnight - timedelta(days=365), until=midnight)
        incident = make_incident(room.lobby, trapped=1, started=1)
        assert api.policy_for(incident.elevator_id, incident.started_at) is None
        assert api.last_policy_before(incident.elevator_id, incident.started_at).number == room.policy.number

        payout = register(room, ask_injury(room, LOSS, incident=incident))

        line = payout.cover_lines.get(version=payout.cover_version, code="period")
        assert line.verdict == "fails" and "24:00" in line.fact and f"{timezone.localtime(incident.started_at):%H:%M}" in line.fact

    def test_a_lift_without_cover_has_no_policy_to_ask(self):
        from tests.factories.elevators import make_lobby

        lobby = make_lobby(insured=False)
        assert api.policy_for(lobby.elevator.pk, timezone.now()) is None
        assert api.policies_for(lobby.elevator.pk, timezone.now()) == ()
        assert api.last_policy_before(lobby.elevator.pk, timezone.now()) is None


class TestMaintenanceUnit:
    def test_insured_too_it_asks_in_its_own_name_and_gets_back_what_it_proved(self):
        room = make_room()
        unit = Organisation.objects.get(pk=room.lobby.maintainer.organisation_id)
        staff = room.lobby.maintainer
        incident = make_incident(room.lobby, trapped=52)
        people = make_people(room, ("黄淑芬",), injured=True)
        lines = (LossFact("P1", "medical", yuan("1000.00")),)
        more = {"requested_by": unit.pk, "asked_as": CaseRole.MAINTENANCE, "by": staff}
        given = {
            "claim_case": incident,
            "policy_id": room.policy.pk,
            "incident_id": incident.pk,
            "people": people,
            "lines": lines,
            "happened_at": timezone.now(),
            **more,
        }
        with pytest.raises(ValidationError):
            api.open_payout(**given)

        room.policy.insured.create(organisation=unit, capacity="maintenance_contractor")
        payout = fresh(api.open_payout(**given))
        drain()
        payout = to_decided(room, payout)
        api.record_victim_payment(
            payout_id=payout.pk,
            person="P1",
            amount=yuan("1000.00"),
            paid_on=timezone.localdate(),
            proof="WB-1",
            by=room.handler,
            happened_at=timezone.now(),
        )
        payout = agree(room, fix_liability(room, fresh(payout)))
        assert [(o.payee_name, o.amount) for o in orders(payout)] == [(unit.name, yuan("1000.00"))]
        line = payout.cover_lines.get(version=1, code="subrogation")
        assert line.verdict == "look"
        assert ask(room, make_incident(room.lobby, trapped=52), people, lines).asked_as == "use_manager"
