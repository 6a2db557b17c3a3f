"""The forms of the public calculators: labels, hints, choices and examples."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _l

from config.calculator_forms import Field, Form, Group, Rows
from config.calculator_funding import CLOSED_FUNDING, FUND_SHARES, SUBSIDY
from config.calculator_shapes import CLAIMANT, INSOLVENT, finish_deadline, finish_injury, finish_limits, finish_recourse
from config.calculator_votes import VOTE
from damages.calculations import HEADS
from legislation.lookup import programme, programmes
from legislation.units import Provision


def programme_terms(code: str) -> Provision | None:
    """The entrapment table of a programme, or None where its terms have none."""
    law, name = programme(code), f"programme.{code}.entrapment"
    return law.table(name) if law.has(name) else None


def _programme_choices() -> tuple[tuple[str, str], ...]:
    terms = ((code, programme_terms(code)) for code in programmes())
    return tuple((code, f"{code}　{found.statute_title}") for code, found in terms if found)


DEADLINE = Form(
    "deadline",
    _l("期限"),
    _l("从哪天起、多少天，哪天到期。开始当天不算，末日遇节假日顺延，补正等中止的日子扣掉。"),
    (
        Group(
            _l("期间"),
            (
                Field("start", _l("从哪天起"), "day", required=True),
                Field("days", _l("多少"), "integer", required=True, hint=_l("数目，单位在下面选")),
                Field(
                    "unit",
                    _l("单位"),
                    "choice",
                    required=True,
                    initial="calendar_days",
                    choices=(
                        ("calendar_days", _l("自然日")),
                        ("working_days", _l("工作日")),
                        ("months", _l("月")),
                        ("years", _l("年")),
                        ("hours", _l("小时")),
                    ),
                ),
                Field("time", _l("从几点起"), "time", hint=_l("只有按小时算才填，如 23:30；其他单位不看时刻")),
            ),
        ),
        Group(
            _l("中止"),
            (
                Rows(
                    "pauses",
                    _l("中止的日子"),
                    (Field("from", _l("开始日"), "day", required=True), Field("until", _l("结束日"), "day", required=True)),
                    hint=_l("例如发出补正通知到材料补齐。开始日计入，结束日不计入；只用于自然日和工作日"),
                ),
            ),
        ),
    ),
    (
        (
            _l("核定 30 日，中间补正 7 天"),
            {"start": "2025-03-03", "days": "30", "unit": "calendar_days", "pauses.0.from": "2025-03-10", "pauses.0.until": "2025-03-17"},
        ),
        (_l("末日在春节"), {"start": "2024-12-30", "days": "30", "unit": "calendar_days"}),
        (_l("一小时内报告"), {"start": "2025-03-03", "time": "23:30", "days": "1", "unit": "hours"}),
    ),
    finish_deadline,
)

INJURY = Form(
    "injury",
    _l("人身损害赔偿"),
    _l("一个受害人的各项赔偿，按人身损害赔偿解释逐项列出算式、基数和条文。"),
    (
        Group(
            _l("案件"),
            (
                Field("law_date", _l("和解日或法庭辩论终结日"), "day", required=True, hint=_l("按这一天选年度标准；还没和解就填今天")),
                Field("accident_on", _l("事故日"), "day", hint=_l("不填就同上。2022年5月1日前的事故适用旧法")),
                Field(
                    "place", _l("法院所在地"), "place", required=True, hint=_l("六位行政区划代码：广州 440100，深圳 440300，东莞 441900")
                ),
                Field(
                    "outcome",
                    _l("结果"),
                    "choice",
                    required=True,
                    initial="injury",
                    choices=(("injury", _l("受伤，没有构成伤残")), ("disability", _l("构成伤残")), ("death", _l("死亡"))),
                ),
                Field("age", _l("周岁"), "integer", hint=_l("定残日或死亡时的周岁；没有构成伤残的不用填")),
                Rows(
                    "grades",
                    _l("伤残等级"),
                    (
                        Field(
                            "grade", _l("等级"), "number_choice", choices=(("", _l("没有")), *((str(n), f"{n} 级") for n in range(1, 11)))
                        ),
                    ),
                    hint=_l("一级最重。多处伤残一处一行"),
                ),
            ),
        ),
        Group(
            _l("有票据的金额"),
            tuple(
                Field(f"items.{code}", label)
                for code, label in HEADS.items()
                if code not in ("disability_compensation", "death_compensation", "funeral", "dependants")
            ),
        ),
        Group(
            _l("被扶养人"),
            (
                Rows(
                    "dependants",
                    _l("被扶养人"),
                    (
                        Field("years", _l("还要扶养几年"), "integer", required=True),
                        Field("supporters", _l("扶养人共几人"), "integer", required=True),
                    ),
                    hint=_l("未成年人算到 18 周岁。扶养人数包括受害人自己；只用于伤残和死亡"),
                ),
                Field(
                    "dependant_cap",
                    _l("几个被扶养人时的年度上限"),
                    "choice",
                    choices=(
                        ("", _l("按条文字面（默认）")),
                        ("literal", _l("每年应付额合计不超过一年标准")),
                        ("shares_first", _l("份额合计先不超过 1，再乘系数")),
                    ),
                ),
            ),
        ),
        Group(
            _l("手工录入的年度标准"),
            (
                Field("income_base", _l("城镇居民人均可支配收入"), hint=_l("只有本页说缺这一年的数据时才填，算式里会注明是手工录入")),
                Field("consumption_base", _l("城镇居民人均消费支出")),
                Field("wage_base", _l("职工年平均工资")),
                Field(
                    "residence",
                    _l("受害人户籍"),
                    "choice",
                    choices=(("", _l("城镇（默认）")), ("urban", _l("城镇")), ("rural", _l("农村"))),
                    hint=_l("只影响 2022年5月1日前的事故"),
                ),
                Field("items.disability_compensation", _l("残疾赔偿金，按判决或协议")),
                Field("items.funeral", _l("丧葬费，按判决或协议")),
                Field("items.death_compensation", _l("死亡赔偿金，按判决或协议")),
                Field("items.dependants", _l("被扶养人生活费，按判决或协议")),
            ),
            folded=True,
        ),
    ),
    (
        (
            _l("62 岁，九级伤残，一个孩子"),
            {
                "law_date": "2022-08-01",
                "place": "440100",
                "outcome": "disability",
                "age": "62",
                "grades.0.grade": "9",
                "items.medical": "48105.75",
                "dependants.0.years": "10",
                "dependants.0.supporters": "2",
            },
        ),
        (
            _l("年度标准还没有"),
            {
                "law_date": "2025-08-01",
                "place": "440100",
                "outcome": "disability",
                "age": "30",
                "grades.0.grade": "9",
                "items.medical": "100.00",
            },
        ),
    ),
    finish_injury,
)

CAPITALS = Form(
    "capitals",
    _l("人民币大写"),
    _l("票据和文书上的大写金额。"),
    (Group(_l("金额"), (Field("amount", _l("金额"), required=True),)),),
    ((_l("1409.50 元"), {"amount": "1409.50"}), (_l("325.04 元"), {"amount": "325.04"})),
)

ACCIDENT_GRADE = Form(
    "accident-grade",
    _l("事故等级"),
    _l("死亡、重伤、直接经济损失、被困时间，任何一项够到哪一级就是哪一级，取最高。还不知道的留空。"),
    (
        Group(
            _l("已知的"),
            (
                Field("deaths", _l("死亡人数"), "integer"),
                Field("serious_injuries", _l("重伤人数"), "integer"),
                Field("loss", _l("直接经济损失")),
                Field("trapped_minutes", _l("最长被困时间"), "integer", hint=_l("分钟")),
            ),
        ),
    ),
    (
        (_l("被困 120 分钟"), {"trapped_minutes": "120"}),
        (_l("被困 119 分钟，无人伤亡"), {"deaths": "0", "serious_injuries": "0", "trapped_minutes": "119"}),
    ),
)

ENTRAPMENT = Form(
    "entrapment",
    _l("困人补偿"),
    _l("各地电梯责任保险方案对被困乘客的补偿。方案只给幅度的，由保险合同定数额。"),
    (
        Group(
            _l("这一次困人"),
            (
                Field("programme", _l("保险方案"), "choice", required=True, choices=_programme_choices()),
                Field("minutes", _l("被困几分钟"), "integer", required=True),
                Field("people", _l("被困几人"), "integer", required=True),
            ),
        ),
    ),
    (
        (_l("海口方案，30 人困 120 分钟"), {"programme": "HAIKOU", "minutes": "120", "people": "30"}),
        (_l("广东 2019 方案，3 人困 40 分钟"), {"programme": "GD-2019", "minutes": "40", "people": "3"}),
    ),
)

LIMITS = Form(
    "limits",
    _l("责任限额"),
    _l("免赔额、医疗限额、每人限额、每次事故限额、累计限额，依次扣减，每人实得多少、被哪一道限住。没有的限额留空。"),
    (
        Group(
            _l("保单"),
            (
                Field("limits.medical_per_person", _l("每人医疗限额")),
                Field("limits.per_person", _l("每人限额")),
                Field("limits.per_accident", _l("每次事故限额")),
                Field("limits.aggregate", _l("累计限额"), hint=_l("第一次事故之前还剩的")),
                Field("deductible", _l("每次事故免赔额")),
            ),
        ),
        Group(
            _l("损失"),
            (
                Rows(
                    "accidents",
                    _l("各人的损失"),
                    (
                        Field("accident", _l("第几次事故"), "integer", required=True, initial="1"),
                        Field("person", _l("谁"), "text", required=True),
                        Field("medical", _l("医疗")),
                        Field("other", _l("其他"), required=True, hint=_l("没有就填 0")),
                    ),
                    hint=_l("同一次事故的几个人写同一个序号；序号按事故先后"),
                ),
            ),
        ),
    ),
    (
        (
            _l("两次事故，限额不够"),
            {
                "limits.medical_per_person": "50000.00",
                "limits.per_person": "300000.00",
                "limits.per_accident": "400000.00",
                "limits.aggregate": "500000.00",
                "deductible": "3000.00",
                "accidents.0.accident": "1",
                "accidents.0.person": "A",
                "accidents.0.medical": "80000.00",
                "accidents.0.other": "320000.00",
                "accidents.1.accident": "1",
                "accidents.1.person": "B",
                "accidents.1.other": "200000.00",
                "accidents.2.accident": "2",
                "accidents.2.person": "A",
                "accidents.2.other": "200000.00",
            },
        ),
    ),
    finish_limits,
)

RECOURSE = Form(
    "recourse",
    _l("追偿"),
    _l("先付了钱的一方，能向谁追多少，自己最后负担多少。"),
    (
        Group(
            _l("损失"),
            (
                Field("loss", _l("损失总额"), required=True),
                Field(
                    "liability",
                    _l("各方之间的责任"),
                    "choice",
                    required=True,
                    initial="joint",
                    choices=(("joint", _l("连带责任")), ("several", _l("按份责任"))),
                ),
                Field("reimbursed", _l("追偿人已经拿回的"), hint=_l("保险赔款或别人已还的")),
            ),
        ),
        Group(
            _l("各方"),
            (
                Rows(
                    "parties",
                    _l("各方"),
                    (
                        Field("party", _l("哪一方"), "text", required=True),
                        Field("shares", _l("责任比例"), "share", hint=_l("如 0.7 或 1/3，合计为 1；没有责任的付款人写 0")),
                        Field("paid", _l("已付给受害人")),
                        Field(
                            "role",
                            _l("身份"),
                            "choice",
                            choices=(("", _l("责任方")), (CLAIMANT, _l("追偿人")), (INSOLVENT, _l("无力偿还"))),
                        ),
                    ),
                ),
            ),
        ),
    ),
    (
        (
            _l("物业先付 10 万，制造商无力偿还"),
            {
                "loss": "100000.00",
                "liability": "joint",
                "parties.0.party": "物业",
                "parties.0.shares": "0.2",
                "parties.0.paid": "100000.00",
                "parties.0.role": CLAIMANT,
                "parties.1.party": "维保",
                "parties.1.shares": "0.7",
                "parties.2.party": "制造商",
                "parties.2.shares": "0.1",
                "parties.2.role": INSOLVENT,
            },
        ),
    ),
    finish_recourse,
)

FORMS = {
    form.name: form
    for form in (DEADLINE, INJURY, CAPITALS, ACCIDENT_GRADE, ENTRAPMENT, LIMITS, RECOURSE, SUBSIDY, FUND_SHARES, CLOSED_FUNDING, VOTE)
}
