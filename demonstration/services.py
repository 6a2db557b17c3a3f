"""Writes of the invented province that are no steps: organisations, people, authority, second factors, the stamp."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from stdnum.cn import uscc

from access import second_factor
from access.actors import Actor, actor_for
from access.models import AuthorityLimit, Membership, Organisation, User
from access.roles import MONEY_ROLES, Role
from casework.outbox import delivered_here
from demonstration import accounts
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import Case
    from demonstration.stories import Story

STAMP = "demonstration"


@transaction.atomic
def establish() -> None:
    """Every invented organisation with its people, authority limits and second factors. Idempotent.

    Outside a demonstration nobody of them can sign in: they get neither password nor second factor.
    """
    offices = {spec.key: _office(spec, number) for number, spec in enumerate(accounts.OFFICES, 1)}
    for account in accounts.ACCOUNTS:
        user, created = User.objects.get_or_create(
            username=account.username, defaults={"display_name": account.name, "email": f"{account.username}@tibao.example"}
        )
        if created and settings.DEMONSTRATION:
            user.set_password(settings.DEMONSTRATION_PASSWORD)
            user.save()
        for role in account.roles:
            Membership.objects.get_or_create(user=user, organisation=offices[account.office], role=role, until=None)
        if settings.DEMONSTRATION and set(account.roles) & MONEY_ROLES and not second_factor.has_one(user):
            second_factor.enrol(user, account.secret)
    for number, spec in enumerate(accounts.OFFICES, 1):
        _open_bank_account(offices[spec.key], number)


def _open_bank_account(organisation: Organisation, number: int) -> None:
    """The account to which an insurer gives back what a property company advanced; two of its people have seen it."""
    people = {m.role: actor_for(m.user, organisation.pk) for m in organisation.memberships.select_related("user").order_by("-pk")}
    clerk, approver = people.get(Role.MANAGER_CLERK), people.get(Role.MANAGER_APPROVER)
    if clerk is None or approver is None or "bank_account" in organisation.settings:
        return
    party = parties.register_organisation(organisation.name, uscc=organisation.uscc, by=clerk)
    added = parties.add_account(party.id, bank="南粤商业银行广州分行", number=f"4402000{number:09d}", by=clerk)
    account = parties.confirm_account(added.id, by=approver)
    organisation.settings = {
        **organisation.settings,
        "bank_account": {"bank": account.bank, "masked": account.masked, "account_id": account.id},
    }
    organisation.save(update_fields=["settings"])


def _office(spec: accounts.Office, number: int) -> Organisation:
    organisation, _created = Organisation.objects.get_or_create(
        name=spec.name,
        defaults={
            "kind": spec.kind,
            "short_name": spec.short_name,
            "place": spec.place,
            "address": spec.address,
            "phone": spec.phone,
            "uscc": credit_code(spec.place, number),
        },
    )
    for role, act, amount in spec.limits:
        AuthorityLimit.objects.get_or_create(organisation=organisation, role=role, act=act, defaults={"amount": Decimal(amount)})
    return organisation


def credit_code(place: str, number: int) -> str:
    """An invented 统一社会信用代码 whose check character is right."""
    body = f"91{place}MA5DEM{number:03d}"
    return body + uscc.calc_check_digit(body)


def organisation(key: str) -> Organisation:
    """An invented organisation by its key in accounts.OFFICES."""
    return Organisation.objects.get(name=accounts.office(key).name)


def actor(username: str) -> Actor:
    """An invented person as they act when signed in."""
    return actor_for(User.objects.get(username=username))


@transaction.atomic
def tell(story: Story) -> Case:
    """Play a story to its end, wholly or not at all; the root case. Its news is carried out here, no worker is woken."""
    with delivered_here():
        stage = story.set_up()
        for _mark in story.play(stage):
            pass
    if stage.root is None:
        raise RuntimeError(f"{story.name} told nothing")
    return stage.root


def stamped() -> list[str]:
    """What of the demonstration stands already: "province" and the names of its scenes."""
    row = Organisation.objects.filter(name=accounts.office("operator").name).first()
    return list(row.settings.get(STAMP, [])) if row else []


def stamp(name: str) -> None:
    """Note that one part stands; written in the transaction that made it."""
    row = organisation("operator")
    row.settings = {**row.settings, STAMP: [*row.settings.get(STAMP, []), name]}
    row.save(update_fields=["settings"])
