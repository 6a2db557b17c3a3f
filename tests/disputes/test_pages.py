"""The pages of disputes: the list of lawsuits, the panels below a claim, and who sees them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import Role
from claims.facts import Mediate, Sue
from disputes import facts as told
from disputes.models import Mediation
from tests.factories.access import make_actor
from tests.factories.claims import add_evidence, assess, do, make_house, make_injury
from tests.factories.disputes import COMMITTEE, COURT, NUMBER, judge, suit_of, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    claim = make_injury(house)
    do(claim, "sue", house.clerk, Sue(COURT, NUMBER, "黄女士"))
    return claim


def page(client, actor, url):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.get(url)


def text(answer):
    return answer.content.decode()


def test_the_list_shows_next_hearing_court_and_number(client, house, claim):
    suit = suit_of(claim)
    at = timezone.localtime() + timezone.timedelta(days=3)
    do(suit, "schedule_hearing", house.clerk, told.ScheduleHearing(at, "第三法庭"))
    shown = text(page(client, house.clerk, reverse("disputes:lawsuits")))
    assert all(words in shown for words in (suit.reference, COURT, NUMBER, "第三法庭", f"{at:%H:%M}"))
    assert suit.reference not in text(client.get(reverse("disputes:lawsuits"), {"show": "ended"}))
    assert suit.reference in text(client.get(reverse("disputes:lawsuits"), {"q": "海珠区人民法院"}))
    assert suit.reference not in text(client.get(reverse("disputes:lawsuits"), {"q": "番禺"}))


def test_strangers_see_neither_list_nor_file(client, house, claim):
    suit = suit_of(claim)
    other = make_actor(Role.MANAGER_CLERK)
    assert suit.reference not in text(page(client, other, reverse("disputes:lawsuits")))
    assert client.get(reverse("casework:case", args=[suit.reference])).status_code == 404
    assert page(client, make_actor(Role.MAINTENANCE_STAFF), reverse("disputes:lawsuits")).status_code == 403


def test_the_insurer_sees_the_suit_over_what_it_covers(client, house):
    from tests.factories.claims import insure

    _policy, insurer = insure(house)
    claim = make_injury(house)
    do(claim, "sue", house.clerk, Sue(COURT, NUMBER, "黄女士"))
    assert house.lobby.insurer.pk in claim.organisation_ids
    assert suit_of(claim).reference in text(page(client, insurer.handler, reverse("disputes:lawsuits")))


def test_the_claim_shows_its_disputes_and_they_lead_back(client, house, claim):
    suit = judge(claim, house.clerk, "15000.00")
    do(suit, "record_cost", house.clerk, told.RecordCost("lawyer", Decimal("3000.00"), today(), "律师费发票"))
    shown = text(page(client, house.clerk, reverse("casework:case", args=[claim.reference])))
    assert all(words in shown for words in ("诉讼和调解", suit.reference, "判令赔偿或者给付", "15,000.00"))
    file = text(client.get(reverse("casework:case", args=[suit.reference])))
    assert all(words in file for words in (claim.reference, "诉讼费用", "3,000.00", "不占责任限额", "律师费"))


def test_a_mediation_shows_sessions_and_the_state_of_confirmation(client, house):
    claim = assess(make_injury(house), house.clerk)
    do(claim, "start_negotiation", house.clerk)
    do(claim, "mediate", house.clerk, Mediate(COMMITTEE))
    file = Mediation.objects.get(parent_id=claim.pk)
    do(file, "record_session", house.clerk, told.RecordSession(today(), "双方", "各让一步"))
    shown = text(page(client, house.clerk, reverse("casework:case", args=[file.reference])))
    assert all(words in shown for words in (COMMITTEE, "各让一步", claim.reference))
    assert file.reference in text(client.get(reverse("disputes:lawsuits")))


@pytest.mark.parametrize(
    "verb",
    [
        "amend",
        "record_service",
        "name_agent",
        "answer",
        "schedule_hearing",
        "record_hearing",
        "record_judgment",
        "settle_in_court",
        "withdraw",
        "record_cost",
    ],
)
def test_every_form_of_an_open_suit_opens(client, house, claim, verb):
    answer = page(client, house.clerk, reverse("casework:step", args=[suit_of(claim).reference, verb]))
    assert answer.status_code == 200
    assert "现在办不了" not in text(answer) or "还缺材料" in text(answer)
    if verb in ("record_judgment", "settle_in_court", "withdraw"):
        assert f'value="{COURT}"' in text(answer), "recorded for the court by default"


def test_a_judgment_is_typed_with_its_heads_line_by_line(client, house, claim):
    suit = suit_of(claim)
    add_evidence(suit, "judgment")
    url = reverse("casework:step", args=[suit.reference, "record_judgment"])
    typed = {
        "outcome": "liable",
        "amount": "15,000",
        "number": "判决书",
        "judged_on": today().isoformat(),
        "served_on": today().isoformat(),
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "seen": suit.sequence,
        "on_behalf_of": COURT,
        "items": "医疗费 12,000.00\n误工费：3000元",
        "_confirmed": "1",
    }
    client.force_login(User.objects.get(pk=house.clerk.user_id))
    assert "没看懂“高兴费 1”" in text(client.post(url, {**typed, "items": "高兴费 1"}))
    assert "各项加起来和总额不一样" in text(client.post(url, {**typed, "items": "医疗费 12,000.00"}))
    assert "本人签字的纸质材料" not in text(client.get(url)), "the judgment is the court's own paper"
    assert client.post(url, typed).status_code == 302

    suit.refresh_from_db()
    assert suit.heads == [{"code": "medical", "amount": "12000.00"}, {"code": "lost_income", "amount": "3000.00"}]
    assert suit.events.get(verb="record_judgment").on_behalf_of == COURT
