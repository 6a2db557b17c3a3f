"""Which vote of each voter counts, what they come to, and the file from which a stranger counts again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from casework.facts import canonical, digest
from consultation.calculations import YES, Tally, line_from
from consultation.models import Ballot, StruckVote, Vote, Voter
from legislation.lookup import at

FORMAT = "tibao-recount-1"


def effective(ballot_id: int) -> dict[int, Vote]:
    """The vote that counts, by voter: the latest own, else the latest by proxy; struck votes never."""
    struck = set(StruckVote.objects.filter(vote__ballot_id=ballot_id).values_list("vote_id", flat=True))
    found: dict[int, Vote] = {}
    for vote in Vote.objects.filter(ballot_id=ballot_id).order_by("number"):
        if vote.pk in struck:
            continue
        before = found.get(vote.voter_id)
        if before is None or vote.proxy_id is None or before.proxy_id is not None:
            found[vote.voter_id] = vote
    return found


def tally_of(ballot_id: int) -> Tally:
    """Persons and ㎡ as the votes stand."""
    votes = effective(ballot_id)
    voters = list(Voter.objects.filter(ballot_id=ballot_id).values_list("pk", "area"))
    zero = Decimal("0.00")
    present = [(pk, area) for pk, area in voters if pk in votes]
    agreeing = [area for pk, area in present if votes[pk].choice == YES]
    return Tally(
        persons=len(voters),
        area=sum((area for _pk, area in voters), zero),
        participating_persons=len(present),
        participating_area=sum((area for _pk, area in present), zero),
        agreeing_persons=len(agreeing),
        agreeing_area=sum(agreeing, zero),
    )


def recount(ballot: Ballot) -> dict[str, Any]:
    """The recount file: persons by number with commitment and area, effective votes by number with receipt; no name, no unit.

    `digest` is taken over everything else; it is printed with the preliminary tally.
    """
    line = line_from(at(ballot.law_date, ballot.place).table(f"consultation.line.{ballot.matter}").value)
    votes = effective(ballot.pk)
    voters = list(Voter.objects.filter(ballot_id=ballot.pk))
    found = tally_of(ballot.pk)
    file: dict[str, Any] = {
        "format": FORMAT,
        "reference": ballot.reference,
        "practice": ballot.is_practice,
        "proposal_digest": ballot.proposal_digest,
        "line": {
            "matter": ballot.matter,
            "participation": str(line.participation),
            "assent": str(line.assent),
            "strict": line.is_strict,
            "of_all": line.of_all,
        },
        "roll_digest": ballot.roll_digest,
        "roll": [{"person": v.number, "commitment": v.commitment, "area": f"{v.area:.2f}"} for v in voters],
        "ballots": sorted(
            (
                {"person": v.number, "choice": votes[v.pk].choice, "channel": votes[v.pk].channel, "receipt": votes[v.pk].receipt}
                for v in voters
                if v.pk in votes
            ),
            key=lambda row: row["receipt"],
        ),
        "tally": {
            "persons": found.persons,
            "area": f"{found.area:.2f}",
            "participating_persons": found.participating_persons,
            "participating_area": f"{found.participating_area:.2f}",
            "agreeing_persons": found.agreeing_persons,
            "agreeing_area": f"{found.agreeing_area:.2f}",
        },
    }
    file["digest"] = digest(canonical(file))
    return file
