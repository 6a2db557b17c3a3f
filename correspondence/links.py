"""Personal links: how a person without an account comes to one case, is known by a code, and leaves a trace of every use."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.encryption import digest, digests
from casework.errors import OutOfScope
from casework.timeline import masked
from correspondence.models import LinkUse, PersonalLink

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from access.actors import Actor
    from casework.models import Case

    View = Callable[[HttpRequest, "LinkView", str], HttpResponse]

V = TypeVar("V", bound=Callable[..., Any])

STRENGTH = "link+code"  # how a person who came this way is known; recorded with every step they take
CODE_DIGITS = 6
TRIES = 5  # wrong codes in a row before the link rests
REST = timedelta(minutes=15)
ALL_TRIES = 15  # wrong codes in all before it is dead and a new one must be made
LONGEST = timedelta(seconds=366 * 24 * 3600)
USED = (LinkUse.What.OPENED, LinkUse.What.READ, LinkUse.What.SENT)


@dataclass(frozen=True)
class IssuedLink:
    """A new link. `path` ("/l/<token>/") and `code` are told here once and stand nowhere afterwards."""

    id: int
    path: str
    code: str


@dataclass(frozen=True)
class LinkView:
    """A link as pages and steps see it. `path` is known only while its holder is being served."""

    id: int
    case_id: int
    purpose: str
    title: Any
    label: str
    party_id: int | None
    expires_at: datetime
    is_open: bool
    opened_at: datetime | None
    last_used_at: datetime | None
    strength: str = STRENGTH
    path: str = ""

    @property
    def actor_name(self) -> str:
        """What the audit chain keeps of the name: it can never be erased there."""
        return masked(self.label)


@dataclass(frozen=True)
class LinkPage:
    """What serves the holders of one purpose's links."""

    purpose: str
    title: Any
    view: View


_pages: dict[str, LinkPage] = {}


def link_page(purpose: str, *, title: Any) -> Callable[[V], V]:
    """Register the view (request, link, rest) that serves the links of a purpose ("claims.victim"); it stands in
    `<app>/link_pages.py`. `rest` is the address below the link's own, "" for its first page."""

    def register(view: V) -> V:
        _pages[purpose] = LinkPage(purpose, title, view)
        return view

    return register


def page_of(purpose: str) -> LinkPage:
    """KeyError for a purpose nobody registered."""
    return _pages[purpose]


@transaction.atomic
def issue_link(*, case: Case, purpose: str, party_id: int | None, label: str, expires_at: datetime, by: Actor) -> IssuedLink:
    """Make a link for one person; an older one for the same case, purpose and person is taken back.

    label: the person's name as the pages greet them. Raises KeyError for an unknown purpose, OutOfScope for somebody whose
    organisation has no part in the case, ValidationError for a moment that is past or too far.
    """
    page_of(purpose)
    _ensure_part(case, by)
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        raise ValidationError(_("链接的有效期要在今后一年以内。"), code="expires_at")
    if not label.strip():
        raise ValidationError(_("写上链接给谁用。"), code="label")
    same = Q(party=None) if party_id is None else Q(party_id=party_id)
    older = PersonalLink.objects.select_for_update().filter(same, case_id=case.pk, purpose=purpose, revoked_at=None)
    for row in older:
        _revoke(row, by, now)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row = PersonalLink.objects.create(
        case_id=case.pk,
        purpose=purpose,
        party_id=party_id,
        label=label.strip()[:120],
        token_digest=digest(_token_text(token)),
        code_digest=digest(_code_text(token, code)),
        issued_by_id=by.user_id,
        issued_at=now,
        expires_at=expires_at,
    )
    _note(row, LinkUse.What.ISSUED, by=by)
    return IssuedLink(row.pk, f"/l/{token}/", code)


@transaction.atomic
def revoke_link(link_id: int, by: Actor) -> None:
    """Take a link back; whoever is inside finds the door gone at the next click. Twice changes nothing. Raises OutOfScope."""
    row = PersonalLink.objects.select_for_update(of=("self",)).select_related("case").filter(pk=link_id).first()
    if row is None:
        raise OutOfScope("out_of_scope", _("没有这个链接，或者不在您的范围内。"))
    _ensure_part(row.case, by)
    if row.revoked_at is None:
        _revoke(row, by, timezone.now())


def links_of(case: Case, purpose: str = "") -> tuple[LinkView, ...]:
    """The links of a case, newest first: of one purpose, or all."""
    rows = PersonalLink.objects.filter(case_id=case.pk, **({"purpose": purpose} if purpose else {}))
    return tuple(_view(row) for row in rows)


def find(token: str) -> PersonalLink | None:
    """The open link of a token; None alike for a forged, expired, revoked or dead one."""
    if len(token) > 100:
        return None
    row = PersonalLink.objects.filter(token_digest__in=digests(_token_text(token))).first()
    return row if row is not None and _is_open(row) else None


def view_of(row: PersonalLink, token: str) -> LinkView:
    """The link as its holder's page gets it."""
    return _view(row, path=f"/l/{token}/")


def resting_until(row: PersonalLink) -> datetime | None:
    """Until when no code is taken, after too many wrong ones."""
    return row.locked_until if row.locked_until and row.locked_until > timezone.now() else None


def try_code(row: PersonalLink, token: str, typed: str) -> bool:
    """Judge a typed code and keep the try. False when it is wrong, the link rests, or it is gone by now.

    Whoever tries at the same time waits, so that many tries at once are as few as many in a row.
    """
    with transaction.atomic():
        held = PersonalLink.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if not _is_open(held) or resting_until(held):
            return False
        code = "".join(unicodedata.normalize("NFKC", typed).split())
        offered = digests(_code_text(token, code))
        if any(hmac.compare_digest(one, held.code_digest) for one in offered):
            _note(held, LinkUse.What.OPENED)
            PersonalLink.objects.filter(pk=held.pk).update(wrong_tries=0, locked_until=None)
            return True
        held.wrong_tries += 1
        _note(held, LinkUse.What.REFUSED)
        if held.wrong_tries % TRIES == 0:
            held.locked_until = timezone.now() + REST
            _note(held, LinkUse.What.LOCKED)
        held.save(update_fields=["wrong_tries", "locked_until"])
        return False


def note_use(row: PersonalLink, *, page: str, sent: bool) -> None:
    """Keep that the holder read a page or sent something."""
    _note(row, LinkUse.What.SENT if sent else LinkUse.What.READ, page=page)


def _is_open(row: PersonalLink) -> bool:
    return row.revoked_at is None and row.expires_at > timezone.now() and row.wrong_tries < ALL_TRIES and row.purpose in _pages


def _token_text(token: str) -> str:
    return f"personal link {token}"


def _code_text(token: str, code: str) -> str:
    return f"personal link code {token} {code}"


def _ensure_part(case: Case, by: Actor) -> None:
    """Links are made by those who take part in the case, never by who may only look, and never by a link."""
    if not by.is_system and (by.organisation_id is None or not by.roles or by.organisation_id not in case.organisation_ids):
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))


def _revoke(row: PersonalLink, by: Actor, now: datetime) -> None:
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    _note(row, LinkUse.What.REVOKED, by=by)


def _note(row: PersonalLink, what: LinkUse.What, *, page: str = "", by: Actor | None = None) -> None:
    LinkUse.objects.create(link=row, what=what, page=page[:200], by_id=by.user_id if by else None, at=timezone.now())


def _view(row: PersonalLink, *, path: str = "") -> LinkView:
    found = row.uses.aggregate(opened=Min("at", filter=Q(what=LinkUse.What.OPENED)), used=Max("at", filter=Q(what__in=USED)))
    return LinkView(
        id=row.pk,
        case_id=row.case_id,
        purpose=row.purpose,
        title=_pages[row.purpose].title if row.purpose in _pages else row.purpose,
        label=row.label,
        party_id=row.party_id,
        expires_at=row.expires_at,
        is_open=_is_open(row),
        opened_at=found["opened"],
        last_used_at=found["used"],
        path=path,
    )
