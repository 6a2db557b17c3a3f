"""The pages of public money open for those who handle it, and say what stands."""

from __future__ import annotations

import html

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from funding.models import SubsidyApplication
from tests.factories import funding as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return made.make_town()


def see(client, actor, address, **query):
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def test_pool_queue_and_application_show_what_stands(client, town):
    pool = made.make_pool(town, "150000.00")
    first = made.verified(town, made.make_application(town, pool))
    second = made.verified(town, made.make_application(town, pool))

    pools = see(client, town.finance_officer, reverse("funding:pools"))
    assert "50,000.00" in pools and "1 台" in pools
    page = see(client, town.finance_officer, reverse("casework:case", args=[pool.reference]))
    assert "轮候次序" in page and second.elevator_name in page and "流水" in page
    shown = see(client, town.clerk, reverse("casework:case", args=[first.reference]))
    assert "按方案 100,000.00 元" in shown and "李*英" in shown and "李秀英" not in shown
    assert first.elevator_name in see(client, town.clerk, reverse("funding:applications"), show="notice")
    assert second.elevator_name in see(client, town.clerk, reverse("funding:applications"), show="queue")


def test_eligibility_comes_before_the_long_form(client, town):
    pool = made.make_pool(town)
    lift = made.make_lift(town)
    asked = {"scheme": pool.scheme, "elevator": lift.code}
    page = see(client, town.clerk, reverse("funding:eligibility"), **asked)
    assert "还不知道" in page and "申请时工程没有完工" in page and "100,000.00" in page
    typed = {**asked, "stops": "8", "is_completed": "no"}
    assert "继续填申请" in see(client, town.clerk, reverse("funding:eligibility"), **typed)

    address = f"{reverse('funding:apply')}?" + "&".join(f"{key}={value}" for key, value in typed.items())
    data = {"applicant_kind": "owners", "applicant_name": "李秀英", "pool": str(pool.pk), "happened_at": "今天 00:01"}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.content.decode()
    assert SubsidyApplication.objects.get().stops == 8


def test_a_scheme_lists_the_open_cases_that_its_change_touches(client, town):
    pool = made.make_pool(town, scheme="NAT-2025-RENEW", year=2025)
    small = made.make_application(town, pool, stops=8)
    large = made.make_application(town, pool, stops=38)

    page = see(client, town.housing_officer, reverse("funding:scheme", args=["NAT-2026-RENEW"]))

    assert small.elevator_name in page and large.elevator_name in page
    assert "金额减少，业主重新表决" in page and "金额增加，重新确认意愿" in page
    see(client, town.housing_officer, reverse("funding:schemes"))


def test_the_public_notice_names_nobody(client, town):
    pool = made.make_pool(town)
    application = made.verified(town, made.make_application(town, pool))
    made.prove(application, "publication_photo")
    from datetime import timedelta

    from django.utils import timezone

    from funding.facts import Publish

    today = timezone.localdate()
    made.do(application, "publish", town.clerk, Publish(today, today + timedelta(days=20), "公告栏"))
    page = html.unescape(client.get(reverse("funding:notices")).content.decode())
    assert application.elevator_name in page and "李" not in page.split("<main", 1)[1].split("</main")[0]


def test_an_officer_opens_a_pool_on_its_page(client, town):
    client.force_login(get_user_model().objects.get(pk=town.finance_officer.user_id))
    answer = client.post(reverse("funding:open_pool"), {"scheme": "NAT-2026-RENEW", "year": "2026", "name": "2026 年更新"})
    assert answer.status_code == 302 and "propose_change" in answer["Location"]
    client.force_login(get_user_model().objects.get(pk=town.clerk.user_id))
    assert client.get(reverse("funding:open_pool")).status_code == 403
