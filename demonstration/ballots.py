"""Ballots of the demonstration: one open, one with paper that does not agree, one certified; and the story of exactly two thirds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.actors import system_actor
from access.encryption import encrypt
from casework import evidence
from casework.declarations import NO_FACTS
from casework.models import Case
from casework.outbox import drain
from casework.steps import perform, today
from consultation.facts import Announce, CastVote, PostNotice
from consultation.models import Ballot, PublicNotice, Voter
from consultation.selectors.positions import BallotPosition
from consultation.services import ballots, rolls
from demonstration import papers, services

if TYPE_CHECKING:
    from access.actors import Actor

SURNAMES = "陈黎梁吴何冯谢罗苏邓曾彭区潘麦关莫倪卢蔡容余简龙温"
GIVEN = ("文辉", "绍棠", "佩珊", "家明", "丽芬", "志远", "慧娴", "国强", "少英", "子悦", "永昌", "秀兰")
MINUTE = timedelta(minutes=1)


@dataclass
class BallotStage:
    """One ballot on its way: who holds it, which day it was announced, what hangs below it."""

    by: Actor
    colleague: Actor
    begins: datetime
    root: Case | None = None

    @property
    def ballot(self) -> Ballot:
        found: Ballot = Ballot.objects.get(pk=self.root.pk if self.root else 0)
        return found

    def at(self, days: float) -> datetime:
        return min(self.begins + timedelta(days=days), timezone.now()).replace(second=0, microsecond=0)

    def do(self, case: Case, verb: str, at: datetime, facts: object = NO_FACTS, by: Actor | None = None) -> None:
        perform(case, verb, by=by or self.by, happened_at=at, seen=None, facts=facts)
        self.settle()

    def settle(self) -> None:
        if self.root is not None:
            drain(self.root.pk)

    def post(self, purpose: str, at: datetime, days: int) -> None:
        """Hang the notice of this purpose with its photograph."""
        notice = PublicNotice.objects.get(parent_id=self.root.pk if self.root else 0, purpose=purpose)
        file = SimpleUploadedFile("公示照片.pdf", papers.slip((notice.heading, "首层大堂张贴照片")), "application/pdf")
        evidence.add(notice, code="photo", file=file, by=self.by)
        begun = today(at)
        self.do(notice, "post", at, PostNotice(("首层大堂", "小区公告栏"), begun, begun + timedelta(days=days)))

    def cast(self, number: int, choice: str, at: datetime) -> None:
        """A vote as it came by the voter's link at a past moment."""
        voter = Voter.objects.get(ballot_id=self.root.pk if self.root else 0, number=number)
        facts = CastVote(voter.pk, encrypt(choice), "link", "link+code", ballots.code(10), at)
        self.do(self.ballot, "cast", at, facts, by=system_actor("demonstration"))


def name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)]


def make_roll(stage: BallotStage, units: Sequence[tuple[str, str, str]], title: str, reason: str, place: str = "440105") -> int:
    lines = [
        rolls.Line(n, unit, owner, rolls.owner_key(owner, "", ""), Decimal(area), "register", False, "", "")
        for n, (unit, owner, area) in enumerate(units, 1)
    ]
    return rolls.make(lines=lines, name=title, place=place, scope="unit", scope_reason=reason, by=stage.by).pk


def propose(stage: BallotStage, roll_id: int, matter: str, title: str, text: str) -> None:
    from consultation import api

    case = api.open_ballot(
        parent=None,
        matter=matter,
        place="440105",
        law_date=today(stage.begins),
        proposal=api.Proposal(title, text),
        roll_id=roll_id,
        by=stage.by,
        happened_at=stage.begins,
        contact="筹备组 020-0000 1212",
    )
    stage.root = case


def announce(stage: BallotStage, opens: float, closes: float) -> None:
    """Announced on the first day, the call hung on the same; open when its day has come."""
    begins, ends = (stage.begins + timedelta(days=d) for d in (opens, closes))
    window = Announce(
        timezone.localtime(begins).replace(hour=9, minute=0, second=0, microsecond=0),
        timezone.localtime(ends).replace(hour=23, minute=59, second=0, microsecond=0),
    )
    stage.do(stage.ballot, "announce", stage.at(0), window)
    stage.post("vote_call", stage.at(0.1), 15)
    yield_at = max(window.opens_at, stage.at(0))
    ballots.start(stage.ballot, by=stage.by, happened_at=yield_at)
    stage.settle()


SCHEME = (
    "在楼梯间北侧加装无障碍电梯一台，8 层 8 站，玻璃井道。\n"
    "费用 620,000.00 元，按各层系数和面积分摊，各户金额见附表；首层不出钱。\n使用管理人由业主委托物业服务企业担任，养护费按同一系数分摊。"
)


def retrofit(stage: BallotStage) -> Iterator[str]:
    """The house of the screens: 24 units, 23 owners, thirteen have voted; three persons and 211.40 ㎡ are missing."""
    units = []
    for floor in range(1, 9):
        for line, area in (("01", "62.05"), ("02", "75.35"), ("03", "84.60")):
            shared = floor == 6 and line in ("01", "02")
            owner = "何绍棠" if shared else f"{name(floor * 3 + int(line))}（{floor}{line}）"
            units.append((f"{floor}{line}", owner, area))
    roll = make_roll(stage, units, "南石西新村 12 号 2 梯", "电梯只服务本梯口各户")
    propose(stage, roll, "retrofit", "加装电梯及费用方案甲", SCHEME)
    announce(stage, 16, 30)
    voted = {"801": "yes", "803": "yes", "702": "yes", "501": "yes", "502": "yes", "503": "yes", "403": "no", "301": "yes", "302": "yes",
             "303": "yes", "203": "yes", "101": "abstain", "102": "yes"}  # fmt: skip
    for voter in Voter.objects.filter(ballot_id=stage.ballot.pk):
        choice = voted.get(voter.units[0])
        if choice:
            stage.cast(voter.number, choice, stage.at(17) + voter.number * MINUTE)
    yield "open"


def mismatch(stage: BallotStage) -> Iterator[str]:
    """Paper keyed by two people: one sheet waits for its second keying, one does not agree, one is a vote."""
    units = [(f"{floor}0{n}", f"{name(floor * 2 + n)}（{floor}0{n}）", "88.50") for floor in range(1, 8) for n in (1, 2)]
    roll = make_roll(stage, units, "南石西新村 14 号", "电梯只服务本栋")
    propose(stage, roll, "use_fund", "更换 1 号电梯曳引机和控制柜", "更换曳引机、控制柜，预算 96,000.00 元，全部由维修资金支付。")
    announce(stage, 16, 40)
    ballot = stage.ballot
    for number, first, second in ((1, "yes", "yes"), (2, "yes", "no"), (3, "abstain", "")):
        voter = Voter.objects.get(ballot=ballot, number=number)
        file = SimpleUploadedFile(f"表决票{number}.pdf", papers.slip((f"表决票 {voter}", "业主签名")), "application/pdf")
        photo = evidence.add(ballot, code="sheet", file=file, by=stage.by, note=str(voter))
        for actor, choice in ((stage.by, first), (stage.colleague, second)):
            if choice:
                ballots.key_sheet(
                    ballot, voter_id=voter.pk, choice=choice, photo=photo, signed_on=today(stage.at(18)), received_at=stage.at(18), by=actor
                )
    stage.settle()
    yield "mismatch"


def two_thirds(stage: BallotStage) -> Iterator[str]:
    """The building of 44 persons and 4,433.46 ㎡: thirty come, exactly two thirds of the area; sixteen agree, 0.01 ㎡ above the half."""
    first = ["92.36"] * 15 + ["92.43"] + ["105.55"] * 13
    first.append(str(Decimal("2955.64") - sum(map(Decimal, first))))
    rest = ["105.55"] * 13
    rest.append(str(Decimal("1477.82") - sum(map(Decimal, rest))))
    units = [(f"{101 + n // 4 * 100 + n % 4}", f"{name(n)}（{n + 1}）", area) for n, area in enumerate(first + rest)]
    roll = make_roll(stage, units, "城市花园 7 座 1 单元", "电梯只服务本单元")
    propose(stage, roll, "use_fund", "更新 1 号电梯", "更换整机，预算 300,000.00 元，全部由维修资金支付。")
    announce(stage, 16, 30)
    yield "open"
    for number in range(1, 31):
        stage.cast(number, "yes" if number <= 16 else "no", stage.at(18) + number * MINUTE)
    stage.do(stage.ballot, "close", stage.at(31.5))
    stage.do(stage.ballot, "tally", stage.at(32), BallotPosition(stage.ballot).count)
    stage.do(stage.ballot, "publish_tally", stage.at(32.1))
    stage.post("vote_tally", stage.at(32.2), 7)
    yield "challenge"
    stage.do(stage.ballot, "certify", stage.at(45))
    yield "result"


def committee(begins: datetime) -> BallotStage:
    services.establish()
    return BallotStage(services.actor("xie"), services.actor("kong"), begins)


def street_office(begins: datetime) -> BallotStage:
    services.establish()
    return BallotStage(services.actor("su"), services.actor("su"), begins)
