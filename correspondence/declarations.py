"""How a paper is declared: facts in, PDF out. No rendering here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from casework.models import CaseEvent

_documents: dict[str, type[Document]] = {}


class Document:
    """One kind of paper. A subclass in an app's documents.py declares it; `facts` is all its template sees.

    title: the Chinese name printed and listed. template: the HTML below templates/. provisions: parameter names printed as
    its legal grounds. prefix: of its serial numbers. supersedes: a later one of the same case replaces the earlier.
    public: which facts the verify page may show.
    """

    code: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    template: ClassVar[str] = ""
    prefix: ClassVar[str] = "WS"
    provisions: ClassVar[tuple[str, ...]] = ()
    supersedes: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        app = cls.__module__.split(".")[0]
        cls.code = f"{app}.{re.sub(r'(?<!^)(?=[A-Z])', '_', cls.__name__).lower()}"
        if cls.template:  # a base of several papers has none
            _documents[cls.code] = cls

    def facts(self, event: CaseEvent) -> Any:
        """The frozen dataclass the paper is made from, read once when it is issued."""
        raise NotImplementedError

    def heading(self, facts: Any) -> str:
        """The title as this one bears it, where it depends on the facts."""
        return str(self.title)

    def rests_on(self, facts: Any) -> tuple[str, ...]:
        """The parameter names printed as the legal grounds of this one, where they depend on the facts."""
        return self.provisions

    def issuer_id(self, event: CaseEvent) -> int | None:
        """The organisation in whose name it is issued."""
        return event.actor_organisation_id

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Label and value pairs for the public verify page: nothing personal unmasked."""
        return []


def document(code: str) -> type[Document]:
    return _documents[code]


def documents() -> dict[str, type[Document]]:
    return dict(_documents)
