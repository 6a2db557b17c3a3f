"""What the facts must satisfy when several receive or several insurers pay."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from policies import facts as told
from policies.checks import is_money
from policies.terms import FUNDS, Beneficiary

if TYPE_CHECKING:
    from access.actors import Actor
    from legislation.lookup import Law
    from policies.models import Payout
    from policies.selectors import PayoutPosition


def _fraction(text: str) -> Fraction | None:
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 < found <= 1 else None


@check("payees", reason="payee_unnamed", says=_("每个收款人都要有姓名或者名称，同一人只写一次。"))
def payees_are_named(case: Payout, law: Law, position: PayoutPosition | None, facts: told.NamePayees, by: Actor) -> bool:
    names = [p.name.strip() for p in facts.payees]
    return bool(names) and all(names) and len(set(names)) == len(names) and all(p.kind in Beneficiary.values for p in facts.payees)


@check("payees", reason="shares_differ", says=_("基金写它支付的金额，其他人写份额；份额相加等于 1。"))
def shares_make_the_whole(case: Payout, law: Law, position: PayoutPosition | None, facts: told.NamePayees, by: Actor) -> bool:
    rest = [p for p in facts.payees if p.kind not in FUNDS]
    shares = [_fraction(p.share) for p in rest]
    funds = [p for p in facts.payees if p.kind in FUNDS]
    if any(share is None for share in shares) or not all(p.amount is not None and is_money(p.amount) and p.amount > 0 for p in funds):
        return False
    return not rest or sum((share for share in shares if share is not None), Fraction(0)) == 1


@check("document", reason="document_missing", says=_("写明证明收款资格的材料：亲属关系证明、公证书、基金的支付凭证。"))
def right_is_proven(case: Payout, law: Law, position: PayoutPosition | None, facts: told.NamePayees, by: Actor) -> bool:
    return bool(facts.document.strip())


@check("share", reason="share_invalid", law="insurance.contribution", says=_("分摊的比例大于 0，不超过 1。"))
def contribution_is_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: told.SetContribution, by: Actor) -> bool:
    return _fraction(facts.share) is not None


@check("others", reason="others_missing", law="insurance.contribution", says=_("只承担一部分的，写明其他保单的号码。"))
def others_are_named(case: Payout, law: Law, position: PayoutPosition | None, facts: told.SetContribution, by: Actor) -> bool:
    return _fraction(facts.share) == 1 or bool(facts.others.strip())


@check("policy_id", reason="policy_does_not_cover", says=_("这张保单在事故那一分钟不承保这台电梯，或者已经向它请求过。"))
def other_policy_covers(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return position is not None and facts.policy_id in position.pool.other_policies


@check("lines", reason="further_line_unknown", says=_("后续的损失写明是本案谁的、哪一项、多少钱。"))
def further_lines_are_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RequestFurther, by: Actor) -> bool:
    known = {p["key"] for p in case.people}
    keys = [(x.person, x.head) for x in facts.lines]
    return bool(keys) and len(set(keys)) == len(keys) and all(x.person in known and is_money(x.asked) and x.asked > 0 for x in facts.lines)
