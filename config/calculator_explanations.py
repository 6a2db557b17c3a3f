"""What stands behind a calculator's answer: headline, lines with formula, inputs and articles. Never an amount of its own.

Where the answer gives no formula, the same registered calculator is asked again with fewer limits or a single measure,
and the difference is the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from config.calculator_answers import Article, Line, Shown, article
from config.calculator_forms import Filled
from config.calculator_funding_explanations import explain_closing, explain_shares, explain_subsidy
from config.calculator_votes import explain_vote
from damages.calculations import HEADS, percent
from damages.calculators import worksheet
from ledger.capitals import capitals
from legislation import calculators
from legislation.lookup import at, programme, statute
from legislation.money import ZERO, to_fen
from legislation.units import Provision

CAPITALS_STATUTE = "cn.pboc.settlement-annex-1"
CUTS = ("medical_per_person", "per_person", "per_accident", "aggregate")


def explain(filled: Filled, answer: dict[str, Any]) -> Shown:
    """Present the answer of the form's calculator."""
    return _BY_NAME[filled.form.name](filled, answer)


def _articles(provisions: Iterable[Provision]) -> tuple[Article, ...]:
    """Each citation once; the weakest mark of those that share it stands."""
    found: dict[str, Article] = {}
    for provision in provisions:
        one = article(provision)
        if one.text not in found or (one.mark and not found[one.text].mark):
            found[one.text] = one
    return tuple(found.values())


def _yuan(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _caps(amount: Decimal) -> str:
    return capitals(amount)


def _deadline(filled: Filled, answer: dict[str, Any]) -> Shown:
    due = answer["due"]
    day = date.fromisoformat(due[:10])
    weekday = _("星期%(day)s") % {"day": "一二三四五六日"[day.weekday()]}
    written = f"{day.year}年{day.month}月{day.day}日{f' {due[11:16]}' if len(due) > 10 else ''}　{weekday}"
    notes = (_("%(year)s 年的放假安排还没公布，这个日期是暂算。") % {"year": day.year},) if answer["provisional"] else ()
    line = Line(_("起算、中止和顺延"), formula=tuple(answer["explanation"]))
    return Shown(_("到期"), written, lines=(line,), notes=notes)


def _injury(filled: Filled, answer: dict[str, Any]) -> Shown:
    heads = {head.code: head for head in worksheet(filled.payload).items}
    words = {"base": _("年度标准"), "years": _("年数"), "coefficient": _("伤残系数"), "months": _("月数"), "amount": _("票据金额")}
    lines = []
    for item in answer["items"]:
        head = heads[item["code"]]
        lines.append(
            Line(
                HEADS[item["code"]],
                None if item["amount"] is None else Decimal(item["amount"]),
                formula=(item["formula"],) if item["formula"] else (),
                inputs=tuple(
                    (words.get(key) or _("被扶养人 %(n)s") % {"n": key.rsplit("_", 1)[-1]}, _written(key, value))
                    for key, value in head.inputs.items()
                ),
                articles=_articles(head.rests_on),
                missing=filled.in_words(item.get("missing", "")),
            )
        )
    if answer["total"] is None:
        known = Decimal(answer["known_total"])
        notes = (_("有项目缺数据，合计算不出来；缺的不按 0 算。"),)
        return Shown(_("赔偿合计"), _("缺"), lines=tuple(lines), total=(_("已知各项小计"), known), notes=notes, is_short=True)
    total = Decimal(answer["total"])
    return Shown(_("赔偿合计"), _yuan(answer["total"]), _caps(total), tuple(lines), (_("合计"), total))


def _written(key: str, value: str) -> str:
    if key == "coefficient":
        return percent(Fraction(value))
    return f"{to_fen(Fraction(value)):,.2f}" if key in ("base", "amount") else value


def _capitals(filled: Filled, answer: dict[str, Any]) -> Shown:
    source = statute(CAPITALS_STATUTE)
    line = Line(
        _("小写"),
        Decimal(filled.payload["amount"]),
        formula=(_("元以上逐位书写，分角另写；到元、到角为止的写“整”"),),
        articles=(Article(source.citation()),),
    )
    return Shown(_("大写"), answer["capitals"], lines=(line,))


GRADES = {"none": "未达到事故等级", "ordinary": "一般事故", "larger": "较大事故", "major": "重大事故"} | {"extraordinary": "特别重大事故"}


def _accident_grade(filled: Filled, answer: dict[str, Any]) -> Shown:
    table = at(date.max).table("incident.grade_table")
    labels = {part.key: str(part.label) for part in filled.form.parts()}
    units = {"deaths": _("人"), "serious_injuries": _("人"), "loss": _("元"), "trapped_minutes": _("分钟")}
    lines = []
    for key, value in filled.payload.items():
        alone, _code = calculators.run(filled.form.name, {key: value})
        row = next((row for row in table.value if row["grade"] == alone["grade"]), None)
        lowest = table.value[-1][key]
        if row:
            formula = _("%(value)s %(unit)s，够到 %(line)s %(unit)s 以上（含本数）") % {
                "value": value, "line": row[key], "unit": units[key]
            }  # fmt: skip
        else:
            formula = _("%(value)s %(unit)s，不到 %(line)s %(unit)s") % {
                "value": value, "line": lowest, "unit": units[key]
            }  # fmt: skip
        mark = article(table).mark
        lines.append(
            Line(labels[key], text=GRADES[alone["grade"]], formula=(formula,), articles=(Article(alone["provision"], mark, table.name),))
        )
    unknown = [label for key, label in labels.items() if key not in filled.payload]
    notes = (_("还不知道：%(what)s。知道以后等级可能变高。") % {"what": "、".join(unknown)},) if unknown else ()
    return Shown(_("等级"), GRADES[answer["grade"]], lines=tuple(lines), notes=notes)


def _entrapment(filled: Filled, answer: dict[str, Any]) -> Shown:
    payload = filled.payload
    terms = programme(payload["programme"]).table(f"programme.{payload['programme']}.entrapment")
    cap = terms.value["cap_per_accident"]
    people = payload["people"]
    sources = (article(terms),)
    per_person, total = (answer[key] for key in ("per_person", "total"))
    tiers = tuple(_tier(tier) for tier in terms.value["tiers"])
    formula = [f"{_range(per_person)} × {people} {_('人')} = {_range(total)}"]
    if cap is not None:
        formula.append(_("每次事故最多 %(cap)s 元") % {"cap": f"{cap:,.2f}"})
        formula[0] = f"{_range(per_person)} × {people} {_('人')}"
    lines = (
        Line(_("每人"), _single(per_person), _range(per_person), tiers, articles=sources),
        Line(_("合计"), _single(total), _range(total), tuple(formula), articles=sources),
    )
    notes = [terms.note] if terms.note else []
    if terms.until:
        notes.append(_("这份条款载明的有效期到 %(day)s。") % {"day": terms.until})
    single = _single(total)
    if single == ZERO:
        notes.insert(0, _("没有到补偿的时间门槛，或者没有人被困。"))
    words = "" if single is None else _caps(single)
    return Shown(_("合计补偿"), _range(total), words, lines, notes=tuple(notes))


def _tier(tier: Mapping[str, Any]) -> str:
    low = _("满 %(n)s 分钟") if tier["from_inclusive"] else _("超过 %(n)s 分钟")
    text = low % {"n": tier["from_minutes"]}
    if tier["to_minutes"] is not None:
        high = _("，至 %(n)s 分钟（含）") if tier["to_inclusive"] else _("，不到 %(n)s 分钟")
        text += high % {"n": tier["to_minutes"]}
    ends = (tier["amount_min"], tier["amount_max"]) if "amount_min" in tier else (tier["amount"],)
    return _("%(when)s：每人 %(amount)s 元") % {"when": text, "amount": " 至 ".join(f"{end:,.2f}" for end in ends)}


def _single(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else None


def _range(value: Any) -> str:
    if isinstance(value, str):
        return _yuan(value)
    return _("%(min)s 至 %(max)s") % {"min": _yuan(value["min"]), "max": _yuan(value["max"])}


def _limits(filled: Filled, answer: dict[str, Any]) -> Shown:
    """Each person's amount after every limit, found by adding one limit at a time."""
    order = at(date.max).table("payout.limit_order")
    words = {part.key.removeprefix("limits."): str(part.label) for part in filled.form.parts()}
    losses = filled.payload["accidents"]
    stages = _stages(filled.payload)
    lines, total = [], ZERO
    for i, accident in enumerate(answer["accidents"]):
        for j, person in enumerate(accident["persons"]):
            loss = losses[i][j]
            medical, other = loss.get("medical", "0.00"), loss["other"]
            before = Decimal(medical) + Decimal(other)
            formula = [_("损失 %(sum)s") % {"sum": f"{before:,.2f}"}]
            for name, stage in stages:
                after = Decimal(stage["accidents"][i]["persons"][j]["payable"])
                if after < before:
                    formula.append(f"− {before - after:,.2f}（{words[name]}）= {after:,.2f}")
                before = after
            label = _("%(who)s（第 %(n)s 次事故）") % {"who": person["person"], "n": i + 1}
            given = ((_("医疗"), _yuan(medical)), (_("其他"), _yuan(other)))
            lines.append(Line(label, Decimal(person["payable"]), formula=tuple(formula), inputs=given, articles=(article(order),)))
        total += Decimal(accident["total"])
    notes: tuple[str, ...] = ()
    if answer["aggregate_left"] is not None:
        notes = (_("累计限额还剩 %(left)s 元。") % {"left": _yuan(answer["aggregate_left"])},)
    return Shown(_("赔付合计"), f"{total:,.2f}", _caps(total), tuple(lines), (_("合计"), total), (*notes, *_of_money()))


def _of_money() -> tuple[str, ...]:
    return (_("按比例分到分，尾数归余数最大的人，各人相加一分不差。"),)


def _stages(payload: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    limits = payload["limits"]
    stages, held = [], {}
    for name in ("deductible", *CUTS):
        if name in limits:
            held[name] = limits[name]
        answer, _code = calculators.run("limits", {**payload, "limits": dict(held)})
        stages.append((name, answer))
    return stages


def _recourse(filled: Filled, answer: dict[str, Any]) -> Shown:
    """Each claim as share × loss − paid, then what the insolvent leave and what the ceiling takes."""
    payload = filled.payload
    source = (article(at(date.max).provision(f"recourse.ground.{payload['liability']}")),)
    solvent, _code = calculators.run("recourse", {**payload, "insolvent": None})
    failing = payload.get("insolvent", ())
    lines = []
    for party, amount in answer["claimable"].items():
        share, paid = payload["shares"][party], payload["paid"].get(party, "0.00")
        own = Decimal(solvent["claimable"][party])
        formula = [f"{share} × {_yuan(payload['loss'])} − {_yuan(paid)} → {own:,.2f}"]
        difference = Decimal(amount) - own
        if party in failing and payload["liability"] == "joint":
            formula.append(_("无力偿还，追不到；它的份额由有能力的各方按比例分担"))
        elif difference > 0:
            formula.append(_("+ %(sum)s（分担无力偿还方的份额）") % {"sum": f"{difference:,.2f}"})
        elif difference < 0:
            formula.append(_("− %(sum)s（以追偿人实付超出自己份额的部分为限）") % {"sum": f"{-difference:,.2f}"})
        given = ((_("责任比例"), share), (_("已付"), _yuan(paid)))
        lines.append(Line(party, Decimal(amount), formula=tuple(formula), inputs=given, articles=source))
    total = sum((Decimal(amount) for amount in answer["claimable"].values()), ZERO)
    back, spent = payload.get("reimbursed", "0.00"), payload["paid"][payload["claimant"]]
    own_line = Line(
        _("%(who)s自己负担") % {"who": payload["claimant"]},
        Decimal(answer["own_burden"]),
        formula=(f"{_yuan(spent)} − {_yuan(back)} − {total:,.2f} = {_yuan(answer['own_burden'])}",),
        inputs=((_("已付"), _yuan(spent)), (_("已拿回"), _yuan(back)), (_("可追"), f"{total:,.2f}")),
        articles=source,
    )
    return Shown(_("可以追"), f"{total:,.2f}", _caps(total), (*lines, own_line))


_BY_NAME: dict[str, Callable[[Filled, dict[str, Any]], Shown]] = {
    "deadline": _deadline,
    "injury": _injury,
    "capitals": _capitals,
    "accident-grade": _accident_grade,
    "entrapment": _entrapment,
    "limits": _limits,
    "recourse": _recourse,
    "subsidy": explain_subsidy,
    "fund-shares": explain_shares,
    "closed-funding": explain_closing,
    "vote": explain_vote,
}
