"""The pages of the calculators of funding say what the command answers."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from config.calculator_catalogue import FORMS

VECTORS = [
    ("subsidy", {"scheme": "NAT-2026-RENEW", "stops": "8"}, ["100,000.00", "人民币壹拾万元整", "重新表决", "二手来源"]),
    ("subsidy", {"scheme": "NAT-2025-RENEW", "investment": "150000.00"}, ["不符合", "不含本数", "还不知道，先不作判断"]),
    ("subsidy", {"scheme": "NAT-2026-RENEW"}, ["请填站数或者层数"]),
    ("subsidy", dict(FORMS["subsidy"].examples[2][1]), ["100,000.00", "海更新〔2018〕39号", "按一台补助"]),
    ("fund-shares", dict(FORMS["fund-shares"].examples[0][1]), ["46,742.96", "63,538.73", "39,718.31", "第二百八十三条"]),
    ("fund-shares", {"total": "10.00", "units.0.id": "a", "units.0.area": "-1"}, ["面积应写成"]),
    ("closed-funding", dict(FORMS["closed-funding"].examples[0][1]), ["没有闭合", "60,000.00"]),
    ("closed-funding", {"budget": "1.00", "sources.0.name": "维修资金", "sources.0.amount": "1.00"}, ["已闭合"]),
    ("closed-funding", {"budget": "1.00", "sources.0.name": "维修资金", "sources.0.amount": "2.00"}, ["比预算多 1.00 元"]),
]


@pytest.mark.parametrize(("name", "typed", "said"), VECTORS)
def test_each_page_answers_without_a_query(client, name, typed, said):
    page = html.unescape(client.get(reverse("calculators:page", args=[name]), typed).content.decode())

    for text in said:
        assert text in page


def test_the_index_names_them(client):
    page = client.get(reverse("calculators:index")).content.decode()

    for name in ("subsidy", "fund-shares", "closed-funding"):
        assert reverse("calculators:page", args=[name]) in page
