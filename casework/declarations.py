"""How a life cycle is declared: steps, guards, checks, movements, deadlines, evidence. Pure; never a query, a clock or a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django_fsm import transition

from access.roles import CaseRole, Role

Text = Any  # str or a lazy translation of one


@dataclass(frozen=True)
class NoFacts:
    """The facts of a step that needs none."""


NO_FACTS = NoFacts()


@dataclass(frozen=True)
class Cure:
    """The way out of a refusal: a step of this case (`verb`), or a part of its page (`anchor`: evidence, money, people ...)."""

    label: Text
    verb: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Guard:
    """A named predicate over (case, law, position), shown before anybody types.

    `says` is a sentence, or a function (case, position) -> sentence where it must list what stands in the way. `hides`:
    where it does not hold the step makes no sense, so no page offers it greyed; `perform` refuses it all the same.
    """

    code: str
    says: Text
    holds: Callable[[Any, Any, Any], bool]
    law: str = ""
    cure: Cure | None = None
    hides: bool = False


@dataclass(frozen=True)
class Check:
    """A named predicate over the typed facts (case, law, position, facts, by); names the form field it judges."""

    field: str
    reason: str
    says: Text
    holds: Callable[[Any, Any, Any, Any, Any], bool]
    law: str = ""


def guard(code: str, *, says: Text, law: str = "", cure: Cure | None = None, hides: bool = False) -> Callable[[Callable[..., bool]], Guard]:
    """Declare a guard. `says` is the refusal in Chinese, `law` the name of the parameter whose article stands behind it."""
    return lambda predicate: Guard(code=code, says=says, holds=predicate, law=law, cure=cure, hides=hides)


def check(field: str, *, reason: str, says: Text, law: str = "") -> Callable[[Callable[..., bool]], Check]:
    """Declare a check on one field of the step's facts."""
    return lambda predicate: Check(field=field, reason=reason, says=says, holds=predicate, law=law)


@dataclass(frozen=True)
class Movement:
    """One movement of money or of a limit, in CNY; the ledger carries it out inside the step's transaction.

    transfer: debit → credit, at once. reserve: the same, held until posted or voided; `reservation` names it.
    post / void / expire: settle the reservation named (post may carry a smaller amount; the rest is given back).
    reverse: undo the posted transfer named, by a new one. Accounts are keys such as "policy/7/aggregate".
    """

    action: Literal["transfer", "reserve", "post", "void", "expire", "reverse"]
    amount: Decimal | None = None
    debit: str = ""
    credit: str = ""
    reservation: str = ""
    memo: str = ""


@dataclass(frozen=True)
class StepSpec:
    """Everything that hangs on a step's name."""

    verb: str
    sources: tuple[str, ...]
    target: str | None
    label: Text
    description: Text
    guards: tuple[Guard, ...]
    checks: tuple[Check, ...]
    moves: tuple[Callable[..., Iterable[Movement]], ...]
    rows: tuple[Callable[..., Iterable[Any]], ...]
    provisions: tuple[str, ...]
    facts: type
    evidence: tuple[str, ...]
    grave: bool
    foresee: bool
    system_only: bool
    kind: str = ""
    app: str = ""

    @property
    def topic(self) -> str:
        return f"{self.app}.{self.kind}.{self.verb}"

    @property
    def is_birth(self) -> bool:
        return self.sources == ("",)


def step(
    *,
    source: str | Sequence[str],
    target: str | None,
    label: Text,
    facts: type = NoFacts,
    guards: Sequence[Guard] = (),
    checks: Sequence[Check] = (),
    moves: Sequence[Callable[..., Iterable[Movement]]] = (),
    rows: Sequence[Callable[..., Iterable[Any]]] = (),
    provisions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    grave: bool = False,
    foresee: bool = False,
    system_only: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a step of a life cycle. The method's docstring is the Chinese term and one sentence of law.

    source: states it leaves from ("" is birth; many allowed). target: the state reached, None to stay where it is.
    facts: the frozen dataclass it takes. moves: pure (case, facts, law) -> movements. rows: pure
    (case, facts, law, event_id, position) -> unsaved rows of the app's own tables, written in the same transaction.
    provisions: parameter names cited on the page, in the audit row and the papers. evidence: codes of required evidence
    that must be there. grave: asks twice and is drawn in red. foresee: shown greyed before its time.
    system_only: never a button.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)

    def decorate(method: Callable[..., None]) -> Callable[..., None]:
        moved = transition(field="state", source=list(sources), target=target)(method)
        moved.step = StepSpec(
            verb=method.__name__,
            sources=sources,
            target=target,
            label=label,
            description=(method.__doc__ or "").strip().splitlines()[0] if method.__doc__ else "",
            guards=tuple(guards),
            checks=tuple(checks),
            moves=tuple(moves),
            rows=tuple(rows),
            provisions=tuple(provisions),
            facts=facts,
            evidence=tuple(evidence),
            grave=grave,
            foresee=foresee,
            system_only=system_only,
        )
        return moved  # type: ignore[no-any-return]

    return decorate


@dataclass(frozen=True)
class Pause:
    """A clock stands still from one step to another. The fact fields, if named, hold the dates; else happened_at."""

    begins: str
    ends: str
    begin_fact: str = ""
    end_fact: str = ""
    or_ends: str = ""  # another step that also ends it


@dataclass(frozen=True)
class DeadlineRule:
    """One clock of a kind of case, recomputed from its events.

    starts: verbs whose event starts it (the first, or the latest if `restarts`). start_fact: the field of that event's
    facts holding the legal start, if not happened_at. parameter: the legislation name that gives count, unit and article.
    responsible: the part whose organisation must act. met_by: verbs that meet it;
    met_fact: the field of that event's facts holding when (without it the clock is void). ends_with: verbs that make it void.
    rechecked_by: verbs after which `applies` is asked again.
    statutory: False for agreed or internal periods (drawn dashed). informs: only shown, never waited for (limitation).
    """

    name: str
    label: Text
    starts: tuple[str, ...]
    parameter: str
    responsible: CaseRole
    met_by: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    start_fact: str = ""
    met_fact: str = ""
    restarts: bool = False
    statutory: bool = True
    informs: bool = False
    applies: Callable[[Any], bool] | None = None  # over the case's own fields
    agreed: Callable[[Any], int | None] | None = None  # the contract's own count, over the case's own fields; None: the law's
    rechecked_by: tuple[str, ...] = ()
    since: Callable[[Any], datetime | None] | None = None  # from when, where the case itself says so; None: by its start event
    answers: Callable[[Any], CaseRole] | None = None  # the part that must act, where the case itself says which


@dataclass(frozen=True)
class EvidenceRequirement:
    """A paper or picture the case needs. `needed_by`: verbs it holds back. `applies`: over the case's own fields.

    sensitivity: "personal" or "sensitive" when it tells of a person (PIPL 28: medical papers); others then need a ground to read it.
    """

    code: str
    label: Text
    how: Text = ""
    needed_by: tuple[str, ...] = ()
    applies: Callable[[Any], bool] | None = None
    sensitivity: Literal["ordinary", "personal", "sensitive"] = "ordinary"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: the part in the case, the role there, and the step that is waited for.

    Where the case waits for a step of another case (which has that turn on its own row), there is no role here and
    `verb` names the other step as `<kind>.<verb>`: shown to everybody, in nobody's list of work twice.
    """

    part: CaseRole | None
    role: Role | None
    verb: str


@dataclass(frozen=True)
class KindSpec:
    """One kind of case with all that was declared for it."""

    kind: str
    app: str
    model: type
    label: Text
    prefix: str
    steps: dict[str, StepSpec]
    states: dict[str, Text]
    path: tuple[str, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    ended: frozenset[str] = field(default_factory=frozenset)


GoverningDates = dict[str, date]
