"""The parties' door for higher floors. Everything is masked unless `reveal` is asked, with a reason, and logged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.actors import Actor
from access.encryption import digests
from parties import identifiers, masks, scopes, services
from parties.models import Party, PartyLog, PayeeAccount, Relation

Kind = Party.Kind
IdKind = Party.IdKind
RelationKind = Relation.Kind

__all__ = [
    "AccountRef",
    "FullIdentity",
    "IdKind",
    "Kind",
    "PartyRef",
    "PartyView",
    "Payee",
    "RelationKind",
    "RelationView",
    "account",
    "accounts_of",
    "add_account",
    "confirm_account",
    "confirm_url",
    "end_relation",
    "find_by_id_number",
    "find_by_phone",
    "identify",
    "parties",
    "party",
    "payee",
    "ref",
    "register_organisation",
    "register_person",
    "relate",
    "reveal",
    "reveal_account",
]


@dataclass(frozen=True)
class PartyRef:
    """A party in a line: display_name is the full name (papers), masked_name the one for pages (黄*芬, or the description)."""

    id: int
    kind: str
    display_name: str
    masked_name: str
    public_name: str
    masked_phone: str
    masked_id: str
    is_unknown: bool


@dataclass(frozen=True)
class AccountRef:
    """A payee account. masked: 尾号 4417. is_current: no later account took its place."""

    id: int
    party_id: int
    bank: str
    holder: str
    masked: str
    is_confirmed: bool
    is_current: bool
    holder_differs: bool
    added_by_id: int | None
    organisation_id: int | None

    @property
    def is_usable(self) -> bool:
        return self.is_confirmed and self.is_current


@dataclass(frozen=True)
class RelationView:
    """`other` is the party's `kind` (heir, guardian, agent …); until: last day of a power of attorney."""

    id: int
    kind: str
    label: str
    other: PartyRef
    powers: str
    until: date | None
    is_in_force: bool


@dataclass(frozen=True)
class PartyView:
    """A party with all that pages show, masked."""

    ref: PartyRef
    description: str
    id_kind: str
    birth_date: date | None
    sex: str
    uscc: str
    relations: tuple[RelationView, ...]
    account: AccountRef | None

    @property
    def id(self) -> int:
        return self.ref.id

    def age_on(self, day: date) -> int | None:
        """Full years on a day; None while the birth date is unknown."""
        if self.birth_date is None:
            return None
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class FullIdentity:
    """A party unmasked."""

    name: str
    id_kind: str
    id_number: str
    phone: str
    birth_date: date | None
    address: str


@dataclass(frozen=True)
class Payee:
    """Who receives money and where, as a snapshot. account_ref None and account_masked "": paid without an account."""

    name: str
    account_masked: str = ""
    account_ref: int | None = None
    bank: str = ""


def register_person(
    name: str = "",
    *,
    description: str = "",
    id_number: str = "",
    id_kind: str = IdKind.RESIDENT_ID,
    phone: str = "",
    birth_date: date | None = None,
    sex: str = "",
    address: str = "",
    by: Actor | None = None,
) -> PartyRef:
    """Record a person; without a name a description is needed ("穿红衣的女士") and the person counts as unknown.

    Raises django ValidationError by field with sentences in Chinese.
    """
    return ref_of(
        services.register_person(
            by=by,
            name=name,
            description=description,
            id_kind=id_kind,
            id_number=id_number,
            phone=phone,
            birth_date=birth_date,
            sex=sex,
            address=address,
        )
    )


def register_organisation(name: str, *, uscc: str = "", phone: str = "", address: str = "", by: Actor | None = None) -> PartyRef:
    """Record a hospital, a firm …; the same code (or, without one, the same name) is the same party.

    Raises ValidationError by field.
    """
    return ref_of(services.register_organisation(name=name, uscc=uscc, phone=phone, address=address, by=by))


def identify(
    party_id: int,
    *,
    name: str = "",
    id_number: str = "",
    id_kind: str = "",
    phone: str = "",
    birth_date: date | None = None,
    sex: str = "",
    address: str = "",
    by: Actor | None = None,
    reason: str = "",
) -> PartyRef:
    """Complete or correct who a person is; empty arguments leave what is there. Raises ValidationError by field."""
    return ref_of(
        services.identify(
            party_id,
            by=by,
            reason=reason,
            name=name,
            id_number=id_number,
            id_kind=id_kind,
            phone=phone,
            birth_date=birth_date,
            sex=sex,
            address=address,
        )
    )


def ref(party_id: int) -> PartyRef:
    return ref_of(Party.objects.get(pk=party_id))


def parties(party_ids: Iterable[int]) -> dict[int, PartyRef]:
    """Several parties by id, one query."""
    return {row.pk: ref_of(row) for row in Party.objects.filter(pk__in=list(party_ids))}


def party(party_id: int, *, on: date | None = None) -> PartyView:
    """One party with relations (in force on a day, if given) and the current account, masked. Raises Party.DoesNotExist."""
    row = Party.objects.get(pk=party_id)
    relations = row.relations.select_related("other").filter(ended_on=None)
    latest = row.accounts.select_related("party").order_by("-pk").first()
    return PartyView(
        ref=ref_of(row),
        description=row.description,
        id_kind=row.id_kind,
        birth_date=row.birth_date,
        sex=row.sex,
        uscc=row.uscc,
        relations=tuple(
            RelationView(
                r.pk,
                r.kind,
                str(r.get_kind_display()),
                ref_of(r.other),
                r.powers,
                r.until,
                is_in_force=on is None or r.until is None or on <= r.until,
            )
            for r in relations
        ),
        account=_account_ref(latest, is_current=True) if latest else None,
    )


def find_by_id_number(id_number: str) -> tuple[int, ...]:
    """The parties with this number, found by its keyed digest."""
    number = "".join(id_number.split()).upper()
    return tuple(Party.objects.filter(id_digest__in=digests(number)).order_by("pk").values_list("pk", flat=True)) if number else ()


def find_by_phone(phone: str) -> tuple[int, ...]:
    """The parties with this telephone number. Raises ValidationError for what is no number."""
    found = Party.objects.filter(phone_digest__in=digests(identifiers.phone(phone)))
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def relate(party_id: int, other_id: int, kind: str, *, by: Actor | None = None, until: date | None = None, powers: str = "") -> int:
    """Record that `other` is the party's heir, guardian, agent …; an agent needs `until`. Returns the relation's id."""
    return services.relate(party_id, other_id, kind, by=by, until=until, powers=powers).pk


def end_relation(relation_id: int, *, on: date, by: Actor | None = None, reason: str = "") -> None:
    services.end_relation(relation_id, on=on, by=by, reason=reason)


def add_account(
    party_id: int, *, bank: str, number: str, holder: str = "", by: Actor | None, organisation_id: int | None = None
) -> AccountRef:
    """Add a payee account; it waits for a second person of `organisation_id` (default: the actor's). Holder: the party.

    Raises ValidationError by field (bank, number, holder).
    """
    row = services.add_account(party_id, bank=bank, number=number, holder=holder, by=by, organisation_id=organisation_id)
    return _account_ref(row, is_current=True)


def confirm_account(account_id: int, *, by: Actor, note: str = "") -> AccountRef:
    """A second person has compared the account with its paper. Raises ValidationError with what stands against it."""
    return _account_ref(services.confirm_account(account_id, by=by, note=note), is_current=True)


def confirm_url(account_id: int, *, actor: Actor, back: str = "") -> str:
    """The page on which this actor confirms the account. The caller has checked that the actor sees a case it belongs to.

    back: the page to return to. "" for who may not confirm it: another role, or the person who added it.
    """
    added_by = PayeeAccount.objects.values_list("added_by_id", flat=True).get(pk=account_id)
    if not actor.has(*scopes.CONFIRMERS) or actor.user_id == added_by:
        return ""
    query = {"pass": scopes.pass_for(account_id, actor), **({"next": back} if back else {})}
    return f"{reverse('parties:confirm_account', args=[account_id])}?{urlencode(query)}"


def account(account_id: int) -> AccountRef:
    """One payee account. Raises PayeeAccount.DoesNotExist."""
    row = PayeeAccount.objects.select_related("party").get(pk=account_id)
    return _account_ref(row, is_current=not services.is_replaced(row))


def accounts_of(party_id: int, *, recorded_by: int | None = None) -> tuple[AccountRef, ...]:
    """All accounts of a party, the current one first; `recorded_by`: only those that this organisation recorded."""
    rows = PayeeAccount.objects.filter(party_id=party_id).select_related("party").order_by("-pk")
    if recorded_by is not None:
        rows = rows.filter(organisation_id=recorded_by)
    return tuple(_account_ref(row, is_current=not services.is_replaced(row)) for row in rows)


def payee(account_id: int) -> Payee:
    """The snapshot of a payee that a payment order carries."""
    row = PayeeAccount.objects.select_related("party").get(pk=account_id)
    return Payee(name=row.holder, account_masked=masks.account(row.last4), account_ref=row.pk, bank=row.bank)


def reveal(party_id: int, *, by: Actor, reason: str) -> FullIdentity:
    """A party unmasked; who looked and why is logged. The caller has checked the scope. Raises ValidationError("reason")."""
    row = Party.objects.get(pk=party_id)
    fields = [f for f in ("name", "id_number", "phone", "birth_date", "address") if getattr(row, f)]
    services.log(row, PartyLog.Act.REVEALED, by, fields=fields, reason=services.ensure_reason(reason))
    return FullIdentity(row.name, row.id_kind, row.id_number, row.phone, row.birth_date, row.address)


def reveal_account(account_id: int, *, by: Actor, reason: str) -> str:
    """A payee account's whole number; logged. The caller has checked the scope. Raises ValidationError("reason")."""
    row = PayeeAccount.objects.select_related("party").get(pk=account_id)
    services.log(row.party, PartyLog.Act.REVEALED, by, fields=["account"], reason=services.ensure_reason(reason))
    number: str = row.number
    return number


@dataclass(frozen=True)
class LogLine:
    """One line of a party's record of provision."""

    at: datetime
    act: str
    actor_name: str
    fields: tuple[str, ...]
    reason: str


def log_of(party_id: int) -> tuple[LogLine, ...]:
    """Who recorded, saw or confirmed a party's data, the latest first."""
    rows = PartyLog.objects.filter(party_id=party_id)
    return tuple(LogLine(r.at, str(r.get_act_display()), r.actor_name, tuple(r.fields), r.reason) for r in rows)


def ref_of(row: Party) -> PartyRef:
    is_person = row.kind == Party.Kind.PERSON
    shown = row.name or row.description or _("身份不明")
    known = is_person and bool(row.name)
    return PartyRef(
        id=row.pk,
        kind=row.kind,
        display_name=shown,
        masked_name=masks.name(row.name) if known else shown,
        public_name=masks.public_name(row.name) if known else shown,
        masked_phone=masks.phone(row.phone),
        masked_id=masks.id_number(row.id_number),
        is_unknown=row.is_unknown,
    )


def _account_ref(row: PayeeAccount, *, is_current: bool) -> AccountRef:
    return AccountRef(
        id=row.pk,
        party_id=row.party_id,
        bank=row.bank,
        holder=row.holder,
        masked=masks.account(row.last4),
        is_confirmed=row.confirmed_at is not None,
        is_current=is_current,
        holder_differs=services.holder_differs(row),
        added_by_id=row.added_by_id,
        organisation_id=row.organisation_id,
    )
