"""Writes: record a party, complete its identity, relate parties, add and confirm payee accounts, look at data in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.encryption import digest
from parties import identifiers
from parties.models import Party, PartyLog, PayeeAccount, Relation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from access.actors import Actor

SHORTEST_REASON = 2
BATCH = 500


def log(party: Party, act: str, by: Actor | None, *, fields: Sequence[str] = (), reason: str = "") -> None:
    PartyLog.objects.create(
        party=party,
        act=act,
        fields=list(fields),
        reason=reason[:200],
        user_id=by.user_id if by else None,
        organisation_id=by.organisation_id if by else None,
        actor_name=by.name if by else _("系统"),
    )


def _collect(**reads: Callable[[], Any]) -> dict[str, Any]:
    """Run every reading; one ValidationError by field for all that failed."""
    values, errors = {}, {}
    for field, read in reads.items():
        try:
            values[field] = read()
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def read_person(
    *, name: str, description: str, id_kind: str, id_number: str, phone: str, birth_date: date | None, sex: str, address: str
) -> dict[str, Any]:
    """Check what was typed about a person. Raises ValidationError by field; the number answers for birth date and sex."""
    is_unknown = not name.strip()
    resident = id_kind == Party.IdKind.RESIDENT_ID
    today = timezone.localdate()

    def number() -> Any:
        if not id_number.strip():
            return None
        return identifiers.resident_id(id_number, today=today) if resident else identifiers.other_id(id_number)

    values = _collect(
        name=lambda: identifiers.person_name(name) if not is_unknown else "",
        description=lambda: identifiers.person_name(description) if is_unknown or description.strip() else "",
        id_number=number,
        phone=lambda: identifiers.phone(phone) if phone.strip() else "",
        birth_date=lambda: _birth_date(birth_date, today),
    )
    read = values["id_number"]
    if isinstance(read, identifiers.ResidentId):
        if birth_date and birth_date != read.birth_date:
            raise ValidationError({"birth_date": [_("出生日期和身份证号码里的不一致，请看一眼哪个写错了。")]})
        values |= {"id_number": read.number, "birth_date": read.birth_date, "sex": sex or read.sex}
    else:
        values |= {"id_number": read or "", "sex": sex}
    return {**values, "is_unknown": is_unknown, "id_kind": id_kind, "address": address.strip()[:200]}


def _birth_date(day: date | None, today: date) -> date | None:
    if day is not None and not date(1880, 1, 1) <= day <= today:
        raise ValidationError(_("出生日期看起来不对，请再看一眼。"), code="date")
    return day


@transaction.atomic
def register_person(*, by: Actor | None, **typed: Any) -> Party:
    """Record a person. Raises ValidationError by field."""
    values = read_person(**typed)
    party = Party(kind=Party.Kind.PERSON, **values)
    _digest(party)
    party.save(force_insert=True)
    log(party, PartyLog.Act.REGISTERED, by, fields=_filled(values))
    return party


@transaction.atomic
def register_organisation(*, name: str, uscc: str, phone: str, address: str, by: Actor | None) -> Party:
    """Record an organisation outside (a hospital, a firm); the one with the same code or the same name is taken again."""
    values = _collect(
        name=lambda: identifiers.person_name(name),
        uscc=lambda: identifiers.uscc(uscc) if uscc.strip() else "",
        phone=lambda: identifiers.phone(phone) if phone.strip() else "",
    )
    known = Party.objects.filter(kind=Party.Kind.ORGANISATION)
    known = known.filter(uscc=values["uscc"]) if values["uscc"] else known.filter(name=values["name"])
    found = known.order_by("pk").first()
    if found is not None:
        return found
    party = Party(kind=Party.Kind.ORGANISATION, address=address.strip()[:200], **values)
    _digest(party)
    party.save(force_insert=True)
    log(party, PartyLog.Act.REGISTERED, by, fields=_filled(values))
    return party


@transaction.atomic
def identify(party_id: int, *, by: Actor | None, reason: str, **typed: Any) -> Party:
    """Complete or correct who a person is; what is left empty stays. Logged with its reason."""
    party = Party.objects.select_for_update().get(pk=party_id, kind=Party.Kind.PERSON)
    merged = {
        field: typed.get(field) or getattr(party, field)
        for field in ("name", "description", "id_kind", "id_number", "phone", "birth_date", "sex", "address")
    }
    if typed.get("id_number"):
        merged["birth_date"], merged["sex"] = typed.get("birth_date"), typed.get("sex") or ""
    values = read_person(**merged)
    changed = [field for field, value in values.items() if getattr(party, field) != value]
    for field in changed:
        setattr(party, field, values[field])
    _digest(party)
    party.save()
    log(party, PartyLog.Act.IDENTIFIED, by, fields=changed, reason=reason)
    return party


def _digest(party: Party) -> None:
    party.id_digest, party.phone_digest = digest(party.id_number), digest(party.phone)


def _filled(values: dict[str, Any]) -> list[str]:
    return [field for field, value in values.items() if value]


@transaction.atomic
def relate(party_id: int, other_id: int, kind: str, *, by: Actor | None, until: date | None = None, powers: str = "") -> Relation:
    """Record that `other` is the party's heir, guardian, agent … An agent needs the last day of the power of attorney."""
    if party_id == other_id:
        raise ValidationError({"other": [_("不能和自己建立关系。")]})
    if Relation.Kind(kind) == Relation.Kind.AGENT and until is None:
        raise ValidationError({"until": [_("委托代理要写明授权的最后一天，授权委托书上有。")]})
    relation, created = Relation.objects.get_or_create(
        party_id=party_id, other_id=other_id, kind=kind, ended_on=None, defaults={"until": until, "powers": powers[:200]}
    )
    if not created and (relation.until, relation.powers) != (until, powers[:200]):
        relation.until, relation.powers = until, powers[:200]
        relation.save(update_fields=["until", "powers"])
    log(relation.party, PartyLog.Act.RELATED, by, fields=[kind], reason=powers)
    return relation


@transaction.atomic
def end_relation(relation_id: int, *, on: date, by: Actor | None, reason: str) -> None:
    """End a relation, e.g. a power of attorney withdrawn."""
    relation = Relation.objects.select_for_update().get(pk=relation_id, ended_on=None)
    relation.ended_on = on
    relation.save(update_fields=["ended_on"])
    log(relation.party, PartyLog.Act.RELATED, by, fields=[relation.kind], reason=reason)


@transaction.atomic
def add_account(
    party_id: int, *, bank: str, number: str, holder: str, by: Actor | None, organisation_id: int | None = None
) -> PayeeAccount:
    """Add a payee account; it takes the earlier one's place and waits for a second person. The same again is the same row."""
    party = Party.objects.select_for_update().get(pk=party_id)
    values = _collect(
        bank=lambda: identifiers.person_name(bank),
        number=lambda: identifiers.account_number(number),
        holder=lambda: identifiers.person_name(holder or party.name),
    )
    recorded_by = organisation_id or (by.organisation_id if by else None)
    current = _of_one_recorder(party.accounts.all(), party, recorded_by).order_by("-pk").first()
    if current and (current.bank, current.number, current.holder) == (values["bank"], values["number"], values["holder"]):
        return current
    account = PayeeAccount.objects.create(
        party=party,
        number_digest=digest(values["number"]),
        last4=values["number"][-4:],
        organisation_id=recorded_by,
        added_by_id=by.user_id if by else None,
        **values,
    )
    log(party, PartyLog.Act.ACCOUNT_ADDED, by, reason=f"{account.bank} {account.last4}")
    return account


def _of_one_recorder(rows: QuerySet[PayeeAccount], party: Party, organisation_id: int | None) -> QuerySet[PayeeAccount]:
    """A hospital or a firm is one party for everybody: what one organisation types must not replace another's account."""
    return rows.filter(Q(organisation_id=organisation_id)) if party.kind == Party.Kind.ORGANISATION else rows


def is_replaced(account: PayeeAccount) -> bool:
    """Whether a later account took this one's place."""
    later = PayeeAccount.objects.filter(party_id=account.party_id, pk__gt=account.pk)
    return _of_one_recorder(later, account.party, account.organisation_id).exists()


@transaction.atomic
def confirm_account(account_id: int, *, by: Actor, note: str = "", number: str | None = None) -> PayeeAccount:
    """A second person has compared the account with its paper; `number` is what they read there, if they typed it.

    Raises ValidationError: own account, replaced by a later one, another number, or another holder and no note why.
    """
    account = PayeeAccount.objects.select_for_update(of=("self",)).select_related("party").get(pk=account_id)
    if account.confirmed_at is not None:
        return account
    if by.user_id is None:
        raise ValidationError(_("收款账户要由人来核对。"), code="nobody")
    if by.user_id == account.added_by_id:
        raise ValidationError(_("这个账户是您添加的，请另一位同事来核对。"), code="second_person")
    if is_replaced(account):
        raise ValidationError(_("收款人后来换了账户，这一个不用再核对。"), code="replaced")
    if number is not None and identifiers.account_number(number) != account.number:
        raise ValidationError({"number": [_("和登记的账号不一致。请再看一遍材料；是登记错了，就重新登记一个账户。")]})
    if holder_differs(account) and len(note.strip()) < SHORTEST_REASON:
        raise ValidationError({"note": [_("户名和收款人姓名不一致，请写明为什么可以付到这个账户。")]})
    account.confirmed_by_id, account.confirmed_at, account.confirmation_note = by.user_id, timezone.now(), note.strip()[:200]
    account.save(update_fields=["confirmed_by", "confirmed_at", "confirmation_note"])
    log(account.party, PartyLog.Act.ACCOUNT_CONFIRMED, by, reason=note.strip() or f"{account.bank} {account.last4}")
    return account


def holder_differs(account: PayeeAccount) -> bool:
    """Whether the account is in another name than the party's (spaces, width and brackets aside)."""
    return _plain(account.holder) != _plain(account.party.name)


def _plain(name: str) -> str:
    return identifiers.folded(name)


def ensure_reason(reason: str) -> str:
    """A look at data in full has a reason of some words."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": [_("查看完整资料要写明用途，系统会记录。")]})
    return reason


def write_identity_anew() -> tuple[int, int]:
    """Encrypt and digest everything under the first key in force, row by row. Returns how many parties and accounts."""
    parties = accounts = 0
    for party in Party.objects.order_by("pk").iterator(chunk_size=BATCH):
        with transaction.atomic():
            fresh = Party.objects.select_for_update().get(pk=party.pk)
            _digest(fresh)
            fresh.save(update_fields=["id_number", "id_digest", "phone", "phone_digest", "address"])
        parties += 1
    for account in PayeeAccount.objects.order_by("pk").iterator(chunk_size=BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL tibao.rotating_keys = 'on'")
            account.number_digest = digest(account.number)
            account.save(update_fields=["number", "number_digest"])
            cursor.execute("SET LOCAL tibao.rotating_keys = 'off'")
        accounts += 1
    return parties, accounts
