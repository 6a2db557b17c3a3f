"""What one person types, another finds among their work and looks at: yearly figures and payee accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import User
from claims import services
from damages import api as damages
from tests.factories.claims import make_house, make_injury

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    return make_injury(house)


@pytest.fixture
def work_of(client):
    def page(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        session = client.session
        session["second_factor_at"] = timezone.now().isoformat()
        session.save()
        return client.get("/").content.decode()

    return page


def test_a_typed_figure_waits_for_a_colleague_and_is_confirmed_on_the_claim(client, claim, house, work_of):
    typed = damages.type_base(
        case_id=claim.pk, name="income_base", amount=Decimal("61629.00"), notice_number="粤高法发〔2026〕1号",
        source="省高级人民法院网站", published_on=date(2026, 7, 1), by=house.clerk,
    )  # fmt: skip
    assert "核对手工录入的标准" not in work_of(house.clerk)

    assert "核对手工录入的标准：城镇居民人均可支配收入" in work_of(house.approver)
    assert "看过文件，确认" in client.get(f"/cases/{claim.reference}/").content.decode()
    base = damages.typed_bases(claim.pk)[0].id
    done = client.post(reverse("claims:confirm_base", args=[claim.reference, base]))

    assert done.status_code == 302 and typed
    assert damages.typed_bases(claim.pk)[0].is_confirmed
    assert "核对手工录入的标准" not in work_of(house.approver)


def test_a_new_account_waits_for_a_colleague(claim, house, work_of):
    identity = {"name": "卢伯棠", "id_number": "", "phone": "", "bank": "演示银行", "number": "6227003312345678907", "holder": ""}
    services.identify_person(claim, claim.people[0]["key"], identity, by=house.clerk, happened_at=timezone.now())

    assert "核对收款账户：卢*棠" in work_of(house.approver)
    assert "核对收款账户" not in work_of(house.clerk)
    assert "卢*棠受伤" in work_of(house.clerk)
