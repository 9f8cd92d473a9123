"""A rule of the pack that cannot be worked out: the action is refused, and the programme's administrators hear of it.

The refusal has undone everything, so the alert is written after it, in a transaction of its own. It names the pack and
the action, never the case or a value: administrators see no case (CARE 11), and mend the rule all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from trim.audit import trail
from trim.domain.access import Actor, Role
from trim.domain.errors import NotAllowedNow, Reason
from trim.engine.definition import Pack
from trim.store import accounts, notices


class RuleFailed(NotAllowedNow):
    """Raised where a condition of the pack gives no truth value; for the person it is a refusal like any other."""

    def __init__(
        self,
        reasons: Sequence[Reason],
        *,
        actor: Actor,
        now: datetime,
        pack: Pack,
        version_id: str,
        lifecycle: str,
        action: str,
    ) -> None:
        super().__init__(reasons)
        self.actor, self.now, self.pack, self.version_id = actor, now, pack, version_id
        self.lifecycle, self.action = lifecycle, action


def alert(session: Session, failed: RuleFailed) -> None:
    """Write the failure to the trail, and one notice for each administrator, action and day."""
    pack, now = failed.pack, failed.now
    codes = {"lifecycle": failed.lifecycle, "action": failed.action}
    trail.record(
        session,
        chain=trail.ORGANISATION,
        at=now,
        actor=failed.actor,
        what="pack.rule_failed",
        subject=f"pack:{pack.name}",
        pack=failed.version_id,
        codes=codes,
    )
    ids = {one.account_id for one in accounts.grants_in_force(session, now) if one.role == Role.ADMINISTRATOR}
    for account_id in sorted(ids):
        account = accounts.by_id(session, account_id)
        if account is None or not account.active:
            continue
        cause = f"{pack.behaviour_hash[:16]}:{failed.lifecycle}:{failed.action}:{now.date().isoformat()}"
        notices.add(
            session,
            once_key=f"rule_failed:{cause}:{account.id}",
            kind="rule_failed",
            subject_kind="rule",
            subject_ref=failed.action[:16],
            recipient=account,
            now=now,
        )
