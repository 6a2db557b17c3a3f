"""A ballot: what is asked, the voters frozen from its roll, every vote ever cast, paper sheets, proxies, a city's figures."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedField
from access.models import User
from casework.models import Evidence
from consultation.lifecycle.ballot import BallotLifecycle
from consultation.models.roll import Roll
from consultation.terms import Channel, Matter, Presence, Scope, SheetState

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
AREA: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Ballot(BallotLifecycle):
    """表决: one question to the owners of one roll. The counted figures stand only once the window is closed."""

    matter = models.CharField(_("事项"), max_length=20, choices=Matter)
    matter_reason = models.CharField(_("为什么按这条线"), max_length=300, blank=True)
    law_date = models.DateField(_("按哪天的法律"))
    scope = models.CharField(_("表决范围"), max_length=10, choices=Scope)
    scope_reason = models.CharField(_("为什么是这个范围"), max_length=300)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="ballots")
    roll_digest = models.CharField(_("名册校验值"), max_length=64, blank=True)
    proposal_title = models.CharField(_("表决什么"), max_length=120)
    proposal_text = models.TextField(_("方案"), max_length=8000)
    proposal_digest = models.CharField(_("方案校验值"), max_length=64)
    contact = models.CharField(_("联系人和电话"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("开始投票"), null=True)
    closes_at = models.DateTimeField(_("投票截止"), null=True)
    tallied_on = models.DateField(_("初步统计公示日"), null=True)
    is_practice = models.BooleanField(_("演练"), default=False)
    is_official = models.BooleanField(_("市级电子表决平台的结果"), default=False)
    persons = models.PositiveIntegerField(_("总人数"), null=True)
    area = models.DecimalField(_("总面积"), null=True, **AREA)
    participating_persons = models.PositiveIntegerField(null=True)
    participating_area = models.DecimalField(null=True, **AREA)
    agreeing_persons = models.PositiveIntegerField(null=True)
    agreeing_area = models.DecimalField(null=True, **AREA)
    recount_digest = models.CharField(_("重计文件校验值"), max_length=64, blank=True)
    ended_because = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("表决")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")), name="ballot_window"),
            models.CheckConstraint(
                condition=Q(participating_persons=None) | Q(participating_persons__lte=F("persons")), name="ballot_part"
            ),
            models.CheckConstraint(
                condition=Q(agreeing_persons=None) | Q(agreeing_persons__lte=F("participating_persons")), name="ballot_assent"
            ),
        ]


class PracticeBallot(Ballot):
    """A ballot for practice: it has numbers of its own (演练), so that nobody takes it for one that counts."""

    PREFIX = "YL"

    class Meta:
        proxy = True


class Voter(models.Model):
    """One person of the count, with all their units, as the roll stood when the ballot opened. Nobody is ever dropped."""

    RETENTION = "claim_file"

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="voters")
    number = models.PositiveIntegerField()
    units = ArrayField(models.CharField(max_length=40))
    name = EncryptedField()
    area = models.DecimalField(max_digits=12, decimal_places=2)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+")
    presence = models.CharField(max_length=20, choices=Presence, blank=True)
    note = models.CharField(max_length=200, blank=True)
    commitment = models.CharField(max_length=64)  # digest of the roll's salt, units and owners: what the recount file carries

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="voter_once"),
            models.CheckConstraint(condition=Q(area__gt=0), name="voter_has_area"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_frozen",
                operation=pgtrigger.UpdateOf("ballot_id", "number", "units", "name", "area", "commitment"),  # type: ignore[no-untyped-call]
            ),
        ]

    def __str__(self) -> str:
        return "、".join(self.units)


class Proxy(models.Model):
    """委托: somebody who votes for a voter, with the document, for what, until when. The voter's own vote always wins."""

    RETENTION = "claim_file"

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="proxies")
    voter = models.ForeignKey(Voter, models.PROTECT, related_name="proxies")
    event_id = models.UUIDField()
    name = EncryptedField(_("受托人"))
    document = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    powers = models.CharField(_("委托事项"), max_length=200)
    until = models.DateTimeField(_("有效到"))

    class Meta:
        ordering = ["id"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.voter_id}"


class Vote(models.Model):
    """One vote as it was cast; none is ever changed. The effective one is the voter's latest own, else the latest by proxy."""

    RETENTION = "claim_file"

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    voter = models.ForeignKey(Voter, models.PROTECT, related_name="votes")
    event_id = models.UUIDField()
    number = models.PositiveIntegerField()
    choice = EncryptedField()
    channel = models.CharField(max_length=10, choices=Channel)
    strength = models.CharField(_("身份核验方式"), max_length=60)
    proxy = models.ForeignKey(Proxy, models.PROTECT, null=True, related_name="votes")
    assisted_by = models.CharField(_("代填人"), max_length=60, blank=True)
    receipt = models.CharField(_("回执号"), max_length=20, unique=True)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["ballot", "number"], name="vote_number_once")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.receipt


class StruckVote(models.Model):
    """A vote that does not count after all, with the reason: a dead owner's signature, a forged sheet."""

    vote = models.OneToOneField(Vote, models.PROTECT, related_name="struck")
    event_id = models.UUIDField()
    reason = models.CharField(max_length=300)
    struck_at = models.DateTimeField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.vote_id}"


class PaperSheet(models.Model):
    """One paper ballot with its photograph, keyed by two people who do not see each other's entry. Choices stand encrypted."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="sheets")
    voter = models.ForeignKey(Voter, models.PROTECT, related_name="sheets")
    photo = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    signed_on = models.DateField(_("签字日期"))
    received_at = models.DateTimeField(_("收到时间"))
    signer = models.CharField(_("签字人"), max_length=20, choices=[("owner", _("业主本人")), ("proxy", _("受托人"))], default="owner")
    first = EncryptedField()
    first_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    second = EncryptedField(blank=True)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    state_of_keying = models.CharField(max_length=10, choices=SheetState, default=SheetState.ONCE)
    resolved = EncryptedField(blank=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resolution = models.CharField(max_length=200, blank=True)
    vote = models.OneToOneField(Vote, models.PROTECT, null=True, related_name="sheet")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="sheet_two_people"),
            models.UniqueConstraint(
                fields=["ballot", "voter"], condition=Q(state_of_keying__in=["once", "mismatch"]), name="sheet_open_once"
            ),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.voter_id}"


class OfficialFigures(models.Model):
    """The three notices of a city's e-vote as published, and why they differ from our roll."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="official")
    event_id = models.UUIDField()
    address = models.CharField(_("公示网址"), max_length=300)
    called_on = models.DateField(_("投票通知公示日"))
    tallied_on = models.DateField(_("初步统计公示日"))
    published_on = models.DateField(_("结果公示日"))
    call_persons = models.PositiveIntegerField()
    call_area = models.DecimalField(**AREA)
    roll_persons = models.PositiveIntegerField()
    roll_area = models.DecimalField(**AREA)
    differences = models.JSONField(default=list)
    explanation = models.CharField(max_length=500, blank=True)

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.address}"
