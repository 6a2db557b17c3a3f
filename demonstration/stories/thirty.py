"""Thirty people held at once: the programme's cap per accident is shared by all, to the fen."""

from __future__ import annotations

from functools import partial

from demonstration.stories import entrapment

SURNAMES, GIVEN = "陈李黄张梁林吴刘何邓", ("志强", "美珍", "子晴")
#: Thirty invented passengers, each with an account.
PEOPLE = tuple(
    (f"{surname}{given}", f"6222021000{1000 + 10 * g + s:04d}00") for g, given in enumerate(GIVEN) for s, surname in enumerate(SURNAMES)
)
#: 30 × 400.00 is 12,000.00; the programme pays 10,000.00 for one accident.
PER_PERSON, CAP, MINUTES = "400.00", "10000.00", 100

play = partial(entrapment.play, minutes=MINUTES, people=PEOPLE)
