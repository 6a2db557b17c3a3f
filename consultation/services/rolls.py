"""Rolls: made from a table after a dry run, corrected with the paper, disputed and answered; frozen they never change."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.encryption import digest
from casework.errors import NotPermitted, OutOfScope
from consultation.calculations import owners_of
from consultation.models import OwnershipChange, Roll, RollDispute, RollUnit
from consultation.permissions import ORGANISERS
from consultation.services import tables
from consultation.terms import AreaBasis, Presence

if TYPE_CHECKING:
    from access.actors import Actor

HEADINGS = ("房号", "业主", "面积", "面积依据", "种类", "证件号", "区分", "联系情况", "备注")
ALSO = {
    "房号": ("门牌", "房屋", "单元房号", "户号"),
    "业主": ("业主姓名", "产权人", "姓名"),
    "面积": ("专有面积", "建筑面积", "专有部分面积", "面积（㎡）", "面积(㎡)"),
    "证件号": ("身份证号", "证件号码"),
}
BASES = {"": AreaBasis.REGISTER, "登记": AreaBasis.REGISTER, "不动产登记簿": AreaBasis.REGISTER, "实测": AreaBasis.SURVEY,
         "实测面积": AreaBasis.SURVEY, "合同": AreaBasis.CONTRACT, "买卖合同": AreaBasis.CONTRACT}  # fmt: skip
UNSOLD = {"开发商未售", "未售", "未交付", "开发商未售未交付"}
PRESENCES = {"": Presence.ORDINARY, "已故": Presence.DECEASED, "失联": Presence.UNREACHABLE, "联系不上": Presence.UNREACHABLE}
LARGEST_AREA = Decimal(100_000)


@dataclass(frozen=True)
class Line:
    """One unit as typed, ready to be kept."""

    number: int
    unit: str
    owners: str
    owner_key: str
    area: Decimal
    area_basis: str
    is_developer_unsold: bool
    presence: str
    note: str


@dataclass
class DryRun:
    """What a table would give: the good lines, what is wrong with the others (row number → sentences), what to look at."""

    lines: list[Line] = field(default_factory=list)
    errors: dict[int, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def area(self) -> Decimal:
        return sum((line.area for line in self.lines), Decimal("0.00"))


def dry_run(data: bytes) -> DryRun:
    """Read a table without keeping anything. Raises tables.BadTable when it is none."""
    rows = tables.read(data)
    columns = _columns(rows[0])
    missing = [name for name in ("房号", "业主", "面积") if name not in columns]
    if missing:
        raise tables.BadTable(f"第一行要有列名，还缺：{'、'.join(missing)}。可用的列：{'、'.join(HEADINGS)}。")
    found = DryRun(rows=rows)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: unicodedata.normalize("NFKC", row[n]).strip() if n < len(row) else "" for name, n in columns.items()}
        wrong: list[str] = []
        line = _line(number, cells, wrong)
        if line is not None and line.unit in seen:
            wrong.append(f"房号 {line.unit} 和第 {seen[line.unit]} 行重复；共有人写在同一格，用顿号隔开")
        if wrong or line is None:
            found.errors[number] = wrong
            continue
        seen[line.unit] = number
        found.lines.append(line)
    _warn(found)
    return found


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = {other: name for name, others in ALSO.items() for other in others} | {name: name for name in HEADINGS}
    found: dict[str, int] = {}
    for n, cell in enumerate(head):
        name = names.get(cell.replace(" ", "").strip("*"))
        if name and name not in found:
            found[name] = n
    return found


def _line(number: int, cells: dict[str, str], wrong: list[str]) -> Line | None:
    unit, kind = cells["房号"], cells.get("种类", "")
    is_unsold = kind in UNSOLD
    if not unit or len(unit) > 40:
        wrong.append("没有房号" if not unit else "房号太长")
    if kind and not is_unsold and kind not in ("业主", "住宅", "商铺"):
        wrong.append(f"种类“{kind}”不认识，开发商没卖的写“开发商未售”，其他可以不填")
    if not cells["业主"] and not is_unsold:
        wrong.append("没有业主；开发商没卖的，种类写“开发商未售”")
    basis = BASES.get(cells.get("面积依据", ""))
    if basis is None:
        wrong.append("面积依据写：登记、实测或者合同")
    presence = PRESENCES.get(cells.get("联系情况", ""))
    if presence is None:
        wrong.append("联系情况写：已故、失联，能联系的不填")
    area = _area(cells["面积"], wrong)
    if wrong or area is None:
        return None
    return Line(
        number=number,
        unit=unit,
        owners=cells["业主"][:200],
        owner_key=owner_key(cells["业主"], cells.get("证件号", ""), cells.get("区分", "")),
        area=area,
        area_basis=str(basis),
        is_developer_unsold=is_unsold,
        presence=str(presence or ""),
        note=cells.get("备注", "")[:200],
    )


def _area(text: str, wrong: list[str]) -> Decimal | None:
    plain = text.replace(",", "").removesuffix("㎡").removesuffix("m2").strip()
    try:
        area = Decimal(plain)
    except InvalidOperation:
        wrong.append("面积要填数字，例如 88.50" if plain else "没有面积")
        return None
    if not area.is_finite() or not 0 < area < LARGEST_AREA:
        wrong.append("面积要大于 0，也不会这么大，请核对")
        return None
    if area != area.quantize(Decimal("0.00")):
        wrong.append("面积最多两位小数")
        return None
    return area.quantize(Decimal("0.00"))


def owner_key(owners: str, id_numbers: str = "", apart: str = "") -> str:
    """Keyed digests that tell owners apart: by identity number where given, else by name and what tells namesakes apart."""
    names = sorted(owners_of(owners))
    numbers = [part for part in id_numbers.replace("、", " ").replace(",", " ").split() if part]
    if numbers and len(numbers) == len(names):
        return " ".join(sorted(digest(f"owner {number.upper()}")[:32] for number in numbers))
    return " ".join(digest(f"owner {name} {apart}")[:32] for name in names)


def _warn(found: DryRun) -> None:
    holders: dict[str, list[Line]] = {}
    for line in found.lines:
        if line.owner_key and not line.is_developer_unsold:
            holders.setdefault(line.owner_key, []).append(line)
    for lines in holders.values():
        if len(lines) > 1:
            units = "、".join(line.unit for line in lines)
            found.warnings.append(f"{units}：业主同名，按同一人计一票。不是同一人的，补证件号，或者在“区分”列写不同的数字。")


def error_workbook(found: DryRun) -> bytes:
    """The same columns with one more, 原因: only the rows that are wrong."""
    head = [*found.rows[0], "原因"]
    width = len(found.rows[0])
    rows = [[*(found.rows[n - 1] + [""] * width)[:width], "；".join(why)] for n, why in sorted(found.errors.items())]
    return tables.write([head, *rows], sheet="没有导入的行")


def template() -> bytes:
    """An empty table with the headings and two example rows."""
    return tables.write(
        [HEADINGS, ("101", "张三、李四", "88.50", "登记", "", "", "", "", ""), ("102", "", "60.00", "实测", "开发商未售", "", "", "", "")]
    )


@transaction.atomic
def make(
    *,
    lines: Sequence[Line],
    name: str,
    place: str,
    scope: str,
    scope_reason: str,
    by: Actor,
    is_practice: bool = False,
    continues: Roll | None = None,
) -> Roll:
    """Keep a roll. Raises NotPermitted, or ValidationError when there is no line or no reason for the scope."""
    if by.organisation_id is None or not by.has(*ORGANISERS):
        raise NotPermitted("not_this_role", _("名册由街道办或者业主委员会编制。"))
    if not lines:
        raise ValidationError(_("名册里还没有一户。"))
    if not scope_reason.strip():
        raise ValidationError(_("写明为什么是这些业主有票。"))
    roll = Roll.objects.create(
        organisation_id=by.organisation_id,
        name=name.strip()[:120],
        place=place,
        scope=scope,
        scope_reason=scope_reason.strip()[:300],
        is_practice=is_practice,
        made_by_id=by.user_id,
        continues=continues,
        salt=secrets.token_hex(16),
    )
    RollUnit.objects.bulk_create(
        RollUnit(
            roll=roll,
            number=n,
            unit=line.unit,
            owners=line.owners,
            owner_key=line.owner_key,
            area=line.area,
            area_basis=line.area_basis,
            is_developer_unsold=line.is_developer_unsold,
            presence=line.presence,
            note=line.note,
        )
        for n, line in enumerate(lines, 1)
    )
    return roll


def own(roll: Roll, by: Actor) -> Roll:
    """The roll, for those who keep it. Raises OutOfScope."""
    if by.organisation_id != roll.organisation_id or not by.has(*ORGANISERS):
        raise OutOfScope("out_of_scope", _("没有这份名册，或者不由您的单位编制。"))
    return roll


def _open(roll: Roll, by: Actor) -> Roll:
    own(roll, by)
    held = Roll.objects.select_for_update().get(pk=roll.pk)
    if held.frozen_at is not None:
        raise ValidationError(_("名册已经固定。要改，复制一份新的名册，下一次表决用。"))
    return held


@transaction.atomic
def change_owner(roll: Roll, *, unit: str, owners: str, since: date, document: str, by: Actor, apart: str = "") -> None:
    """Another owner of a unit, with the paper that shows it; what stood before is kept."""
    roll = _open(roll, by)
    row = RollUnit.objects.select_for_update().get(roll=roll, unit=unit)
    if not document.strip() or not owners.strip():
        raise ValidationError(_("写明新业主和凭据（不动产权证号、继承公证书等）。"))
    OwnershipChange.objects.create(
        roll=roll,
        unit=unit,
        before=row.owners,
        after=owners.strip(),
        since=since,
        document=document.strip()[:200],
        recorded_by_id=by.user_id,
    )
    row.owners, row.owner_key = owners.strip()[:200], owner_key(owners, "", apart)
    row.is_developer_unsold = False
    row.save()


@transaction.atomic
def change_area(roll: Roll, *, unit: str, area: Decimal, basis: str, document: str, by: Actor) -> None:
    """Another area of a unit, by a better basis."""
    roll = _open(roll, by)
    row = RollUnit.objects.select_for_update().get(roll=roll, unit=unit)
    OwnershipChange.objects.create(
        roll=roll,
        unit=unit,
        before=f"{row.area} ㎡ {row.get_area_basis_display()}",
        after=f"{area} ㎡ {AreaBasis(basis).label}",
        since=timezone.localdate(),
        document=document.strip()[:200],
        recorded_by_id=by.user_id,
    )
    row.area, row.area_basis = area, basis
    row.save()


@transaction.atomic
def note_presence(roll: Roll, *, unit: str, presence: str, note: str, by: Actor) -> None:
    """An owner who died or cannot be found stays on the roll and in the denominator, with a note."""
    roll = _open(roll, by)
    RollUnit.objects.filter(roll=roll, unit=unit).update(presence=Presence(presence), note=note.strip()[:200])


def dispute(roll: Roll, *, unit: str, said_by: str, text: str, by: Actor) -> RollDispute:
    """Somebody says that the roll is wrong."""
    own(roll, by)
    if not text.strip():
        raise ValidationError(_("写明哪里不对。"))
    return RollDispute.objects.create(roll=roll, unit=unit[:40], said_by=said_by[:60], text=text.strip()[:500], recorded_by_id=by.user_id)


def answer_dispute(row: RollDispute, *, answer: str, by: Actor) -> None:
    """What was done about it, and why."""
    own(row.roll, by)
    if not answer.strip():
        raise ValidationError(_("写明处理结果。"))
    RollDispute.objects.filter(pk=row.pk, answered_at=None).update(
        answer=answer.strip()[:500], answered_at=timezone.now(), answered_by_id=by.user_id
    )


@transaction.atomic
def copy(roll: Roll, *, by: Actor) -> Roll:
    """A new roll that continues a frozen one, to be corrected for the next ballot."""
    own(roll, by)
    fresh = Roll.objects.create(
        organisation_id=roll.organisation_id,
        name=roll.name,
        place=roll.place,
        scope=roll.scope,
        scope_reason=roll.scope_reason,
        is_practice=roll.is_practice,
        made_by_id=by.user_id,
        continues=roll,
        salt=secrets.token_hex(16),
    )
    rows = list(RollUnit.objects.filter(roll=roll))
    for row in rows:
        row.pk, row.roll = None, fresh
    RollUnit.objects.bulk_create(rows)
    return fresh
