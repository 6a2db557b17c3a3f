"""Every story runs on an empty database, more than once, and its figures are right to the fen."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.audit import verify_all
from casework.models import Case, OutboxEntry
from claims.models import Claim
from damages import api as damages
from demonstration import export, services
from demonstration.stories import STORIES, five, heirs, judgment, provisional, three
from ledger.models import PaymentOrder
from ledger.verification import trial_balance
from policies import api as policies

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


class Told:
    """A story that was told, and what it wrote."""

    def __init__(self, name, folder):
        self.root = services.tell(STORIES[name])
        self.folder = folder
        self.written = export.write(self.root, folder)
        self.cases = export.tree(self.root)

    def of(self, kind):
        return [c.specific for c in self.cases if c.kind == kind]

    @property
    def paid(self):
        return [(o.purpose, o.amount, o.payee_name) for o in self.of("payment_order") if o.state == "paid"]

    def text(self, title):
        """The text of every paper with this title, without spaces."""
        import pdfplumber

        said = ""
        for name in self.written.papers:
            if title in name:
                with pdfplumber.open(self.folder / name) as pdf:
                    said += "".join(page.extract_text() or "" for page in pdf.pages)
        assert said, f"no {title} in {self.written.papers}"
        return re.sub(r"\s", "", said)

    def timeline(self):
        return json.loads((self.folder / "timeline.json").read_text())


@pytest.fixture
def tell(tmp_path):
    def told(name):
        found = Told(name, tmp_path / name)
        _holds(found)
        return found

    return told


def _holds(told):
    """What must be true after any story."""
    assert list(verify_all()) == []
    assert trial_balance().holds
    assert not OutboxEntry.objects.exclude(status=OutboxEntry.Status.DONE).exists()
    with (told.folder / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == told.written.entries
    assert (told.folder / "ledger.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    heads = {c["case"]: c["digest_head"] for c in told.timeline()["cases"]}
    assert heads == {c.reference: c.events.order_by("-number").first().digest for c in told.cases}
    assert all((told.folder / name).read_bytes().startswith(b"%PDF") for name in told.written.papers)


def test_an_entrapment_under_the_programme_of_2019_ends_with_200_yuan_for_each(tell):
    told = tell("entrapment-2019")

    assert [(p, a) for p, a, _name in told.paid] == [("ENTRAPMENT", Decimal("200.00"))] * 3
    (claim,) = told.of("claim")
    assert (claim.subject, claim.minutes, claim.owed, claim.proven, claim.state) == (
        "entrapment",
        52,
        Decimal("600.00"),
        Decimal("600.00"),
        "closed",
    )
    assert {c.state for c in told.cases} == {"closed", "paid"}
    assert "52分钟" in told.text("快报")
    assert "陆佰元整" in told.text("核定通知书")
    assert "600.00" in told.text("赔款计算书")


def test_five_claims_share_the_aggregate_and_never_exceed_it(tell):
    told = tell("five-claims-aggregate")

    assert [(p, a) for p, a, _name in told.paid] == [("PAYOUT", five.PAYABLE)] * 5
    payouts = told.of("payout")
    assert {(p.state, p.requested_amount, p.paid_amount) for p in payouts} == {("paid", Decimal("3000000.00"), five.PAYABLE)}
    assert {tuple(p.sheet["persons"][0]["cut_by"]) for p in payouts} == {("aggregate",)}
    (aggregate,) = [x for x in policies.limits_view(policy_id=payouts[0].policy_id) if x.limit == "aggregate"]
    assert (aggregate.used, aggregate.reserved, aggregate.left) == (five.AGGREGATE, Decimal("0.00"), Decimal("0.00"))
    assert {c.owed - c.proven for c in told.of("claim")} == {Decimal("1000000.00")}
    assert "累计限额" in told.text("赔款计算书") and "贰佰万元整" in told.text("赔款收据")
    assert "10,000,000.00" in told.text("限额情况表")


def test_the_shenzhen_judgment_comes_to_its_printed_total(tell):
    told = tell("shenzhen-judgment")

    (claim,) = told.of("claim")
    sheet = damages.current(claim.pk)
    assert {line.code: line.assessed for line in sheet.lines} == {
        **{code: Decimal(amount) for code, amount in judgment.ITEMS.items()},
        "disability_compensation": Decimal("160750.80"),
    }
    assert sheet.total == Decimal("273115.17")
    (disability,) = [line for line in sheet.lines if line.code == "disability_compensation"]
    assert "44653" in disability.formula.replace(",", "")
    assert (claim.fixed_by, claim.owed, claim.proven, claim.state) == ("judgment", Decimal("273115.17"), Decimal("273115.17"), "closed")
    (suit,) = told.of("litigation")
    assert (suit.state, suit.outcome, suit.awarded, suit.hearings_held) == ("closed", "liable", Decimal("273115.17"), 1)
    assert suit.heads[-1] == {"code": "disability_compensation", "amount": "160750.80"}
    assert "273,115.17" in told.text("应诉登记表")
    assert "残疾等级" in told.text("庭审记录表")
    assert told.paid == [
        ("ADVANCE", Decimal("30000.00"), judgment.HOSPITAL),
        ("PAYOUT", Decimal("243115.17"), judgment.NAME),
        ("REIMBURSEMENT", Decimal("30000.00"), "深圳海湾星物业服务有限公司"),
    ]
    (base,) = damages.typed_bases(claim.pk)
    assert base.is_confirmed
    printed = told.text("人身损害赔偿计算书")
    assert "273,115.17" in printed
    assert "贰拾柒万叁仟壹佰壹拾伍元壹角柒分" in printed
    assert "2014）深中法民终字第3008号" in printed
    assert "叁万元整" in told.text("垫付凭证")
    told.text("补充材料通知书")
    (decision,) = [d for d in told.timeline()["deadlines"] if d["rule"] == "decision"]
    assert decision["paused_days"] == 7
    assert not decision["was_late"]


def test_three_injured_share_a_limit_that_runs_short(tell):
    told = tell("three-injured")

    payouts = told.of("payout")
    assert [p.decided_amount for p in payouts] == [p.payable for p in three.PEOPLE]
    assert sum(p.decided_amount for p in payouts) == three.PER_ACCIDENT
    for claim, person in zip(told.of("claim"), three.PEOPLE, strict=True):
        assert (claim.owed, claim.proven, claim.state) == (person.loss, person.loss, "closed")
    by_manager = [amount for purpose, amount, _name in told.paid if purpose == "SETTLEMENT"]
    assert by_manager == [Decimal("90000.00"), Decimal("37500.00"), Decimal("12500.00")]
    limits = {b["key"]: b for b in json.loads((told.folder / "ledger.json").read_text())["accounts"] if b["is_limit"]}
    (accident,) = [b for key, b in limits.items() if re.fullmatch(r"policy/\d+/incident/\d+", key)]
    assert (accident["posted"], accident["reserved"], accident["available"]) == ("300000.00", "0.00", "0.00")


def test_a_deposit_at_night_reaches_the_hospital_before_anybody_knows_her_name(tell):
    told = tell("night-deposit")

    (advance,), (claim,), (incident,) = told.of("advance"), told.of("claim"), told.of("incident")
    paid_at = advance.events.get(verb="record_paid").happened_at
    assert (paid_at - incident.started_at).total_seconds() < 2 * 3600
    assert advance.is_emergency
    assert (advance.confirmed_at - advance.events.get(verb="approve_in_emergency").happened_at).total_seconds() < 24 * 3600
    identified_at = claim.events.filter(verb="identify").order_by("number").first().happened_at
    assert identified_at > paid_at
    assert [(p, a) for p, a, _name in told.paid] == [
        ("ADVANCE", Decimal("8000.00")),
        ("PAYOUT", Decimal("2550.00")),
        ("REIMBURSEMENT", Decimal("6350.00")),
    ]
    assert (claim.owed, claim.proven) == (Decimal("8900.00"), Decimal("8900.00"))
    files = {f.basis: (f.paid, f.reimbursed, f.amount, f.state) for f in told.of("recovery_file")}
    assert files == {
        "recourse": (Decimal("8000.00"), Decimal("6350.00"), Decimal("0.00"), "collected"),
        "subrogation": (Decimal("8900.00"), Decimal("0.00"), Decimal("0.00"), "written_off"),
    }
    agreement = told.text("垫付协议书")
    assert "穿红衣的女士" in agreement
    assert "捌仟元整" in told.text("垫付凭证")


def test_the_certain_part_is_paid_at_day_60_and_the_rest_later(tell):
    told = tell("provisional-60")

    assert [(p, a, name) for p, a, name in told.paid] == [
        ("PROVISIONAL", Decimal("86400.00"), provisional.NAME),
        ("PAYOUT", Decimal("158614.00"), provisional.NAME),
    ]
    (payout,), (claim,) = told.of("payout"), told.of("claim")
    assert (payout.decided_amount, payout.paid_amount) == (Decimal("245014.00"), Decimal("245014.00"))
    assert (claim.owed, claim.proven, claim.state) == (Decimal("245014.00"), Decimal("245014.00"), "closed")
    assert told.of("advance") == []
    (file,) = told.of("recovery_file")
    assert (file.basis, file.paid) == ("subrogation", Decimal("245014.00"))
    (clock,) = [d for d in told.timeline()["deadlines"] if d["rule"] == "provisional_payment"]
    assert (clock["due_at"][:10], clock["was_late"]) == ("2025-04-15", False)
    assert "捌万陆仟肆佰元整" in told.text("先予支付通知书")


@pytest.mark.parametrize(
    ("name", "maintenance", "own"), [("joint-liability", "77777.78", "22222.22"), ("several-liability", "70000.00", "30000.00")]
)
def test_an_accident_of_four_parties_runs_to_its_last_yuan(tell, name, maintenance, own):
    """W25: the manager paid 100000; 20 / 70 / 10; the maker cannot pay."""
    told = tell(name)
    (file,) = (c.specific for c in told.cases if c.kind == "recovery_file")
    assert (file.state, file.paid, file.collected, file.borne + file.written_off) == (
        "collected",
        Decimal("100000.00"),
        Decimal(maintenance),
        Decimal(own),
    )
    targets = {c.specific.party: c.specific for c in told.cases if c.kind == "recovery_target"}
    assert set(targets) == {"maintenance", "manufacturer"}
    assert targets["manufacturer"].outcome == ("insolvent" if name == "joint-liability" else "written_off")


def test_thirty_people_share_the_cap_of_one_accident(tell):
    told = tell("thirty-entrapped")

    (claim,) = told.of("claim")
    amounts = [amount for _purpose, amount, _name in told.paid]
    assert (len(amounts), sum(amounts), set(amounts)) == (30, Decimal("10000.00"), {Decimal("333.33"), Decimal("333.34")})
    assert (claim.owed, claim.proven, claim.state) == (Decimal("10000.00"), Decimal("10000.00"), "closed")


def test_where_nobody_manages_the_street_office_carries_the_claim_and_the_owners_pay(tell):
    told = tell("no-manager")

    (claim,) = told.of("claim")
    assert (claim.owed, claim.proven, claim.state) == (Decimal("10000.00"), Decimal("10000.00"), "closed")
    assert told.of("payout") == told.of("advance") == []
    assert {p.payer for p in claim.victim_payments.all()} == {"other"}
    assert "全体业主" in told.text("和解协议书")
    assert {c.state for c in told.cases} == {"closed"}


def test_three_heirs_of_one_who_died_each_get_their_part_and_the_fund_is_repaid(tell):
    told = tell("death-three-heirs")

    (claim,) = told.of("claim")
    assert {line.code for line in damages.current(claim.pk).lines} >= {"death_compensation", "funeral", "dependants", "medical"}
    assert (claim.state, claim.proven) == ("closed", claim.owed)
    paid = {name: amount for purpose, amount, name in told.paid if purpose == "SETTLEMENT"}
    left = claim.owed - Decimal(heirs.DEPOSIT) - Decimal(heirs.FUND)
    assert paid.pop(heirs.FUND_NAME) == Decimal(heirs.FUND)
    assert sum(paid.values()) == left
    assert {name for name, *_rest in heirs.HEIRS} == set(paid)
    assert abs(paid["卢秀云"] * 2 - left) <= Decimal("0.02")
    (incident,) = told.of("incident")
    assert (incident.deaths, incident.must_report) == (1, True)


def test_a_story_can_be_told_again_beside_itself(tell):
    first, second = tell("entrapment-2019"), tell("entrapment-2019")
    assert first.root.reference != second.root.reference
    assert PaymentOrder.objects.filter(state="paid").count() == 6
    assert Claim.objects.filter(state="closed").count() == 2


def test_the_command_writes_and_prints_a_summary(tmp_path, capsys):
    call_command("story", "entrapment-2019", "--out", str(tmp_path / "out"))
    said = capsys.readouterr().out
    assert Case.objects.get(kind="incident").reference in said
    assert {"ledger.csv", "ledger.json", "timeline.json", "timeline.md"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert len(list((tmp_path / "out").glob("*.pdf"))) >= 3


def test_the_command_lists_the_stories(capsys):
    call_command("story", "--list")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(STORIES)


@pytest.mark.parametrize("arguments", [["no-such-story", "--out", "x"], [], ["entrapment-2019"]])
def test_a_wrong_call_says_what_is_there(arguments):
    with pytest.raises(CommandError) as wrong:
        call_command("story", *arguments)
    assert "entrapment-2019" in str(wrong.value) or "--out" in str(wrong.value)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx"])
def test_no_cell_is_taken_for_a_formula(text):
    assert export.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "200.00", "黄*芬"])
def test_other_cells_stay_as_they_are(text):
    assert export.safe_cell(text) == text


def test_what_the_committee_mediated_is_confirmed_by_the_court_and_paid(tell):
    told = tell("mediated")

    (claim,), (file,) = told.of("claim"), told.of("mediation")
    assert (file.state, file.agreed_amount, file.confirmation) == ("confirmed", Decimal("27500.00"), "confirmed")
    assert (claim.fixed_by, claim.owed, claim.proven, claim.consent, claim.state) == (
        "agreement",
        Decimal("27500.00"),
        Decimal("27500.00"),
        "granted",
        "closed",
    )
    assert told.paid == [("PAYOUT", Decimal("27500.00"), "冯少琼")]
    (clock,) = [d for d in told.timeline()["deadlines"] if d["rule"] == "judicial_confirmation"]
    assert not clock["was_late"]
    assert "贰万柒仟伍佰元整" in told.text("调解协议书")
    assert "冯少琼" in told.text("司法确认申请书")


def test_a_refusal_that_the_court_turns_is_decided_anew_and_paid_back(tell):
    told = tell("refusal-turned")

    (claim,), (payout,), (suit,) = told.of("claim"), told.of("payout"), told.of("litigation")
    assert (claim.consent, claim.fixed_by, claim.proven, claim.state) == ("own_risk", "agreement", Decimal("64690.00"), "closed")
    assert (suit.parent_id, suit.led_by, suit.outcome, suit.state) == (payout.pk, "insurer", "liable", "closed")
    assert (payout.award_amount, payout.decided_amount, payout.state) == (Decimal("64690.00"), Decimal("64690.00"), "closed")
    assert [(purpose, amount) for purpose, amount, _name in told.paid] == [
        ("SETTLEMENT", Decimal("64690.00")),
        ("REIMBURSEMENT", Decimal("64690.00")),
    ]
    verbs = [event.verb for event in payout.events.order_by("number")]
    assert verbs.index("send_refusal") < verbs.index("record_suit") < verbs.index("record_award") < verbs.index("agree")
    assert "第六条第（三）项" in told.text("拒绝赔付通知书")
    assert "64,690.00" in told.text("应诉登记表")
