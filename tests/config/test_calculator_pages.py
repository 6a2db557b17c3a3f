from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from config.calculator_catalogue import FORMS
from config.calculator_forms import fill
from config.management.commands.calculate import load_calculators
from legislation import calculators

DOCS = Path(__file__).resolve().parents[2] / "docs" / "calculators.md"
INJURY = {
    "law_date": "2022-08-01",
    "place": "440100",
    "outcome": "disability",
    "age": "62",
    "grades.0.grade": "9",
    "items.medical": "48105.75",
    "dependants.0.years": "10",
    "dependants.0.supporters": "2",
}
LIMITS = dict(FORMS["limits"].examples[0][1])
RECOURSE = dict(FORMS["recourse"].examples[0][1])

# The vectors of docs/calculators.md: what is typed, and what the page says of it.
VECTORS = [
    ("deadline", FORMS["deadline"].examples[0][1], ["2025年4月9日"]),
    ("deadline", {"start": "2024-12-30", "days": "30", "unit": "calendar_days"}, ["2025年2月5日", "第二百零三条第一款"]),
    ("deadline", {"start": "2025-03-03", "time": "23:30", "days": "1", "unit": "hours"}, ["2025年3月4日 00:30"]),
    ("injury", INJURY, ["282,201.15", "54854.00 元 × 18 年 × 20% = 197474.40 元", "粤高法〔2022〕53号"]),
    ("injury", INJURY | {"age": "61"}, ["54854.00 元 × 19 年 × 20%"]),
    ("capitals", {"amount": "1409.50"}, ["人民币壹仟肆佰零玖元伍角"]),
    ("capitals", {"amount": "１，４０９.50元"}, ["人民币壹仟肆佰零玖元伍角"]),
    ("accident-grade", {"trapped_minutes": "120"}, ["一般事故", "《特种设备安全监察条例》第六十四条"]),
    ("accident-grade", {"trapped_minutes": "119", "deaths": "0"}, ["未达到事故等级"]),
    ("entrapment", {"programme": "HAIKOU", "minutes": "120", "people": "30"}, ["10,000.00", "人民币壹万元整", "400.00"]),
    ("entrapment", {"programme": "HAIKOU", "minutes": "39", "people": "30"}, ["0.00", "没有到补偿的时间门槛"]),
    ("entrapment", {"programme": "GD-2019", "minutes": "40", "people": "3"}, ["600.00 至 1,200.00", "二手来源"]),
    ("limits", LIMITS, ["500,000.00", "240,480.96", "159,519.04", "累计限额还剩 0.00 元", "（每次事故限额）"]),
    ("recourse", RECOURSE, ["77,777.78", "22,222.22", "第一百七十八条第二款"]),
]


def get(client, name, query=None, **headers):
    return client.get(reverse("calculators:page", args=[name]), query or {}, **headers)


def words(answer) -> str:
    return html.unescape(answer.content.decode())


def json_shown(page: str, id: str) -> object:
    match = re.search(rf'id="{id}"[^>]*>(.*?)</textarea>', page, re.S)
    assert match
    return json.loads(match[1])


@pytest.mark.parametrize(("name", "typed", "said"), VECTORS)
def test_each_page_answers_the_vectors_without_a_query(client, name, typed, said):
    page = words(get(client, name, typed))  # no database mark: a query would fail

    for text in said:
        assert text in page
    load_calculators()
    sent = json_shown(page, "json-sent")
    assert calculators.run(name, sent) == (json_shown(page, "json-answer"), 0)


def test_the_json_shown_is_the_input_of_the_documentation(client):
    page = words(get(client, "injury", INJURY))

    assert json_shown(page, "json-sent") == {
        "law_date": "2022-08-01",
        "place": "440100",
        "outcome": "disability",
        "age": 62,
        "grades": [9],
        "items": {"medical": "48105.75"},
        "dependants": [{"years": 10, "supporters": 2}],
    }
    assert '"law_date": "2022-08-01", "place": "440100", "outcome": "disability", "age": 62' in DOCS.read_text("utf-8")


def test_limits_and_shares_go_to_the_command_in_its_own_shape(client):
    limits = json_shown(words(get(client, "limits", LIMITS)), "json-sent")
    recourse = json_shown(words(get(client, "recourse", RECOURSE)), "json-sent")

    assert [[person["person"] for person in accident] for accident in limits["accidents"]] == [["A", "B"], ["A"]]
    assert recourse["shares"] == {"物业": "0.2", "维保": "0.7", "制造商": "0.1"}
    assert (recourse["paid"], recourse["claimant"], recourse["insolvent"]) == ({"物业": "100000.00"}, "物业", ["制造商"])


def test_the_explained_cuts_end_at_what_the_calculator_pays(client):
    page = words(get(client, "limits", LIMITS))

    # A's first accident, each cut after the other
    for step in ("− 2,000.00（每次事故免赔额）= 398,000.00", "（每人医疗限额）", "（每人限额）= 300,000.00"):
        assert step in page
    assert "= 240,480.96" in page


def test_a_missing_figure_is_told_and_never_zero(client):
    typed = INJURY | {"law_date": "2025-08-01", "dependants.0.years": "", "dependants.0.supporters": ""}

    page = words(get(client, "injury", typed))

    assert "<strong>缺</strong>" in page
    assert "没有 2025-08-01 可用的城镇居民人均可支配收入，请按通知录入“城镇居民人均可支配收入”" in page
    assert "已知各项小计" in page and "48,105.75" in page
    assert json_shown(page, "json-answer")["total"] is None


BAD = [
    ("deadline", {"start": "2025-02-30", "days": "3"}, "f-start", "没有这个日期"),
    ("deadline", {"start": "2025-03-03", "days": "三十"}, "f-days", "要填整数"),
    ("deadline", {"start": "2025-03-03", "days": "1", "unit": "hours"}, "f-time", "要填时刻"),
    ("deadline", {"start": "2025-03-03", "days": "9", "pauses.0.from": "2025-03-09", "pauses.0.until": "2025-03-08"},
     "f-pauses-0-from", "早于开始日"),
    ("injury", INJURY | {"age": ""}, "f-age", "必填"),
    ("injury", INJURY | {"items.medical": "12.345"}, "f-items-medical", ""),
    ("injury", INJURY | {"outcome": "injury"}, "f-grades", "只有伤残案件"),
    ("injury", INJURY | {"dependants.1.years": "5"}, "f-dependants-1-supporters", "还没填"),
    ("injury", INJURY | {"dependants.3.years": "200", "dependants.3.supporters": "2"}, "f-dependants-3-years", "不能大于"),
    ("capitals", {"amount": "-3"}, "f-amount", "负数"),
    ("accident-grade", {"deaths": "-1"}, "f-deaths", "负数"),
    ("entrapment", {"programme": "MARS", "minutes": "1", "people": "1"}, "f-programme", "选"),
    ("limits", LIMITS | {"accidents.1.person": "A"}, "f-accidents-1-person", "已列过"),
    ("limits", LIMITS | {"deductible": "一千"}, "f-deductible", ""),
    ("recourse", RECOURSE | {"parties.1.shares": "70%"}, "f-parties-1-shares", "0.7"),
    ("recourse", RECOURSE | {"parties.1.shares": "0.5"}, "f-parties", "之和应为 1"),
    ("recourse", RECOURSE | {"parties.2.party": "维保"}, "f-parties-2-party", "已经列过"),
    ("recourse", RECOURSE | {"parties.0.role": ""}, "f-parties", "追偿人"),
    ("recourse", RECOURSE | {"reimbursed": "100000.01"}, "f-reimbursed", "不能超过"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "field", "why"), BAD)
def test_a_bad_value_is_refused_beside_its_field_and_nothing_typed_is_lost(client, name, typed, field, why):
    page = words(get(client, name, typed))

    error = re.search(rf'<p class="tb-error" id="{field}-e">([^<]*)</p>', page)
    assert error and error[1] and why in error[1]
    assert "json-answer" not in page
    for key, text in typed.items():
        assert not text or re.search(rf'name="{re.escape(key)}"[^>]*value="{re.escape(text)}"', page) or (
            f'<option value="{text}" selected>' in page or key in ("programme",)
        )  # fmt: skip


def test_several_wrong_fields_are_all_told_at_once(client):
    page = words(get(client, "injury", INJURY | {"age": "x", "law_date": "y", "items.medical": "z"}))

    assert [bool(re.search(rf'id="f-{key}-e">[^<]', page)) for key in ("age", "law_date", "items-medical")] == [True] * 3


def test_labels_stand_in_errors_instead_of_json_keys(client):
    page = words(get(client, "injury", INJURY | {"accident_on": "2023-01-01"}))

    assert "accident_on" not in re.search(r'id="f-accident_on-e">([^<]*)', page)[1]
    assert "law_date" not in re.search(r'id="f-accident_on-e">([^<]*)', page)[1]


def test_typing_gets_the_answer_and_the_errors_only(client):
    begun = get(client, "entrapment", {"programme": "SD", "minutes": ""}, headers={"HX-Request": "true"})
    whole = get(client, "entrapment", {"programme": "SD", "minutes": "70", "people": "2", "x": "<b>"},
                headers={"HX-Request": "true"})  # fmt: skip

    assert "<html" not in words(begun)
    assert "还没填：被困几分钟" in words(begun)
    assert 'id="f-minutes-e" hx-swap-oob="true"></p>' in words(begun)  # blank is not yet an error
    assert "600.00" in words(whole)
    assert whole["HX-Replace-Url"] == "/calculators/entrapment/?programme=SD&minutes=70&people=2"


def test_one_more_row_without_a_script(client):
    page = words(get(client, "injury", INJURY | {"add": "dependants"}))

    assert 'name="dependants.1.years"' in page
    assert 'name="dependants.0.years" value="10"' in page
    assert "282,201.15" in page


def test_rows_end_somewhere(client):
    filled = fill(FORMS["injury"], {"dependants.19.years": "1", "dependants.99.years": "1", "add": "dependants"})

    assert filled.counts["dependants"] == 20
    assert "dependants.99.years" not in filled.typed


def test_html_in_a_name_stays_text(client):
    answer = get(client, "limits", LIMITS | {"accidents.0.person": "<script>alert(1)</script>"})

    assert b"<script>alert(1)" not in answer.content


def test_the_index_names_every_registered_calculator(client):
    page = words(client.get(reverse("calculators:index")))

    assert set(load_calculators()) == set(FORMS)
    for name in FORMS:
        assert f'href="/calculators/{name}/"' in page


def test_pages_are_read_only_and_unknown_ones_are_not_found(client):
    assert client.post(reverse("calculators:page", args=["capitals"]), {"amount": "1"}).status_code == 405
    assert get(client, "horoscope").status_code == 404
    assert not get(client, "capitals", {"amount": "1"}).cookies.get("sessionid")


@pytest.mark.parametrize("name", FORMS)
def test_examples_work_and_an_empty_page_asks_for_nothing_yet(client, name):
    for _label, typed in FORMS[name].examples:
        assert "json-answer" in words(get(client, name, typed))
    empty = words(get(client, name))
    assert not re.search(r'class="tb-error"[^>]*>[^<]', empty)
