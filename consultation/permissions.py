"""Who may take which step of a ballot, a notice, an objection. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

PURPOSE = "consultation.ballot"
ORGANISERS = frozenset({Role.STREET_CLERK, Role.OWNERS_OFFICER})
AS_ORGANISER = frozenset({CaseRole.ORGANISER})
TIMED = ORGANISERS | {Role.SYSTEM}

MAY = {
    "ballot.propose": Allowed(ORGANISERS | {Role.SYSTEM}),
    "ballot.change_proposal": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.announce": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.open": Allowed(TIMED, as_=AS_ORGANISER),
    "ballot.cast": Allowed({Role.BY_LINK, Role.SYSTEM}, purposes={PURPOSE}),
    "ballot.add_proxy": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.extend": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.close": Allowed(TIMED, as_=AS_ORGANISER),
    "ballot.strike": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.tally": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.import_official": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.publish_tally": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.recount": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.certify": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.declare_failed": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.annul": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "ballot.withdraw": Allowed(TIMED, as_=AS_ORGANISER),
    "public_notice.draft": Allowed(ORGANISERS | {Role.SYSTEM}),
    "public_notice.post": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "public_notice.extend": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "public_notice.change_content": Allowed(TIMED, as_=AS_ORGANISER),
    "public_notice.finish": Allowed(TIMED, as_=AS_ORGANISER),
    "public_notice.withdraw": Allowed(TIMED, as_=AS_ORGANISER),
    "objection.receive": Allowed(ORGANISERS | {Role.SYSTEM}),
    "objection.redact": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.answer_it": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.record_session": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.settle": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.dismiss": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.withdraw": Allowed(ORGANISERS, as_=AS_ORGANISER),
    "objection.reopen": Allowed(ORGANISERS, as_=AS_ORGANISER),
}
