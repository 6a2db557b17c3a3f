"""The words a recovery is told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Basis(TextChoices):
    """Two kinds of recovery, never one: the manager's recourse and the insurer's subrogation."""

    RECOURSE = "recourse", _("追偿（垫付人）")
    SUBROGATION = "subrogation", _("代位求偿（保险人）")


class Prospect(TextChoices):
    """Whether a payout under a policy may still come: while it may, nothing is waived (Insurance Law 61)."""

    NONE = "none", _("没有保险赔付")
    POSSIBLE = "possible", _("可能有保险赔付")
    OPEN = "open", _("保险赔付办理中")
    OVER = "over", _("保险赔付已了结")
