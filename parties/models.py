"""Parties outside the house: people and organisations, their relations, payee accounts, and who looked at them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedField
from access.models import Organisation, User

#: An account is confirmed once and else never changes; a change of key may write its number anew.
ACCOUNT_ONLY_CONFIRMED = """
    IF (NEW.party_id, NEW.bank, NEW.holder, NEW.last4, NEW.added_by_id, NEW.organisation_id, NEW.added_at) IS DISTINCT FROM
       (OLD.party_id, OLD.bank, OLD.holder, OLD.last4, OLD.added_by_id, OLD.organisation_id, OLD.added_at)
       OR (OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at, NEW.confirmation_note) IS DISTINCT FROM
           (OLD.confirmed_by_id, OLD.confirmed_at, OLD.confirmation_note))
       OR ((NEW.number, NEW.number_digest) IS DISTINCT FROM (OLD.number, OLD.number_digest)
           AND COALESCE(current_setting('tibao.rotating_keys', true), '') <> 'on') THEN
        RAISE EXCEPTION 'payee account % is confirmed once and never changed: add a new one', OLD.id;
    END IF;
    RETURN NEW;
"""


class Party(models.Model):
    """当事人: a person or an organisation outside, perhaps not yet known by name ("穿红衣的女士")."""

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        ORGANISATION = "organisation", _("单位")

    class IdKind(models.TextChoices):
        RESIDENT_ID = "resident_id", _("居民身份证（含居住证）")
        PASSPORT = "passport", _("护照")
        PERMIT = "permit", _("通行证")
        OTHER = "other", _("其他证件")

    class Sex(models.TextChoices):
        FEMALE = "female", _("女")
        MALE = "male", _("男")

    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    name = models.CharField(_("姓名或名称"), max_length=120, blank=True)
    is_unknown = models.BooleanField(_("身份不明"), default=False)
    description = models.CharField(_("特征"), max_length=200, blank=True)
    id_kind = models.CharField(_("证件"), max_length=12, choices=IdKind, default=IdKind.RESIDENT_ID)
    id_number = EncryptedField(_("证件号码"), blank=True, default="")
    id_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone = EncryptedField(_("电话"), blank=True, default="")
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex, blank=True)
    address = EncryptedField(_("住址"), blank=True, default="")
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    #: Kept as long as the claim files that name the party: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("当事人")
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | (Q(is_unknown=True) & ~Q(description="")), name="party_named_or_described"),
            models.CheckConstraint(condition=Q(is_unknown=False) | Q(kind="person"), name="party_unknown_person"),
        ]

    def __str__(self) -> str:
        return self.name or self.description


class Relation(models.Model):
    """关系: who speaks for a party or is next to them: `other` is the party's heir, guardian, agent …"""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("配偶")
        PARENT = "parent", _("父母")
        CHILD = "child", _("子女")
        SIBLING = "sibling", _("兄弟姐妹")
        HEIR = "heir", _("其他继承人")
        GUARDIAN = "guardian", _("监护人")
        AGENT = "agent", _("委托代理人")
        CONTACT = "contact", _("联系人")

    party = models.ForeignKey(Party, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Party, models.PROTECT, related_name="related_to")
    kind = models.CharField(_("关系"), max_length=12, choices=Kind)
    powers = models.CharField(_("代理权限"), max_length=200, blank=True)
    until = models.DateField(_("有效期止"), null=True, blank=True)
    ended_on = models.DateField(_("终止日"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("关系")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["party", "other", "kind"], condition=Q(ended_on=None), name="relation_once"),
            models.CheckConstraint(condition=~Q(party=F("other")), name="relation_other"),
            models.CheckConstraint(condition=~Q(kind="agent") | Q(until__isnull=False), name="relation_agent_until"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.get_kind_display()} {self.other}"


class PayeeAccount(models.Model):
    """收款账户: where a party's money goes. A later one takes the place of the earlier and is looked at anew."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="accounts")
    bank = models.CharField(_("开户行"), max_length=120)
    holder = models.CharField(_("户名"), max_length=120)
    number = EncryptedField(_("账号"))
    number_digest = models.CharField(max_length=64, db_index=True, editable=False)
    last4 = models.CharField(max_length=4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmation_note = models.CharField(_("核对说明"), max_length=200, blank=True)

    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("收款账户")
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="confirmed_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=ACCOUNT_ONLY_CONFIRMED),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(added_by__isnull=True) | ~Q(confirmed_by=F("added_by")),
                name="payee_account_second_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="payee_account_confirmed_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.last4}"


class PartyLog(models.Model):
    """当事人资料记录: who recorded, saw or confirmed which of a party's data, when and why. Append-only."""

    class Act(models.TextChoices):
        REGISTERED = "registered", _("登记")
        IDENTIFIED = "identified", _("补正身份")
        RELATED = "related", _("登记关系")
        ACCOUNT_ADDED = "account_added", _("登记收款账户")
        ACCOUNT_CONFIRMED = "account_confirmed", _("核对收款账户")
        REVEALED = "revealed", _("查看完整资料")

    party = models.ForeignKey(Party, models.PROTECT, related_name="log")
    act = models.CharField(max_length=20, choices=Act)
    fields = models.JSONField(default=list)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    #: Records of provision are kept at least 3 years (网络数据安全管理条例 art 12).
    RETENTION = "disclosure_record"

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.party_id} {self.get_act_display()}"
