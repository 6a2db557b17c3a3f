"""django-fsm's field made strict: the library lifts its protection on the class during a refresh, which leaks (docs/gotchas.md)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMFieldDescriptor


class StrictDescriptor(FSMFieldDescriptor):
    def __set__(self, instance: models.Model, value: Any) -> None:
        known, name = instance.__dict__, self.field.name
        if self.field.protected and name in known and known[name] != value and not known.get("_fsm_loading"):
            raise AttributeError(f"Direct {name} modification is not allowed")
        self.field.set_proxy(instance, value)
        self.field.set_state(instance, value)


class StateField(FSMField):
    descriptor_class = StrictDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("protected", True)
        super().__init__(*args, **kwargs)


class StatefulModel(ConcurrentTransitionMixin, models.Model):
    class Meta:
        abstract = True

    @property
    def state_fields(self) -> tuple[FSMField, ...]:
        """The one state there is; the library would look for it among all fields at every load and save."""
        return (self._meta.get_field("state"),)  # type: ignore[return-value]

    def _get_protected_fsm_fields(self) -> set[str]:
        return set()  # never toggle the field shared by all instances

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__["_fsm_loading"] = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self.__dict__.pop("_fsm_loading", None)
