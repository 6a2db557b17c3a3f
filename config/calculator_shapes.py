"""How rows of the calculator forms become the command's JSON, and its field names lead back to the rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from config.calculator_forms import Filled

CLAIMANT, INSOLVENT = "claimant", "insolvent"


def finish_deadline(filled: Filled) -> None:
    payload, hour = filled.payload, filled.payload.pop("time", None)
    if payload.get("unit") == "hours":
        if hour is None and "time" not in filled.errors:
            filled.wanted["time"] = _("按小时算的期间要填时刻，如 23:30")
        elif "start" in payload and hour:
            payload["start"] = f"{payload['start']}T{hour}"
    if "pauses" in payload:
        payload["pauses"] = [[row.get("from"), row.get("until")] for row in payload["pauses"]]


def finish_injury(filled: Filled) -> None:
    if "grades" in filled.payload:
        filled.payload["grades"] = [row["grade"] for row in filled.payload["grades"] if "grade" in row]


def finish_limits(filled: Filled) -> None:
    """Rows carry the number of their accident; the command takes one array per accident."""
    filled.payload.setdefault("limits", {})
    accidents: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for n, row in filled.rows["accidents"]:
        number = row.pop("accident", None)
        if number is not None:
            accidents[number].append((n, row))
    filled.payload["accidents"] = [[row for _n, row in accidents[number]] for number in sorted(accidents)]
    for i, number in enumerate(sorted(accidents)):
        for j, (n, _row) in enumerate(accidents[number]):
            filled.places[f"accidents[{i}][{j}]"] = f"accidents.{n}.person"
            for key in ("person", "medical", "other"):
                filled.places[f"accidents[{i}][{j}].{key}"] = f"accidents.{n}.{key}"
    if not accidents and not filled.errors:
        filled.wanted["accidents"] = _("还没填：至少一个人的损失")


def finish_recourse(filled: Filled) -> None:
    """One row a party; the command takes what was paid, the shares, the claimant and the insolvent apart."""
    payload, rows = filled.payload, filled.rows["parties"]
    payload.pop("parties", None)
    payload |= {"paid": {}, "shares": {}}
    seen: set[str] = set()
    insolvent: list[str] = []
    claimants: list[str] = []
    for n, row in rows:
        name = row.get("party")
        if name is None:
            continue
        if name in seen:
            filled.errors[f"parties.{n}.party"] = _("这一方上面已经列过，合成一行")
        seen.add(name)
        for key in ("paid", "shares"):
            filled.places[f"{key}.{name}"] = f"parties.{n}.{key}"
            if key in row:
                payload[key][name] = row[key]
        if row.get("role") == INSOLVENT:
            filled.places[f"insolvent[{len(insolvent)}]"] = f"parties.{n}.role"
            insolvent.append(name)
        elif row.get("role") == CLAIMANT:
            if claimants:
                filled.errors[f"parties.{n}.role"] = _("追偿人只能有一个，分开算两次")
            claimants.append(name)
            filled.places["claimant"] = f"parties.{n}.paid"
    filled.places |= {key: "parties" for key in ("paid", "shares") if key not in filled.places}
    if claimants:
        payload["claimant"] = claimants[0]
    else:
        filled.wanted["parties"] = _("还没填：哪一方是追偿人（已经付了钱、要向别人追的）")
    if insolvent:
        payload["insolvent"] = insolvent
