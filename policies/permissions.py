"""Who may take which step of a payout. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

SYSTEM = frozenset({Role.SYSTEM})
HANDLER = frozenset({Role.INSURER_HANDLER})
OFFICERS = frozenset({Role.INSURER_HANDLER, Role.INSURER_APPROVER})
#: Whoever is insured asks: the use-manager, or a maintenance unit that the policy insures too.
MANAGER = frozenset({Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.MAINTENANCE_STAFF})
INSURER = frozenset({CaseRole.INSURER})
EITHER = frozenset({CaseRole.INSURER, CaseRole.USE_MANAGER, CaseRole.MAINTENANCE})
#: The maker's steps: whoever took one of them may not be the checker.
MADE_BY = ("decide", "decide_refusal", "check_cover")

MAY = {
    "payout.request": Allowed(SYSTEM | MANAGER, transcribe=HANDLER),
    "payout.register": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.record_documents": Allowed(SYSTEM),
    "payout.flag_complex": Allowed(OFFICERS, as_=INSURER),
    "payout.check_cover": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.request_supplement": Allowed(HANDLER, as_=INSURER),
    "payout.receive_supplement": Allowed(HANDLER | MANAGER, as_=EITHER, transcribe=HANDLER),
    "payout.decide_on_what_is_there": Allowed(HANDLER, as_=INSURER),
    "payout.accept_documents": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.decide": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.decide_refusal": Allowed(HANDLER, as_=INSURER),
    "payout.approve": Allowed(OFFICERS, not_by=MADE_BY, as_=INSURER),
    "payout.approve_refusal": Allowed(OFFICERS, not_by=MADE_BY, as_=INSURER),
    "payout.send_back": Allowed(OFFICERS, as_=INSURER),
    "payout.send_refusal": Allowed(OFFICERS, as_=INSURER),
    "payout.send_part_refusal": Allowed(OFFICERS, as_=INSURER),
    "payout.agree": Allowed(SYSTEM | OFFICERS, as_=INSURER, transcribe=OFFICERS),
    "payout.pay_victim": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.reimburse_insured": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.pay_provisionally": Allowed(OFFICERS, as_=INSURER),
    "payout.record_payment": Allowed(SYSTEM),
    "payout.record_return": Allowed(SYSTEM),
    "payout.record_bounce": Allowed(SYSTEM),
    "payout.reopen_for_bounce": Allowed(SYSTEM),
    "payout.wait_for_proof": Allowed(SYSTEM),
    "payout.resume_payment": Allowed(SYSTEM),
    "payout.settle": Allowed(SYSTEM | OFFICERS, as_=INSURER),
    "payout.close": Allowed(SYSTEM | OFFICERS, as_=INSURER),
    "payout.withdraw": Allowed(SYSTEM | MANAGER, as_=EITHER, transcribe=HANDLER),
    "payout.close_with_claim": Allowed(SYSTEM),
    "payout.name_payees": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.set_contribution": Allowed(SYSTEM | HANDLER, as_=INSURER),
    "payout.ask_other_policy": Allowed(MANAGER | HANDLER, as_=EITHER),
    "payout.request_further": Allowed(SYSTEM | MANAGER, as_=EITHER, transcribe=HANDLER),
    "payout.uphold": Allowed(OFFICERS, as_=INSURER),
    "payout.uphold_refusal": Allowed(OFFICERS, not_by=("decide_refusal",), as_=INSURER),
    "payout.record_suit": Allowed(OFFICERS, as_=INSURER),
    "payout.record_award": Allowed(SYSTEM | OFFICERS, as_=INSURER),
    "payout.refer_suspicion": Allowed(OFFICERS, as_=INSURER),
    "payout.conclude_suspicion": Allowed(frozenset({Role.INSURER_APPROVER}), not_by=("refer_suspicion",), as_=INSURER),
    "payout.ask_costs": Allowed(MANAGER | HANDLER, as_=EITHER),
    "payout.record_delay": Allowed(OFFICERS, as_=INSURER),
    "payout.pay_beside": Allowed(OFFICERS, as_=INSURER),
    "payout.dispute": Allowed(SYSTEM | MANAGER | OFFICERS, as_=EITHER, transcribe=HANDLER),
    "payout.reopen": Allowed(OFFICERS, as_=INSURER),
    "payout.revise_loss": Allowed(SYSTEM | MANAGER, as_=EITHER, transcribe=HANDLER),
    "payout.name_account": Allowed(SYSTEM | HANDLER | MANAGER, as_=EITHER),
    "payout.ask_consent": Allowed(SYSTEM | MANAGER),
    "payout.answer_consent": Allowed(OFFICERS, as_=INSURER),
    "payout.record_liability_fixed": Allowed(SYSTEM | HANDLER | MANAGER, as_=EITHER),
    # The insured proves on its claim, voucher attached; here it would be its own word that pays it (65(3)).
    "payout.record_victim_payment": Allowed(SYSTEM | HANDLER, as_=INSURER),
}
