"""Filing on a phone: what is typed is kept page by page, photos at once; only the last page writes a case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework import drafts, evidence
from casework.errors import FactsRefused
from casework.models import Draft
from elevators import selectors, services
from elevators.forms.filing import WhatForm, WhoForm
from elevators.terms import Nature

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from access.actors import Actor
    from elevators.forms.filing import CheckForm
    from elevators.models import Elevator, Incident
    from elevators.selectors.readmodels import SameEvent

#: What to photograph: code of the picture, what it shows, how.
SLOTS = (
    ("car", gettext_lazy("轿厢与层门"), gettext_lazy("看得见门的位置")),
    ("floor", gettext_lazy("楼层显示"), gettext_lazy("看清楼层数字")),
    ("mark", gettext_lazy("使用标志"), gettext_lazy("贴在轿厢里的那张")),
    ("other", gettext_lazy("其他"), gettext_lazy("伤处、地坎高差、来电记录都可以")),
)
PAGES = ("what", "who", "photos", "check")
#: Which page asks for a fact, so that a late refusal leads back to it.
ASKED_ON = {"people_count": "who", "people": "who", "source": "what", "nature": "what"}


@dataclass(frozen=True)
class Photo:
    """A picture kept with the draft. `path` is where the storage has it."""

    key: str
    slot: str
    name: str
    media_type: str
    size: int
    path: str

    @property
    def label(self) -> Any:
        return next((label for slot, label, _how in SLOTS if slot == self.slot), "")


@dataclass(frozen=True)
class Filing:
    """One person filing for one elevator."""

    actor: Actor
    elevator: Elevator

    def key(self, page: str) -> str:
        """The name of a page's draft, as casework's draft address takes it."""
        return f"file/{self.elevator.code}/{page}"

    def keep(self, page: str, data: QueryDict) -> datetime:
        return drafts.keep(self._user, f"page/{self.key(page)}", data)

    def restore(self, page: str) -> tuple[QueryDict, datetime] | None:
        return drafts.restore(self._user, f"page/{self.key(page)}")

    @property
    def _user(self) -> int:
        if self.actor.user_id is None:
            raise ValueError("filing needs a person")
        return self.actor.user_id

    def what(self) -> WhatForm | None:
        """What was said on the first page, if it holds."""
        kept = self.restore("what")
        form = WhatForm(kept[0], actor=self.actor) if kept else None
        return form if form is not None and form.is_valid() else None

    def who(self, nature: str) -> WhoForm | None:
        kept = self.restore("who")
        form = WhoForm(kept[0], nature=nature) if kept else None
        return form if form is not None and form.is_valid() else None

    def same_events(self, started_at: datetime) -> tuple[SameEvent, ...]:
        return selectors.same_event_candidates(elevator_id=self.elevator.pk, started_at=started_at)

    # Photos

    @property
    def _photo_key(self) -> str:
        """Outside what the draft address may write: it names files of the storage."""
        return f"photos/{self.elevator.code}"

    def photos(self) -> list[Photo]:
        row = Draft.objects.filter(user_id=self._user, key=self._photo_key).first()
        return [Photo(**p) for p in row.data.get("photos", [])] if row else []

    @transaction.atomic
    def add_photo(self, slot: str, upload: UploadedFile) -> Photo:
        """Keep a picture with the draft at once. Raises ValidationError, in Chinese, for what no case takes."""
        media_type = evidence.inspect(upload)
        name = (upload.name or "photo").replace("\\", "/").rsplit("/", 1)[-1][:120]
        extension = next(e for e, kind in evidence.ACCEPTED.items() if kind == media_type)
        key = uuid.uuid4().hex
        path = default_storage.save(f"drafts/{self._user}/{key}{extension}", upload)
        photo = Photo(key, slot, name, media_type, upload.size or 0, path)
        row, _created = Draft.objects.select_for_update().get_or_create(user_id=self._user, key=self._photo_key)
        row.data = {"photos": [*row.data.get("photos", []), vars(photo)]}
        row.save()
        return photo

    @transaction.atomic
    def drop_photo(self, key: str) -> None:
        row = Draft.objects.select_for_update().filter(user_id=self._user, key=self._photo_key).first()
        if row is not None:
            gone = [p for p in row.data.get("photos", []) if p["key"] == key]
            row.data = {"photos": [p for p in row.data.get("photos", []) if p["key"] != key]}
            row.save()
            _forget([p["path"] for p in gone])

    @transaction.atomic
    def discard(self) -> None:
        """Throw everything kept for this elevator away, the pictures included."""
        photos = self.photos()
        self._held().delete()
        _forget([p.path for p in photos])

    def _held(self) -> QuerySet[Draft]:
        mine = Q(key__startswith=f"page/{self.key('')}") | Q(key=self._photo_key)
        return Draft.objects.filter(mine, user_id=self._user)

    # The end

    @transaction.atomic
    def submit(self, check: CheckForm) -> Incident | None:
        """Write the case, or join the report to the one that is there. None when the draft was filed already (a second tap).

        Raises FactsRefused by field, StepRefused.
        """
        held = list(self._held().select_for_update().order_by("pk"))
        what = self.what() if held else None
        if what is None:
            return None
        who = self.who(what.cleaned_data["nature"]) if what.cleaned_data["nature"] != Nature.FAULT else None
        same_as = check.cleaned_data.get("same_as", "no")
        incident = self._report(what, who, check) if same_as in ("", "no") else self._join(int(same_as), what, who, check)
        photos = self.photos()
        for photo in photos:
            with default_storage.open(photo.path) as stored:
                evidence.add(incident, code="scene_photos", file=File(stored, name=photo.name), by=self.actor, note=str(photo.label))  # type: ignore[arg-type]
        Draft.objects.filter(pk__in=[d.pk for d in held]).delete()
        _forget([p.path for p in photos])
        return services.fresh(incident.pk)

    def _report(self, what: WhatForm, who: WhoForm | None, check: CheckForm) -> Incident:
        said = what.cleaned_data
        everybody = who.people() if who else ()
        count = who.cleaned_data["people_count"] if who else 0
        return services.report_incident(
            elevator=self.elevator,
            by=self.actor,
            nature=said["nature"],
            source=said["source"],
            started_at=said["started_at"],
            learnt_at=said["learnt_at"],
            people_count=count,
            people=everybody,
            phones=who.phones() if who else {},
            description=check.cleaned_data.get("description", ""),
            released_at=said["released_at"],
            all_trapped=said["trapped"] != WhatForm.Trapped.NOBODY,
        )

    def _join(self, case_id: int, what: WhatForm, who: WhoForm | None, check: CheckForm) -> Incident:
        said = what.cleaned_data
        if case_id not in {c.case_id for c in self.same_events(said["started_at"])}:
            raise FactsRefused({"same_as": [_("那一报刚刚有了变化，请再选一次。")]})
        return services.join_report(
            services.fresh(case_id),
            by=self.actor,
            source=said["source"],
            reported_at=said["learnt_at"],
            started_at=said["started_at"],
            people_count=who.cleaned_data["people_count"] if who else 0,
            description="；".join(self._told(what, who, check)),
        )

    def _told(self, what: WhatForm, who: WhoForm | None, check: CheckForm) -> list[str]:
        """Everything this report said, in words: a joined report keeps all of it."""
        from casework.templatetags.tibao import zh_moment

        told = [check.cleaned_data.get("description", "").strip()]
        if what.cleaned_data["released_at"]:
            told.append(_("所报救出时间 %(when)s") % {"when": zh_moment(what.cleaned_data["released_at"])})
        phones = who.phones() if who else {}
        for n, person in enumerate(who.people() if who else ()):
            told.append(" ".join(filter(None, [_("所报受伤：%(name)s") % {"name": person.name}, phones.get(n, "")])))
        return [t for t in told if t]


def _forget(paths: list[str]) -> None:
    """Take files out of the storage once the transaction stands."""

    def delete() -> None:
        for path in paths:
            default_storage.delete(path)

    transaction.on_commit(delete)


def unfinished(actor: Actor) -> list[tuple[str, Any]]:
    """Elevator codes and times of what this person began to file and has not submitted, the latest first."""
    rows = Draft.objects.filter(user=actor.user_id, key__startswith="page/file/").order_by("-saved_at")
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.key.split("/")[2], row.saved_at)
    return list(found.items())
