"""The payout desk, the payout's page and forms, the policies, as people meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import Role
from casework import registry
from casework.models import Deadline
from casework.outbox import drain
from policies.facts import RequestSupplement, VictimPaid
from tests.factories.access import make_actor
from tests.factories.policies import (
    ask_entrapment,
    ask_injury,
    cover_holds,
    decide,
    do,
    fresh,
    make_account,
    make_room,
    orders,
    register,
    to_agreed,
    to_complete,
    to_decided,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db
LOSS = {"medical": "22000.00", "disability_compensation": "127475.30"}


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def page_of(client, payout):
    response = client.get(reverse("casework:case", args=[payout.reference]))
    assert response.status_code == 200
    return response.content.decode()


def typed(payout, verb, client, **fields):
    """Post a step as the form sends it, its own initial values first."""
    url = reverse("casework:step", args=[payout.reference, verb])
    return client.post(
        url, {"seen": fresh(payout).sequence, "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "_confirmed": "1", **fields}
    )


def test_the_queue_puts_the_nearest_clock_first_and_names_its_article(client):
    room = make_room()
    late = register(room, ask_injury(room, LOSS))
    early = register(room, ask_entrapment_unfinished(room))
    Deadline.objects.filter(case=early, rule="decision").update(due_at=timezone.now() + timedelta(hours=5))

    html = sign_in(client, room.handler).get("/payouts/").content.decode()

    assert html.index(early.reference) < html.index(late.reference)
    assert "第二十三条" in html


def ask_entrapment_unfinished(room):
    return ask_entrapment(room, names=("李国强",), is_complete=False)


def test_the_queue_shows_nothing_of_another_insurer(client):
    room = make_room()
    payout = register(room, ask_injury(room, LOSS))
    html = sign_in(client, make_actor(Role.INSURER_HANDLER)).get("/payouts/").content.decode()
    assert payout.reference not in html and "这一栏没有赔付案件" in html


def test_the_page_answers_cover_arithmetic_payees_authority_clock_and_limits(client):
    room = make_room(deductible=yuan("500.00"))
    payout = to_decided(room, ask_injury(room, LOSS))
    payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("23486.70"), today(), "YJ-001"))

    html = page_of(sign_in(client, room.handler), payout)

    for words in ("属于保险责任吗", "赔款计算", "付给谁", "权限与复核", "30 日核定期", "人民币壹拾肆万捌仟玖佰柒拾伍元叁角"):
        assert words in html, words
    for amount in ("125,988.60", "22,986.70", "148,975.30"):
        assert amount in html, amount


def test_the_manager_sees_the_payout_but_not_the_insurers_inside(client):
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    html = page_of(sign_in(client, room.lobby.clerk), payout)
    assert "赔款计算" in html
    assert "权限与复核" not in html and 'id="h-lim"' not in html


def test_a_refused_step_says_why_under_which_article_and_what_to_do(client):
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    html = page_of(sign_in(client, room.handler), payout)
    assert "受害人尚未收到赔款，保险人不得向被保险人赔付" in html
    assert "去登记付款凭证" in html


@pytest.mark.parametrize("verb", sorted(v for v, s in registry.kind("payout").steps.items() if registry.form_of(s.topic)))
def test_every_form_can_be_built(verb):
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS)) if verb in ("pay_victim", "agree") else ask_injury(room, LOSS)
    form = registry.form_of(f"policies.payout.{verb}")(case=payout, actor=room.handler)
    assert form.as_p()


def test_registering_and_deciding_through_the_pages(client):
    room = make_room()
    payout = ask_injury(room, LOSS)
    sign_in(client, room.handler)
    assert typed(payout, "register", client, first_received_on=today().isoformat(), has_documents="on").status_code == 302
    payout = do(payout, "check_cover", room.handler, cover_holds(payout))
    assert typed(payout, "accept_documents", client).status_code == 302

    bad = typed(payout, "decide", client, **line_fields(accepted_0="20000.00"))
    assert bad.status_code == 422 and "少于请求金额的项目，要选理由" in bad.content.decode()
    good = typed(payout, "decide", client, **line_fields(accepted_0="20000.00", reason_0="not_proven"))

    assert good.status_code == 302
    assert (fresh(payout).state, fresh(payout).decided_amount) == ("proposed", yuan("147475.30"))


def line_fields(**more):
    return {
        "assessed_0": "22000.00",
        "accepted_0": "22000.00",
        "reason_0": "",
        "assessed_1": "127475.30",
        "accepted_1": "127475.30",
        "reason_1": "",
        "liability_share": "100%",
        "note": "",
        **more,
    }


def test_the_arithmetic_is_shown_before_the_decision_is_sent(client):
    room = make_room(deductible=yuan("500.00"))
    payout = to_complete(room, ask_injury(room, LOSS))
    sign_in(client, room.handler)

    url = reverse("casework:step", args=[payout.reference, "decide"])
    once_more = client.post(url, {"seen": payout.sequence, "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), **line_fields()})

    assert fresh(payout).state == "complete"
    assert "148,975.30" in once_more.content.decode()


def test_approving_through_the_page_and_paying_by_the_cashier(client):
    room = make_room()
    payout = decide(room, to_complete(room, ask_injury(room, {"medical": "1000.00"})))
    assert typed(payout, "approve", sign_in(client, room.approver), note="同意").status_code == 302
    assert fresh(payout).state == "decided"


def test_asking_for_papers_lists_them_line_by_line(client):
    room = make_room()
    payout = register(room, ask_injury(room, LOSS))
    answer = typed(
        payout, "request_supplement", sign_in(client, room.handler), items="出院小结\n\n费用清单", arrived_on=today().isoformat()
    )
    assert answer.status_code == 302
    assert fresh(payout).supplement_items == ["出院小结", "费用清单"]
    assert "费用清单" in page_of(client, payout)


def test_provisional_payment_through_the_page(client):
    room = make_room()
    payout = to_complete(room, ask_injury(room, LOSS))
    answer = typed(
        payout,
        "pay_provisionally",
        sign_in(client, room.approver),
        person="P1",
        amount="22000.00",
        payee_kind="victim",
        payee_name="",
        reason="满六十日",
    )
    assert answer.status_code == 302
    drain()
    assert [o.amount for o in orders(payout)] == [yuan("22000.00")]


def test_reimbursing_through_the_page_refuses_a_fen_above_the_proof(client):
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("100.00"), today(), "YJ-1"))
    sign_in(client, room.handler)
    above = typed(payout, "reimburse_insured", client, person="P1", amount="100.01", note="")
    assert above.status_code == 422 and "受害人没有收到的部分，不得付给被保险人" in above.content.decode()
    assert typed(payout, "reimburse_insured", client, person="P1", amount="100.00", note="").status_code == 302


def test_policies_are_listed_and_opened_only_in_scope(client):
    room = make_room(aggregate_used=yuan("1286430.00"))
    url = reverse("policies:policy", args=[room.policy.number])

    mine = sign_in(client, room.handler).get(url).content.decode()
    assert "8,713,570.00" in mine and room.lobby.elevator.name in mine
    assert room.policy.number in client.get("/policies/").content.decode()
    assert client.get("/policies/", {"q": room.policy.number[-4:]}).context["page"].paginator.count == 1
    assert sign_in(client, room.lobby.clerk).get(url).status_code == 200
    assert sign_in(client, make_actor(Role.INSURER_HANDLER)).get(url).status_code == 404


def test_an_agreed_payout_shows_its_orders(client):
    room = make_room()
    payout = to_agreed(room, ask_injury(room, LOSS))
    html = page_of(sign_in(client, room.handler), payout)
    assert orders(payout)[0].reference in html and "待放行" in html


def test_a_supplement_that_rests_is_drawn_as_a_pause(client):
    room = make_room()
    payout = register(room, ask_injury(room, LOSS))
    payout = do(payout, "request_supplement", room.handler, RequestSupplement(("病历",), today()))
    html = page_of(sign_in(client, room.handler), payout)
    assert "等补充材料" in html


def test_accounts_offered_are_those_of_the_people(client):
    room = make_room()
    payout = ask_injury(room, LOSS)
    form = registry.form_of("policies.payout.name_account")(case=payout, actor=room.handler)
    assert form.fields["account"].choices == []
    assert make_account(room, "黄淑芬") > 0


def test_what_needs_a_look_comes_first_in_the_checklist_and_is_recorded_in_the_old_order(client):
    room = make_room(listed_events=["意外移动"])
    payout = register(room, ask_injury(room, LOSS))
    form = registry.form_of("policies.payout.check_cover")(case=payout, actor=room.handler)
    assert [a.code for a in form.answers][:2] == ["listed_event", "exclusions"]

    fields = {name: field.initial for name, field in form.fields.items() if name.startswith(("fact_", "verdict_"))}
    answer = typed(
        payout,
        "check_cover",
        sign_in(client, room.handler),
        **{
            **fields,
            "verdict_listed_event": "holds",
            "fact_listed_event": "开门状态轿厢意外移动，监控 18:42:07",
            "verdict_exclusions": "holds",
        },
    )

    assert answer.status_code == 302
    lines = list(payout.cover_lines.filter(version=2))
    assert [x.code for x in lines][:4] == ["period", "inspection", "insured_party", "listed_event"]
    assert {x.verdict for x in lines} <= {"holds", "not_asked"}
    assert next(x for x in lines if x.code == "listed_event").source == "经办人核对"
