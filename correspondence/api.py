"""The door to correspondence: issue a paper, send a message, let somebody without an account in by a personal link."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from access.models import Organisation
from casework.facts import plain
from casework.references import next_reference
from casework.steps import law_of
from correspondence import messages
from correspondence.declarations import Document
from correspondence.links import IssuedLink, LinkView, issue_link, link_page, links_of, revoke_link
from correspondence.models import IssuedDocument
from correspondence.rendering import qr_svg, render
from correspondence.templatetags.papers import grouped
from legislation import release
from legislation.units import NotInForce, chinese_article

if TYPE_CHECKING:
    from casework.models import Case, CaseEvent
    from legislation.units import Provision

#: Letters and digits nobody confuses when reading a code aloud or from a photocopy.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

__all__ = [
    "Ground", "Imprint", "IssuedLink", "IssuedView", "LinkView", "grounds", "issue", "issue_link", "link_page", "links_of", "papers_of",
    "qr_svg", "revoke_link", "send",
]  # fmt: skip


@dataclass(frozen=True)
class IssuedView:
    """An issued paper for other apps: its row id, serial number and title."""

    id: int
    serial: str
    title: str


@dataclass(frozen=True)
class Ground:
    """One statute with the articles a paper rests on, as it is cited; marked when nobody has read an article against its source."""

    text: str
    is_unverified: bool


@dataclass(frozen=True)
class Imprint:
    """What every paper prints beside its facts."""

    title: str
    serial: str
    issued_at: Any
    issuer: str
    version: int
    replaces: str
    grounds: tuple[Ground, ...]
    unverified: tuple[Provision, ...]
    verify_url: str
    verify_code: str
    qr: str
    reference: str


def issue(kind: type[Document], event: CaseEvent) -> IssuedView:
    """Issue a paper for an event, once: a second call answers the first paper. Called from effects, in the worker.

    A paper that would replace an earlier one and say the same is not issued again: the earlier one is the answer.
    Raises correspondence.rendering.MissingGlyphs when a name holds a character that no font draws.
    """
    known = IssuedDocument.objects.filter(event=event, code=kind.code).first()
    if known is not None:
        return _view(known)
    with translation.override(settings.LANGUAGE_CODE):  # papers speak Chinese, whoever's click brought them about
        return _issue(kind, event)


def _issue(kind: type[Document], event: CaseEvent) -> IssuedView:
    paper = kind()
    facts = paper.facts(event)
    case = event.case
    replaced = _replaced(kind, case.pk)
    if replaced is not None and replaced.facts == plain(facts):
        return _view(replaced)
    provisions = _provisions(paper.rests_on(facts), event)
    issued_at = timezone.now()
    code = "".join(secrets.choice(ALPHABET) for _ in range(12))
    verify_url = f"{settings.PUBLIC_ADDRESS}/v/{code}/"
    issuer_id = paper.issuer_id(event)
    imprint = Imprint(
        title=paper.heading(facts),
        serial=next_reference(kind.prefix, timezone.localtime(issued_at).year),
        issued_at=issued_at,
        issuer=_organisation_name(issuer_id),
        version=replaced.version + 1 if replaced else 1,
        replaces=replaced.serial if replaced else "",
        grounds=grounds(provisions),
        unverified=tuple(p for p in provisions if p.unverified),
        verify_url=verify_url,
        verify_code=grouped(code),
        qr=qr_svg(verify_url),
        reference=case.reference,
    )
    done = render(kind.template, {"f": facts, "doc": imprint})
    row = IssuedDocument(
        case=case,
        event=event,
        code=kind.code,
        title=imprint.title,
        serial=imprint.serial,
        verify_code=code,
        version=imprint.version,
        replaces=replaced,
        issuer_id=issuer_id,
        facts=plain(facts),
        provisions=[p.citation for p in provisions],
        template_sha256=done.template_sha256,
        law_release=release.RELEASE,
        sha256=done.sha256,
        size=len(done.pdf),
        pages=done.pages,
        issued_at=issued_at,
    )
    row.file.save(f"{issued_at:%Y/%m}/{event.id}-{kind.code}.pdf", ContentFile(done.pdf), save=False)
    row.save(force_insert=True)
    return _view(row)


def send(kind: str, event: CaseEvent, **values: Any) -> int:
    """Tell those whom the table names for this kind of message. Idempotent per event; returns how many were told anew."""
    return messages.send(kind, event, values)


def papers_of(case: Case) -> list[IssuedView]:
    """The papers of a case, newest first."""
    return [_view(row) for row in IssuedDocument.objects.filter(case_id=case.pk)]


def _view(row: IssuedDocument) -> IssuedView:
    return IssuedView(row.pk, row.serial, row.title)


def _replaced(kind: type[Document], case_id: int) -> IssuedDocument | None:
    if not kind.supersedes:
        return None
    return (
        IssuedDocument.objects.select_for_update(of=("self",))
        .filter(case_id=case_id, code=kind.code, replaced_by=None)
        .order_by("-issued_at")
        .first()
    )


def _provisions(names: Iterable[str], event: CaseEvent) -> tuple[Provision, ...]:
    law = law_of(event.case.specific, event.happened_at)
    found = []
    for name in names:
        try:
            found.append(law.provision(name))
        except NotInForce:
            continue
    return tuple(found)


def grounds(provisions: Iterable[Provision]) -> tuple[Ground, ...]:
    """Cite each statute once, with its articles in order: 《中华人民共和国保险法》第二十二条第二款、第二十三条第一款."""
    by_statute: dict[str, list[Provision]] = {}
    for provision in provisions:
        name = provision.citation.removesuffix(chinese_article(provision.article))
        by_statute.setdefault(name, []).append(provision)
    found = []
    for name, cited in by_statute.items():
        articles = sorted({p.article for p in cited if p.article}, key=_reading_order)
        text = name + "、".join(chinese_article(article) for article in articles)
        found.append(Ground(text, any(p.unverified for p in cited)))
    return tuple(found)


def _reading_order(article: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(number) for number in re.findall(r"\d+", article)), article


def _organisation_name(organisation_id: int | None) -> str:
    row = Organisation.objects.filter(pk=organisation_id or 0).first()
    return row.name if row else ""
