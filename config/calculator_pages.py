"""The public calculator pages: the same functions as the command, a result whose address can be passed on.

Read only: no sign-in, no query, no session. The case is never touched from here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from config.calculator_answers import Shown
from config.calculator_catalogue import FORMS
from config.calculator_explanations import explain
from config.calculator_forms import Field, Filled, Rows, fill, is_day
from config.management.commands.calculate import load_calculators
from legislation import calculators
from legislation.lookup import place_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

app_name = "calculators"


@dataclass(frozen=True)
class Control:
    """One control as drawn: its slot is its name; `kind` falls back to text where the browser would drop the value."""

    field: Field
    slot: str
    value: str
    error: str
    kind: str

    @property
    def id(self) -> str:
        return control_id(self.slot)


def control_id(slot: str) -> str:
    """The id of a control; its error stands in the element with -e behind it."""
    return f"f-{slot.replace('.', '-')}"


def _control(filled: Filled, field: Field, slot: str) -> Control:
    value = filled.typed.get(slot, field.initial)
    kind = "text" if field.kind == "day" and value and not is_day(value) else field.kind
    return Control(field, slot, value, filled.errors.get(slot, ""), kind)


def _drawn(filled: Filled, part: Field | Rows) -> dict[str, Any]:
    if isinstance(part, Field):
        return {"control": _control(filled, part, part.key)}
    rows = [[_control(filled, column, f"{part.key}.{n}.{column.key}") for column in part.columns] for n in range(filled.counts[part.key])]
    return {"rows": rows, "part": part, "error": filled.errors.get(part.key, "")}


@dataclass(frozen=True)
class Result:
    """What the page shows beside the form. `shown` is None while something is wrong or still wanted."""

    shown: Shown | None
    sent: str
    answer: str


def _calculate(filled: Filled) -> Result | None:
    """Ask the registered calculator unless something typed is wrong or wanted; its refusal goes to its field."""
    if not filled.is_begun or filled.errors or filled.wanted:
        return None
    answer, code = calculators.run(filled.form.name, filled.payload)
    if code:
        filled.refuse(answer["error"]["field"], answer["error"]["why"])
        return None
    return Result(explain(filled, answer), _json(filled.payload), _json(answer))


def place_options() -> list[tuple[str, str]]:
    """Cities of the province whose bases are held, for the list under the field of the court's place."""
    codes = [f"44{n:02d}00" for n in (*range(0, 10), *range(12, 21), 51, 52, 53)]
    return [(code, place_name(code)) for code in codes]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All calculators with what each answers."""
    return render(request, "calculators/index.html", {"forms": FORMS.values()})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One calculator. While somebody types, only the answer and the errors go back; blanks are then not yet errors."""
    if name not in FORMS:
        raise Http404
    load_calculators()
    filled = fill(FORMS[name], request.GET.dict())
    is_live = bool(request.headers.get("HX-Request"))
    result = _calculate(filled)
    if filled.is_begun and not is_live and "add" not in request.GET:
        filled.errors = {**filled.wanted, **filled.errors}
    address = reverse("calculators:page", args=[name])
    if query := urlencode(filled.query()):
        address += f"?{query}"
    context = {
        "form": filled.form,
        "filled": filled,
        "result": result,
        "address": address,
        "absolute": request.build_absolute_uri(address),
        "groups": [(group, [_drawn(filled, part) for part in group.parts]) for group in filled.form.groups],
        "slots": [(control_id(slot), filled.errors.get(slot, "")) for slot in filled.slots()],
        "error": filled.errors.get("", ""),
        "examples": [(label, f"?{urlencode(query)}") for label, query in filled.form.examples],
        "places": place_options(),
        "is_live": is_live,
    }
    response = render(request, "calculators/answer.html" if is_live else "calculators/page.html", context)
    if is_live:
        response["HX-Replace-Url"] = address
    response["Vary"] = "HX-Request"
    return response


urlpatterns = [path("", index, name="index"), path("<str:name>/", page, name="page")]
