"""Rolls of owners, ballots with every vote ever cast, public notices, objections."""

from __future__ import annotations

from consultation.models.ballot import Ballot, OfficialFigures, PaperSheet, PracticeBallot, Proxy, StruckVote, Vote, Voter
from consultation.models.notices import MediationSession, Objection, PublicNotice, Statement
from consultation.models.roll import OwnershipChange, Roll, RollDispute, RollUnit

__all__ = [
    "Ballot",
    "MediationSession",
    "Objection",
    "OfficialFigures",
    "OwnershipChange",
    "PaperSheet",
    "PracticeBallot",
    "Proxy",
    "PublicNotice",
    "Roll",
    "RollDispute",
    "RollUnit",
    "Statement",
    "StruckVote",
    "Vote",
    "Voter",
]
