"""The pages of claims as people meet them: the list, the deposit at night, the worksheet, identity and account, scope."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import Role
from casework.models import Evidence
from claims.models import Advance, Claim
from damages import api as damages
from parties import api as parties
from tests.factories.access import make_actor
from tests.factories.claims import approve, assess, do, fresh, insure, make_house, make_injury, pay, propose

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    return make_injury(house)


@pytest.fixture
def enter(client):
    def go(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        session = client.session
        session["second_factor_at"] = timezone.now().isoformat()
        session.save()
        return client

    return go


def proposal(**changes):
    facts = {
        "amount": "8000",
        "payee_kind": "hospital",
        "payee_name": "海珠区测试医院",
        "purpose": "住院预交款",
        "basis": "POLICY_2018_8",
        "basis_document": "",
        "estimate": "",
        "bank": "",
        "number": "",
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "seen": "1",
    }
    return {**facts, **changes}


def test_the_list_shows_my_claims_and_no_others(house, claim, enter):
    page = enter(house.clerk).get(reverse("claims:claims")).content.decode()
    assert claim.reference in page
    stranger = make_actor(Role.MANAGER_CLERK)
    page = enter(stranger).get(reverse("claims:claims")).content.decode()
    assert claim.reference not in page


def test_the_case_page_shows_people_damages_and_money(house, claim, enter):
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    assess(fresh(claim), house.clerk)
    page = enter(house.clerk).get(reverse("casework:case", args=[claim.reference])).content.decode()
    for text in ("穿红衣的女士", "120.00 元 × 10 天", "13,200.00", "8,000.00", "垫付不等于承认责任", "提出垫付"):
        assert text in page


def test_the_advance_and_recovery_pages_say_that_nothing_is_admitted(house, claim, enter):
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    from recovery.models import RecoveryFile

    for case in (advance, RecoveryFile.objects.get()):
        page = enter(house.clerk).get(reverse("casework:case", args=[case.reference])).content.decode()
        assert "8,000.00" in page
        assert "垫付" in page


def test_from_the_incident_two_taps_lead_to_the_deposit(house, claim, enter):
    client = enter(house.clerk)
    page = client.get(reverse("casework:case", args=[claim.parent.reference])).content.decode()
    url = reverse("claims:advance", args=[claim.reference])
    assert url in page

    answer = client.post(url, proposal(notice=SimpleUploadedFile("notice.png", PNG), estimate="8000"))

    advance = Advance.objects.get()
    assert answer.status_code == 302
    assert (advance.amount, advance.state, fresh(claim).estimate) == (Decimal("8000.00"), "proposed", Decimal("8000.00"))
    assert Evidence.objects.filter(case_id=advance.pk, code="deposit_notice").count() == 1


def test_an_urgent_deposit_goes_on_to_its_confirmation(house, claim, enter):
    answer = enter(house.clerk).post(reverse("claims:advance", args=[claim.reference]), proposal(emergency="on"))
    assert answer.url == reverse("casework:step", args=[Advance.objects.get().reference, "approve_in_emergency"])


def test_a_typed_account_waits_for_a_colleague(house, claim, enter):
    enter(house.clerk).post(
        reverse("claims:advance", args=[claim.reference]), proposal(bank="测试银行海珠支行", number="44050100000000012345")
    )
    advance = Advance.objects.get()
    account = parties.account(advance.account_id)
    assert (account.is_confirmed, advance.account, advance.bank) == (False, "尾号 2345", "测试银行海珠支行")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("amount", {"amount": "-5"}),
        ("amount", {"amount": "abc"}),
        ("amount", {"amount": "1e9"}),
        ("payee_name", {"payee_name": ""}),
        ("basis_document", {"basis": "CONTRACT"}),
        ("number", {"bank": "测试银行"}),
        ("happened_at", {"happened_at": "2099-01-01T00:00"}),
    ],
)
def test_bad_input_stays_in_the_form_beside_its_field(house, claim, enter, field, changes):
    answer = enter(house.clerk).post(reverse("claims:advance", args=[claim.reference]), proposal(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "住院预交款" in page
    assert Advance.objects.count() == 0


def test_a_mislabelled_notice_leaves_nothing_behind(house, claim, enter):
    notice = SimpleUploadedFile("photo.png", b"<html><script>alert(1)</script></html>")
    answer = enter(house.clerk).post(reverse("claims:advance", args=[claim.reference]), proposal(notice=notice))
    assert answer.status_code == 422
    assert (Advance.objects.count(), fresh(claim).estimate) == (0, None)


@pytest.mark.parametrize("page", ["advance", "worksheet", "person"])
def test_another_organisations_claim_is_not_there(house, claim, enter, page):
    args = [claim.reference, "P1"] if page == "person" else [claim.reference]
    client = enter(make_actor(Role.MANAGER_CLERK))
    assert client.get(reverse(f"claims:{page}", args=args)).status_code == 404
    assert client.post(reverse(f"claims:{page}", args=args), proposal()).status_code == 404


def test_the_insurer_sees_the_claim_and_does_not_write_its_worksheet(house, enter):
    insure(house)
    claim = make_injury(house)
    client = enter(house.lobby.handler)
    assert client.get(reverse("casework:case", args=[claim.reference])).status_code == 200
    assert client.get(reverse("claims:worksheet", args=[claim.reference])).status_code == 403
    assert client.get(reverse("claims:advance", args=[claim.reference])).status_code == 403


def sheet(**changes):
    today = timezone.localdate().isoformat()
    return {
        "outcome": "injury",
        "law_date": today,
        "medical-amount": "12,000",
        "medical-asked": "15000",
        "medical-bills": "3",
        "lost_income-rate": "120",
        "lost_income-quantity": "10",
        **changes,
    }


def test_the_worksheet_is_computed_while_typing_and_saved_as_a_version(house, claim, enter):
    client = enter(house.clerk)
    url = reverse("claims:worksheet", args=[claim.reference])
    assert client.get(url).status_code == 200
    live = client.post(reverse("claims:preview", args=[claim.reference]), sheet()).content.decode()
    assert "13,200.00" in live
    assert "120.00 元 × 10 天" in live
    assert damages.current(claim.pk) is None

    answer = client.post(url, sheet())

    saved = damages.current(claim.pk)
    assert answer.url == reverse("casework:step", args=[claim.reference, "assess"])
    assert (saved.version, saved.total, saved.lines[0].asked) == (1, Decimal("13200.00"), Decimal("15000.00"))
    page = client.get(url).content.decode()
    assert 'value="12000.00"' in page
    again = client.post(url, sheet())
    assert again.status_code == 422
    client.post(url, sheet(reason="补交票据", **{"medical-amount": "13000"}))
    assert damages.current(claim.pk).total == Decimal("14200.00")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("medical-amount", {"medical-amount": "-1"}),
        ("lost_income-rate", {"lost_income-quantity": ""}),
        ("grades", {"outcome": "disability", "age": "40"}),
        ("grades", {"outcome": "disability", "age": "40", "grades": "十级"}),
        ("law_date", {"law_date": "1999-01-01"}),
    ],
)
def test_a_worksheets_mistake_is_said_beside_its_field_and_nothing_is_lost(house, claim, enter, field, changes):
    answer = enter(house.clerk).post(reverse("claims:worksheet", args=[claim.reference]), sheet(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "15000" in page
    assert damages.current(claim.pk) is None


def test_a_missing_yearly_figure_is_typed_by_one_and_confirmed_by_another(house, claim, enter):
    base = {
        "name": "income_base",
        "amount": "63000",
        "notice_number": "测试〔2026〕1号",
        "source": "测试公报",
        "published_on": timezone.localdate().isoformat(),
    }
    enter(house.clerk).post(reverse("claims:type_base", args=[claim.reference]), base)
    (typed,) = damages.typed_bases(claim.pk)
    confirm = reverse("claims:confirm_base", args=[claim.reference, typed.id])
    assert enter(house.clerk).post(confirm).status_code == 403
    assert enter(house.approver).post(confirm).status_code == 302
    assert damages.typed_bases(claim.pk)[0].is_confirmed


def test_identity_and_account_are_learnt_later_and_shown_masked(house, claim, enter):
    client = enter(house.clerk)
    url = reverse("claims:person", args=[claim.reference, "P1"])
    bad = client.post(url, {"name": "黄桂芬", "id_number": "440105199001010000"})
    assert bad.status_code == 422
    good = client.post(url, {"name": "黄桂芬", "bank": "测试银行海珠支行", "number": "6222020000000012345"})

    assert good.status_code == 302
    (person,) = fresh(claim).people
    assert (person["name"], person["account"]) == ("黄*芬", "尾号 2345")
    page = client.get(reverse("casework:case", args=[claim.reference])).content.decode()
    assert "黄*芬" in page
    assert "黄桂芬" not in page


def test_every_step_of_a_claim_opens_its_form(house, claim, enter):
    from casework.steps import steps_for

    client = enter(house.clerk)
    for step in steps_for(claim, house.clerk):
        if step.allowed:
            answer = client.get(reverse("casework:step", args=[claim.reference, step.verb]))
            assert answer.status_code == 200, step.verb


def test_html_in_a_name_is_text(house, claim, enter):
    client = enter(house.clerk)
    client.post(reverse("claims:advance", args=[claim.reference]), proposal(payee_name="<script>alert(1)</script>医院"))
    for case in (claim, Advance.objects.get()):
        page = client.get(reverse("casework:case", args=[case.reference])).content.decode()
        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;" in page


def test_a_clerk_opens_the_claim_of_the_unhurt_by_hand(house, enter):
    from tests.factories.elevators import make_incident

    incident = make_incident(house.lobby, started=600, trapped=30, people_count=2)
    client = enter(house.clerk)
    client.post(reverse("claims:open", args=[incident.reference]), {"key": "P1"})
    client.post(reverse("claims:open", args=[incident.reference]), {"key": "P2"})
    claim = Claim.objects.get(parent_id=incident.pk)
    assert (claim.subject, [p["key"] for p in claim.people]) == ("entrapment", ["P1", "P2"])


def test_the_settlement_form_starts_from_the_loss_less_the_fault(house, claim, enter):
    from fractions import Fraction

    from claims.facts import SetVictimFault

    claim = assess(claim, house.clerk)
    do(claim, "set_victim_fault", house.clerk, SetVictimFault(Fraction(1, 10), "扒门"))
    do(claim, "start_negotiation", house.clerk)
    page = enter(house.clerk).get(reverse("casework:step", args=[claim.reference, "settle"])).content.decode()
    assert 'value="11880.00"' in page


def test_the_approver_sees_amount_payee_and_rest_before_confirming(house, claim, enter):
    advance = propose(claim, house.clerk, "8000.00", "10000.00")
    client = enter(house.approver)
    url = reverse("casework:step", args=[advance.reference, "approve"])
    moment = {"happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "seen": str(advance.sequence)}

    shown = client.post(url, moment).content.decode()
    done = client.post(url, {**moment, "_confirmed": "1"})

    for text in ("8,000.00", "捌仟元整", "海珠区测试医院", "2,000.00"):
        assert text in shown
    assert done.status_code == 302
    assert Advance.objects.get(pk=advance.pk).state == "approved"


def test_shares_typed_in_percent_must_be_whole(house, claim, enter):
    client = enter(house.clerk)
    url = reverse("casework:step", args=[claim.reference, "record_shares"])
    typed = {
        "basis": "provisional",
        "share_use_manager": "70%",
        "share_maintenance": "20%",
        "reason": "暂定",
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "seen": str(claim.sequence),
    }
    refused = client.post(url, typed)
    assert "100%" in refused.content.decode()
    client.post(url, {**typed, "share_maintenance": "30%"})
    assert fresh(claim).liability_versions.get().shares == {"use_manager": "7/10", "maintenance": "3/10"}
