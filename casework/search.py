"""One search box for the house: cases by number or words, and whatever else an app offers (lifts by code)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q

from access.scopes import in_scope
from casework.models import Case

if TYPE_CHECKING:
    from access.actors import Actor

LONGEST = 50


@dataclass(frozen=True)
class Hit:
    """Something found that is not a case: its heading, where it is, one line about it."""

    label: Any
    url: str
    sub: Any = ""


Provider = Callable[[str, "Actor"], Iterable[Hit]]
P = TypeVar("P", bound=Provider)
_providers: list[Provider] = []


def provider(function: P) -> P:
    """Register an app's own search: (words, actor) -> hits within the actor's scope, at most a handful."""
    if function not in _providers:
        _providers.append(function)
    return function


def other_hits(words: str, actor: Actor) -> list[Hit]:
    return [hit for find in _providers for hit in find(words, actor)]


def cases(words: str, actor: Actor) -> list[Case]:
    """Cases in the actor's scope whose number begins so or whose title holds every word, the newest first."""
    terms = words.split()
    if not terms:
        return []
    in_title = Q()
    for term in terms:
        in_title &= Q(title__icontains=term)
    by_number = Q(reference__istartswith=terms[0]) if len(terms) == 1 else Q()
    return list(Case.objects.filter(in_scope(actor), by_number | in_title if by_number else in_title).order_by("-pk")[:LONGEST])


def exact(words: str, actor: Actor) -> Case | None:
    """The case that carries exactly this number."""
    found: Case | None = Case.objects.filter(in_scope(actor), reference=words.strip().upper()).first()
    return found
