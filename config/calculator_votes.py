"""The form of the vote calculator, and what stands behind its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from config.calculator_answers import Line, Shown, article
from config.calculator_forms import Field, Filled, Form, Group, Rows
from legislation.calculators import run
from legislation.lookup import at
from legislation.units import Provision

TOTALS = ("persons", "area", "participating_persons", "participating_area", "agreeing_persons", "agreeing_area")
MATTERS = (
    ("use_fund", _l("使用维修资金（维修、更新，全部由现有维修资金支付）")),
    ("raise_fund", _l("筹集维修资金（要业主另外出钱）")),
    ("alter", _l("改建、重建建筑物及其附属设施")),
    ("retrofit", _l("加装电梯")),
    ("ordinary", _l("其他共同决定的事项")),
)


def finish_vote(filled: Filled) -> None:
    """Rows become the roll and the ballots of the command; without rows the totals are wanted."""
    payload = filled.payload
    if "roll" not in payload:
        for key in TOTALS:
            if key not in payload and key not in filled.errors:
                filled.wanted[key] = _("还没填合计；或者在下面逐户填名册")
        return
    ballots: dict[str, str] = {}
    for n, row in filled.rows["roll"]:
        choice = row.pop("ballot", None)
        unit = row.get("unit")
        if unit is None:
            continue
        filled.places[f"ballots.{unit}"] = f"roll.{n}.ballot"
        if choice is not None:
            ballots[unit] = choice
    payload["ballots"] = ballots


VOTE = Form(
    "vote",
    _l("表决"),
    _l("业主共同决定够不够数：人数和面积都要达到，先看参与，再看同意；差多少也算出来。"),
    (
        Group(
            _l("事项"),
            (
                Field("line", _l("表决什么"), "choice", required=True, choices=MATTERS),
                Field("law_date", _l("表决日"), "day", required=True, hint=_l("2021年1月1日民法典施行以前的，以全体业主为基数")),
                Field("place", _l("所在地"), "place", required=True, hint=_l("六位行政区划代码：广州 440100，深圳 440300，东莞 441900")),
            ),
        ),
        Group(
            _l("合计"),
            (
                Field("persons", _l("业主总人数"), "integer", hint=_l("一套一人；同一人几套算一人，开发商没卖的合起来算一人")),
                Field("area", _l("专有部分总面积"), "area"),
                Field("participating_persons", _l("参与表决的人数"), "integer", hint=_l("同意、反对、弃权都算参与")),
                Field("participating_area", _l("参与表决的面积"), "area"),
                Field("agreeing_persons", _l("同意的人数"), "integer"),
                Field("agreeing_area", _l("同意的面积"), "area"),
            ),
        ),
        Group(
            _l("或者逐户填"),
            (
                Rows(
                    "roll",
                    _l("名册"),
                    (
                        Field("unit", _l("房号"), "text", required=True),
                        Field("owner", _l("业主"), "text", hint=_l("共有人用顿号隔开")),
                        Field("area", _l("面积"), "area", required=True),
                        Field("kind", _l("种类"), "choice", choices=(("", _l("业主")), ("developer_unsold", _l("开发商未售未交付")))),
                        Field(
                            "ballot",
                            _l("表决"),
                            "choice",
                            choices=(("", _l("没投")), ("yes", _l("同意")), ("no", _l("反对")), ("abstain", _l("弃权"))),
                        ),
                    ),
                ),
            ),
        ),
    ),
    (
        (
            _l("44 人、4,433.46 ㎡，参与刚好三分之二"),
            {
                "line": "use_fund",
                "law_date": "2026-03-01",
                "place": "441900",
                "persons": "44",
                "area": "4433.46",
                "participating_persons": "30",
                "participating_area": "2955.64",
                "agreeing_persons": "16",
                "agreeing_area": "1477.83",
            },
        ),
        (
            _l("四户，一人两套"),
            {
                "line": "retrofit",
                "law_date": "2026-03-01",
                "place": "440100",
                "roll.0.unit": "101",
                "roll.0.owner": "甲",
                "roll.0.area": "88.50",
                "roll.0.ballot": "yes",
                "roll.1.unit": "102",
                "roll.1.owner": "甲",
                "roll.1.area": "60.00",
                "roll.1.ballot": "yes",
                "roll.2.unit": "201",
                "roll.2.owner": "乙、丙",
                "roll.2.area": "88.50",
                "roll.2.ballot": "yes",
                "roll.3.unit": "202",
                "roll.3.owner": "丁",
                "roll.3.area": "60.00",
            },
        ),
    ),
    finish_vote,
)


def explain_vote(filled: Filled, answer: Mapping[str, Any]) -> Shown:
    """Each threshold by persons and by area, multiplied out instead of rounded."""
    payload = filled.payload
    law = at(date.fromisoformat(payload["law_date"]), payload["place"])
    rule = law.table(f"consultation.line.{payload['line']}")
    lines = [line for name in ("participation", "assent") for line in _lines(name, rule, answer)]
    notes = [_rest(answer)]
    stricter = _stricter(payload)
    if stricter:
        notes.append(stricter)
    big = _("通过") if answer["passed"] else _("没有通过")
    return Shown(_("表决结果"), big, lines=tuple(lines), notes=tuple(notes), is_short=not answer["passed"])


def _lines(name: str, rule: Provision, answer: Mapping[str, Any]) -> list[Line]:
    share: Fraction = rule.value[name]
    is_strict = name == "assent" and rule.value["is_strict"]
    if not share:
        return []
    labels = {"participation": (_("参与：人数"), _("参与：面积")), "assent": (_("同意：人数"), _("同意：面积"))}[name]
    lines = []
    for label, key, unit in zip(labels, ("persons", "area"), (_("人"), "㎡"), strict=True):
        part, whole = (Decimal(text) for text in answer[name][key].split("/"))
        missing = Decimal(answer["missing"][name][key])
        left, right = share.denominator * part, share.numerator * whole
        sign = ("＞" if left > right else "＝" if left == right else "＜") if is_strict else ("≥" if left >= right else "＜")
        formula = f"{share.denominator} × {part:,f} = {left:,f} {sign} {share.numerator} × {whole:,f} = {right:,f}"
        text = _("够") if missing == 0 else _("差 %(n)s %(unit)s") % {"n": f"{missing:,f}", "unit": unit}
        lines.append(
            Line(
                label,
                text=f"{part:,f} / {whole:,f} {unit}　{text}",
                formula=(formula, _wording(share, is_strict)),
                articles=(article(rule),),
            )
        )
    return lines


def _wording(share: Fraction, is_strict: bool) -> str:
    if is_strict:
        return _("超过 %(share)s，刚好一半不算") % {"share": share}
    return _("%(share)s 以上，含本数") % {"share": share}


def _rest(answer: Mapping[str, Any]) -> str:
    if answer["passed"]:
        return _("两道门槛、人数和面积都达到。")
    return _("同意还差多少，以现在参与的人为准；再有人来投，参与的基数会变。")


def _stricter(payload: Mapping[str, Any]) -> str:
    """A warning where the same matter may be held to a stricter line that this tally does not reach."""
    law = at(date.fromisoformat(payload["law_date"]), payload["place"])
    if not law.has("consultation.stricter_line"):
        return ""
    other = law.table("consultation.stricter_line").value.get(payload["line"])
    if other is None:
        return ""
    found, _code = run("vote", {**payload, "line": other})
    label = str(dict(MATTERS)[other]).split("（")[0]
    if found["passed"]:
        return _("按更严的“%(line)s”一条也够。") % {"line": label}
    return _("按更严的“%(line)s”一条不够：要业主另外出钱，或者当地按四分之三掌握的，请按那一条组织。") % {"line": label}
