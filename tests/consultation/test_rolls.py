"""Rolls: tables in every encoding offices send, a dry run with row errors, the workbook back, corrections kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.roles import Role
from casework.errors import NotPermitted, OutOfScope
from consultation.models import RollUnit
from consultation.selectors import rolls as reads
from consultation.services import rolls, tables
from tests.factories.access import make_actor
from tests.factories.consultation import make_committee, make_roll, table

ROWS = [("101", "张三、李四", "88.50"), ("102", "王五", "60")]
HEAD = ("房号", "业主", "面积")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_in_every_encoding_offices_send(encoding):
    run = rolls.dry_run(table(ROWS).decode().encode(encoding))
    assert [(line.unit, line.owners, line.area) for line in run.lines] == [
        ("101", "张三、李四", Decimal("88.50")),
        ("102", "王五", Decimal("60.00")),
    ]


def test_a_workbook_is_read_as_it_was_written():
    run = rolls.dry_run(tables.write([HEAD, *ROWS]))
    assert [line.unit for line in run.lines] == ["101", "102"] and run.errors == {}
    assert rolls.dry_run(rolls.template()).lines[1].is_developer_unsold


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 20, "xls"),
        (b"PK\x03\x04 not a zip", "损坏"),
        (b"\xff\xfe\x00\xd8\x00", "编码"),
        ("房号,业主\n101,甲".encode(), "还缺：面积"),
        ('房号,业主,面积\n101,"甲,60'.encode(), "引号"),
        ("房号\x00,业主,面积".encode(), "乱码"),
    ],
)
def test_what_is_no_table_is_told_in_words(data, says):
    with pytest.raises(tables.BadTable, match=says):
        rolls.dry_run(data)


def test_an_entity_in_a_workbook_is_refused():
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>')
    with pytest.raises(tables.BadTable):
        tables.read(buffer.getvalue())


@given(st.binary(max_size=400))
def test_whatever_is_sent_gives_a_table_or_a_sentence(data):
    try:
        rolls.dry_run(data)
    except tables.BadTable as bad:
        assert str(bad)


def test_wrong_rows_are_told_by_number_and_come_back_with_the_reason():
    rows = [
        ("101", "甲", "88.50"),
        ("", "乙", "60"),
        ("103", "", "60"),
        ("104", "丁", "六十"),
        ("101", "戊", "70"),
        ("106", "己", "0"),
        ("107", "庚", "60.005"),
    ]
    run = rolls.dry_run(table(rows))
    assert [line.unit for line in run.lines] == ["101"]
    assert sorted(run.errors) == [3, 4, 5, 6, 7, 8]
    back = tables.read(rolls.error_workbook(run))
    assert back[0] == [*HEAD, "原因"] and len(back) == 7
    assert "第 2 行重复" in back[4][3]


def test_a_formula_typed_into_a_cell_comes_back_as_text():
    run = rolls.dry_run(table([("=1+1", "", "x")]))
    assert tables.read(rolls.error_workbook(run))[1][0] == "=1+1"


def test_namesakes_are_asked_about_and_told_apart():
    same = rolls.dry_run(table([("101", "王芳", "60"), ("502", "王芳", "60")]))
    assert len(same.warnings) == 1 and same.lines[0].owner_key == same.lines[1].owner_key
    head = ("房号", "业主", "面积", "区分")
    apart = rolls.dry_run(table([("101", "王芳", "60", "1"), ("502", "王芳", "60", "2")], head))
    assert apart.warnings == [] and apart.lines[0].owner_key != apart.lines[1].owner_key


@pytest.mark.django_db
class TestKeeping:
    def test_persons_are_counted_by_article_nine(self):
        by = make_committee().first
        roll = make_roll(by, ["60.00", "60.00", "60.00", "60.00"], owners=["甲", "甲", "乙、丙", "丙、乙"])
        assert reads.base_of(roll) == (2, Decimal("240.00"))

    def test_names_stand_encrypted(self):
        from django.db import connection

        make_roll(make_committee().first, ["60.00"], owners=["欧阳修远"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT owners, owner_key FROM consultation_rollunit")
            assert "欧阳" not in str(cursor.fetchall())

    def test_another_owner_is_kept_with_what_stood_before(self):
        by = make_committee().first
        roll = make_roll(by)
        rolls.change_owner(roll, unit="101", owners="新业主", since=date(2026, 5, 1), document="粤(2026)不动产权第 1 号", by=by)
        change = roll.changes.get()
        assert (change.before, change.after) == ("赵业主0", "新业主")
        assert RollUnit.objects.get(roll=roll, unit="101").owners == "新业主"

    def test_a_copy_continues_a_roll(self):
        by = make_committee().first
        roll = make_roll(by)
        fresh = rolls.copy(roll, by=by)
        assert fresh.continues == roll and reads.base_of(fresh) == reads.base_of(roll)
        assert reads.digest_of(reads.groups_of(fresh)) != reads.digest_of(reads.groups_of(roll))  # salts differ

    def test_only_organisers_keep_rolls_and_only_their_own(self):
        by, other = make_committee().first, make_committee().first
        roll = make_roll(by)
        with pytest.raises(OutOfScope):
            rolls.change_owner(roll, unit="101", owners="x", since=date(2026, 5, 1), document="x", by=other)
        with pytest.raises(NotPermitted):
            make_roll(make_actor(Role.MANAGER_CLERK))

    def test_the_scope_of_the_whole_building_makes_another_base(self):
        """The unit whose roll was the whole building: the same sixteen yes are enough for one base and not for the other."""
        by = make_committee().first
        unit = make_roll(by, ["100.00"] * 24)
        building = make_roll(by, ["100.00"] * 96)
        assert reads.base_of(unit)[0] == 24 and reads.base_of(building)[0] == 96
        from consultation.calculations import Tally, line_from, outcome
        from legislation.lookup import at

        line = line_from(at(date(2026, 3, 1), "441900").table("consultation.line.retrofit").value)
        for persons, passes in ((24, True), (96, False)):
            size = Decimal(persons) * 100
            tally = Tally(persons, size, 16, Decimal("1600.00"), 16, Decimal("1600.00"))
            assert outcome(tally, line).passed is passes
