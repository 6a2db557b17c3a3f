"""What stands behind the answers of the calculators of funding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.calculator_answers import Line, Shown, article
from config.calculator_forms import Filled
from funding.calculations import scheme
from ledger.capitals import capitals
from legislation.lookup import at


def explain_subsidy(filled: Filled, answer: dict[str, Any]) -> Shown:
    """The amount, or that the lift is not eligible, with every rule's answer and source."""
    one = scheme(filled.payload["scheme"])
    sources = {provision.citation: article(provision) for provision in one.rules.values()}
    words = {True: _("符合"), False: _("不符合"), None: _("还不知道，先不作判断")}
    lines = tuple(Line(reason["rule"], text=words[reason["met"]], articles=(sources[reason["source"]],)) for reason in answer["reasons"])
    notes = [one.note] if one.note else []
    if any(reason["met"] is None for reason in answer["reasons"]):
        notes.insert(0, _("还有没回答的条件，补齐再看一次。"))
    if not answer["eligible"]:
        return Shown(_("能不能补"), _("不符合"), lines=lines, notes=tuple(notes))
    if answer["amount"] is None:
        notes.insert(0, _("补助按层（站）数分档，请填站数或者层数。"))
        return Shown(_("补助金额"), _("缺"), lines=lines, notes=tuple(notes), is_short=True)
    amount = Decimal(answer["amount"])
    return Shown(_("补助金额"), f"{amount:,.2f}", capitals(amount), lines, notes=tuple(notes))


def explain_shares(filled: Filled, answer: dict[str, Any]) -> Shown:
    """Each unit's amount with its area over all areas."""
    areas = [Decimal(str(unit["area"])) for unit in filled.payload["units"]]
    whole, total = sum(areas, Decimal(0)), Decimal(answer["sum"])
    source = (article(at(date.max).provision("funding.share_by_area")),)
    lines = tuple(
        Line(share["id"], Decimal(share["amount"]), formula=(f"{total:,.2f} × {area} ÷ {whole}",), articles=source)
        for share, area in zip(answer["shares"], areas, strict=True)
    )
    notes = (_("按比例分到分，尾数归余数最大的户，各户相加一分不差。"),)
    return Shown(_("合计"), f"{total:,.2f}", capitals(total), lines, (_("合计"), total), notes)


def explain_closing(filled: Filled, answer: dict[str, Any]) -> Shown:
    """The balance sheet of one budget."""
    budget, missing = Decimal(filled.payload["budget"]), Decimal(answer["owners_bring"])
    lines = tuple(Line(name, Decimal(amount)) for name, amount in filled.payload["sources"].items())
    rest = Line(_("还差，由业主出"), missing, formula=(f"{budget:,.2f} − {budget - missing:,.2f}",))
    notes = () if answer["closed"] else (_("来源还不等于预算，不能申请。业主的钱到账、有了凭证，再作为一项来源填进来。"),)
    return Shown(
        _("资金闭合"), _("已闭合") if answer["closed"] else _("没有闭合"), lines=(*lines, rest), total=(_("预算"), budget), notes=notes
    )
