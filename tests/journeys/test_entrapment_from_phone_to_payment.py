"""Three people held for 52 minutes: from the clerk's telephone to 200.00 yuan each, every step through its page."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from access import second_factor
from access.models import User
from casework.audit import verify_all
from casework.models import Case
from casework.outbox import drain
from claims.models import Claim
from correspondence.models import IssuedDocument
from demonstration import accounts, papers, services, stories
from elevators.models import Incident
from ledger.models import PaymentOrder
from ledger.verification import trial_balance
from policies.models import Payout

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]

PEOPLE = (("P1", "黄桂芬", "6222021000000010"), ("P2", "陈子轩", "6222021000000028"), ("P3", "李国强", "6222021000000036"))


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SECOND_FACTOR_ENFORCED = True


@pytest.fixture
def elevator():
    """An elevator under a contract of this year, forty minutes and 200.00 yuan its own terms."""
    services.establish()
    return stories.own_stage(timezone.localtime(), entrapment_minutes=40, entrapment_amount=Decimal("200.00")).elevator


@pytest.fixture
def signed_in(client):
    """signed_in(username) goes through the sign-in page, with the code of the second factor where the role needs one."""

    def enter(username):
        client.logout()
        answer = client.post(reverse("access:sign_in"), {"username": username, "password": accounts.PASSWORD})
        if answer["Location"] == reverse("access:code"):
            user = User.objects.get(username=username)
            page = client.get(answer["Location"]).content.decode()
            shown = second_factor.current_code(user)
            assert shown in page.replace(" ", "")
            answer = client.post(reverse("access:code"), {"code": shown})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return enter


def take(client, case, verb, typed=None, files=None):
    """Take a step on its page as a person does: look, type, confirm where money asks once more."""
    url = reverse("casework:step", args=[case.reference, verb])
    look = client.get(url)
    assert look.status_code == 200, f"{verb}: {look.status_code}"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', look.content.decode())
    data = {"happened_at": typed_time(timezone.now()), "seen": seen.group(1) if seen else "0", **(typed or {})}
    answer = client.post(url, {**data, **(files or {})})
    if answer.status_code == 200:
        assert "_confirmed" in answer.content.decode()
        answer = client.post(url, {**data, "_confirmed": "1"})
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-1500:]
    drain()


def typed_time(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def file_on_the_phone(client, elevator):
    """Code, what happened, who, photos, check: the five pages."""
    answer = client.post(reverse("elevators:file"), {"code": " ".join(elevator.code)})
    assert answer["Location"] == reverse("elevators:file_what", args=[elevator.code])
    client.post(
        answer["Location"],
        {
            "nature": "entrapment",
            "started_at": typed_time(ago(95)),
            "learnt_at": typed_time(ago(90)),
            "source": "96333",
            "trapped": "out",
            "released_at": typed_time(ago(95 - 52)),
        },
    )
    client.post(reverse("elevators:file_who", args=[elevator.code]), {"people_count": "3", "injured": "no"})
    answer = client.post(reverse("elevators:file_check", args=[elevator.code]), {"description": "停在 8 楼和 9 楼之间。"})
    assert answer.status_code == 302, answer.content.decode()
    drain()
    return Incident.objects.get(reference=answer["Location"].strip("/").split("/")[-1])


def pay(client, order, number):
    """The cashier compares the account, releases, and comes back with the bank's voucher."""
    order = Case.objects.get(pk=order.pk)
    take(client, order, "release", {"account_checked": "on"})
    slip = SimpleUploadedFile("voucher.pdf", papers.slip((f"Bank voucher {number}",)), content_type="application/pdf")
    take(
        client,
        Case.objects.get(pk=order.pk),
        "mark_paid",
        {"voucher_number": number, "paid_on": timezone.localdate().isoformat()},
        {"evidence-voucher": slip},
    )


def test_from_the_telephone_to_two_hundred_yuan_each(elevator, signed_in):
    clerk = signed_in("liang")
    incident = file_on_the_phone(clerk, elevator)
    assert (incident.trapped_minutes, incident.people_count) == (52, 3)
    take(clerk, incident, "confirm_grade")

    claim = Claim.objects.get(parent_id=incident.pk)
    assert (claim.state, claim.assessed) == ("assessed", Decimal("600.00"))
    for key, name, number in PEOPLE:
        answer = clerk.post(
            reverse("claims:person", args=[claim.reference, key]), {"name": name, "bank": "南粤商业银行广州分行", "number": number}
        )
        assert answer.status_code == 302, answer.content.decode()
    drain()

    approver = signed_in("zheng")
    claim = Claim.objects.get(pk=claim.pk)
    for person, (_key, _name, number) in zip(claim.people, PEOPLE, strict=True):
        url = reverse("parties:confirm_account", args=[person["account_id"]])
        assert approver.post(url, {"number": number}).status_code == 302
    assert claim.reference in approver.get("/").content.decode()
    take(approver, claim, "confirm_entrapment")

    payout = Payout.objects.get(parent_id=claim.pk)
    assert (payout.state, payout.decided_amount) == ("proposed", Decimal("600.00"))

    insurer = signed_in("xu")
    page = insurer.get(reverse("casework:case", args=[payout.reference])).content.decode()
    assert "600.00" in page
    take(insurer, payout, "approve")

    cashier = signed_in("li")
    orders = list(PaymentOrder.objects.filter(parent_id=payout.pk).order_by("pk"))
    assert [(o.amount, o.payee_name) for o in orders] == [(Decimal("200.00"), name) for _key, name, _number in PEOPLE]
    assert orders[0].reference in cashier.get(reverse("ledger:payments")).content.decode()
    for number, order in enumerate(orders, 1):
        pay(cashier, order, f"HD-2026-{number:04d}")

    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.state, claim.proven) == ("victim_paid", Decimal("600.00"))
    assert Payout.objects.get(pk=payout.pk).state == "closed"
    titles = set(IssuedDocument.objects.values_list("title", flat=True))
    assert {"电梯事故（困人）快报", "保险出险通知书", "核定通知书", "赔款计算书"} <= titles
    assert list(verify_all()) == []
    assert trial_balance().holds


def test_nobody_is_paid_twice_whoever_clicks_how_often(elevator, signed_in):
    clerk = signed_in("liang")
    incident = file_on_the_phone(clerk, elevator)
    claim = Claim.objects.get(parent_id=incident.pk)
    url = reverse("casework:step", args=[claim.reference, "confirm_entrapment"])
    assert clerk.get(url).status_code == 403

    approver = signed_in("zheng")
    data = {"happened_at": typed_time(timezone.now()), "seen": str(claim.sequence), "_confirmed": "1"}
    first, second = approver.post(url, data), approver.post(url, data)
    drain()
    assert first.status_code == 302
    assert second.status_code == 409
    assert Payout.objects.filter(parent_id=claim.pk).count() == 1
