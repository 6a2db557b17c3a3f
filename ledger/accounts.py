"""Keys of accounts: which must be opened before use, and what to call those that open by themselves."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

#: Limits and budgets: a movement on one that nobody opened would be a movement without a limit.
_OPENED_FIRST = re.compile(r"policy/\d+/(aggregate|incident/.+)|pool/\d+/(budget|committed)|fund/\d+/unit/\d+")
_KEY = re.compile(r"[a-z0-9_-]+(/[\w.-]+)*")


def is_key(key: str) -> bool:
    return len(key) <= 160 and _KEY.fullmatch(key) is not None


def must_be_opened(key: str) -> bool:
    return _OPENED_FIRST.fullmatch(key) is not None


def label_of(key: str) -> str:
    """What pages call an account that opened by itself on first use."""
    names = {
        r"org/\d+/bank": _("付款单位银行账户"),
        r"policy/\d+/used": _("保单已用限额"),
        r"policy/\d+/used/incident/\d+": _("本次事故已用限额"),
        r"policy/\d+/used/incident/\d+/person/[^/]+": _("本次事故一人已用限额"),
        r"policy/\d+/used/incident/\d+/person/[^/]+/medical": _("本次事故一人医疗已用限额"),
        r"policy/\d+/granted": _("保单限额"),
        r"claim/\d+/received": _("受害人已收"),
        r"recovery/\d+/receivable": _("应收追偿款"),
        r"recovery/\d+/collected": _("已收追偿款"),
        r"pool/\d+/appropriation": _("预算安排"),
        r"pool/\d+/withdrawn": _("预算调减"),
        r"pool/\d+/returned": _("追回的补助"),
        r"pool/\d+/paid": _("已拨付"),
        r"fund/\d+/receipts": _("维修资金交存"),
        r"fund/\d+/paid": _("维修资金已支出"),
    }
    return next((name for pattern, name in names.items() if re.fullmatch(pattern, key)), key)


def opening_counterpart(key: str) -> str:
    """The account from which an opening balance comes: one per policy, so that no row is shared by all."""
    match = re.match(r"policy/\d+", key)
    return f"{match[0]}/granted" if match else "opening/balances"
