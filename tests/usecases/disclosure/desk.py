"""A desk that sees to access requests, by use cases alone; defaults are those of a quiet week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support.organisation import Organisation
from trim.store import disclosure
from trim.usecases.disclosure import package, review, see_to_request
from trim.usecases.disclosure.record_request import record_request
from trim.usecases.disclosure.review import KEEP, Read, Review
from trim.usecases.unit_of_work import UnitOfWork


@dataclass
class Desk:
    """`does` calls a verb as somebody, with the version that stands."""

    made: Organisation

    def records(self, who: str = "Carol", person: str = "Robin Ashe", **more: Any) -> str:
        """Record a request of today; gives its reference."""
        values: dict[str, Any] = {
            "person_id": self.made.people[person].id,
            "asked_by": "The person, in person",
            "channel": "in_person",
            "received_on": self.made.now.date(),
            "language": "en",
        }
        with self.made.backend.writing() as uow:
            return record_request(uow, self.made.actor(who), now=self.made.now, **{**values, **more}).ref

    def does(self, who: str, verb: Any, ref: str, **values: Any) -> Any:
        """Somebody does one step."""
        with self.made.backend.writing() as uow:
            shown = {"version": self.version(uow, ref)} if "version" not in values else {}
            return verb(uow, self.made.actor(who), now=self.made.now, ref=ref, **shown, **values)

    def version(self, uow: UnitOfWork, ref: str) -> int:
        """The version that stands."""
        return disclosure.request_of(uow.session, ref).version

    def checked(self, reviewer: str = "Lee", **more: Any) -> str:
        """A request whose identity was checked and whose reviewer is named."""
        ref = self.records(**more)
        self.does("Carol", see_to_request.check_identity, ref, how="photo_document", remark="Passport")
        self.names(ref, reviewer)
        return ref

    def names(self, ref: str, reviewer: str, who: str = "Carol") -> None:
        """Name a reviewer."""
        account = self.made.accounts[reviewer].id
        self.does(who, see_to_request.name_reviewer, ref, account_id=account)

    def reads(self, who: str, ref: str) -> Review:
        """Open the whole review."""
        with self.made.backend.writing() as uow:
            return review.read_review(uow, self.made.actor(who), now=self.made.now, ref=ref)

    def item(self, who: str, ref: str, words: str) -> Read:
        """The first item under review in which these words stand."""
        return next(
            one for part in self.reads(who, ref).sections for one in part.items if words in str(one.shown.lines)
        )

    def marks(self, who: str, ref: str, words: str, decision: str, **more: Any) -> None:
        """Decide about the item in which these words stand."""
        one = self.item(who, ref, words)
        values = {"key": one.item.key, "digest": one.digest, "decision": decision, **more}
        self.does(who, review.mark_item, ref, **values)

    def keeps_the_rest(self, who: str, ref: str) -> None:
        """Read every section and leave what bears no mark as it is."""
        for part in self.reads(who, ref).sections:
            self.does(who, review.keep_section, ref, section=part.section.key, digest=part.digest)

    def makes(self, who: str, ref: str) -> package.Package:
        """Make the package from what was reviewed."""
        made: package.Package = self.does(who, package.gather_package, ref)
        self.does(who, package.keep_package, ref, locked=b"a locked file")
        return made

    def hands_over(self, who: str, ref: str, on: date | None = None) -> None:
        """Hand it over in person, today."""
        self.does(who, see_to_request.hand_over, ref, how="in_person", on=on or self.made.now.date())


__all__ = ["KEEP", "Desk"]
