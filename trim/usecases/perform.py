"""Do one action: who may, what the pack decides, its effects, clocks, record and line in the trail, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from trim.domain.access import PERSON, Actor
from trim.domain.errors import Change, NotAllowedNow, NotFound, Reason, StaleVersion
from trim.engine import machine
from trim.engine.conditions import ConditionFailed
from trim.engine.definition import Action, Pack
from trim.engine.forms import checked, form_variables
from trim.engine.moving import pause_anchor
from trim.engine.opening import is_early
from trim.store import accounts, cases, incidents, steps
from trim.store.tables import ActionRecord, Incident, SupportCase, Undertaking
from trim.usecases.acting import clocks, moving
from trim.usecases.acting.act import Act
from trim.usecases.acting.beside_standing import is_undertaking, stand_to
from trim.usecases.acting.beside_variables import anchors_of, undertaking_variables
from trim.usecases.acting.standing import standing
from trim.usecases.acting.variables import case_variables, incident_variables
from trim.usecases.incident_access import may_work_on
from trim.usecases.rule_failed import RuleFailed
from trim.usecases.unit_of_work import UnitOfWork

THE_PERSON = Reason("person", "the person", "la personne")


@dataclass
class Found:
    """A subject with its case, incident, pack and the roles in which the actor may act on it."""

    subject: Any
    case: SupportCase | None
    incident: Incident | None
    pack: Pack
    roles: frozenset[str]
    proposed: bool = False
    #: Opened by break-glass: to be read, and acted on only where somebody is in danger.
    glass: bool = False


#: What whoever opened a case by break-glass may do: raise the alarm, and see to one that nobody has taken.
PROTECTING = frozenset({"raise_red_flag", "take_escalation", "record_spoke_to", "pass_on_escalation"})

FOR_THE_COORDINATOR = Reason(
    "break_glass_reads",
    "You opened this case by break-glass: you can read it and raise an alarm. The rest is for its own coordinators.",
    "Vous avez ouvert ce dossier en accès d’urgence : vous pouvez le lire et donner l’alerte. "
    "Le reste revient à sa propre coordination.",
)


def find(uow: UnitOfWork, actor: Actor, kind: str, ref: str, *, lock: bool, glass: bool = False) -> Found:
    """The subject of a reference, if the actor may act on it. Raises NotFound, ConflictUnknown.

    `glass`: also for whoever opened the case by break-glass; the caller then does no more than read or protect.
    """
    subject = cases.load(uow.session, kind, ref, lock=lock)
    if kind == "incident":
        roles = may_work_on(uow, actor, subject)
        return Found(subject, None, subject, uow.pack(subject.pack_version_id), roles)
    if is_undertaking(kind):
        about = uow.session.get(Incident, subject.incident_id) if subject.incident_id else None
        return Found(subject, None, about, uow.pack(subject.pack_version_id), stand_to(uow, actor, subject).roles)
    # The case is locked with what runs beside it: both move in one order, and never into a deadlock.
    case = subject if kind == "case" else cases.by_id(uow.session, subject.case_id, lock=lock)
    stands = standing(uow, actor, case, glass=glass)
    if stands.kind == "proposed" and kind != "case":
        raise NotFound
    incident = uow.session.get(Incident, case.incident_id) if case.incident_id else None
    return Found(
        subject,
        case,
        incident,
        uow.pack(subject.pack_version_id),
        stands.roles,
        proposed=stands.kind == "proposed",
        glass=stands.kind == "break_glass",
    )


def perform(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    kind: str,
    ref: str,
    action: str,
    version: int | None,
    values: Mapping[str, Any],
    computed: Mapping[str, Any] | None = None,
    corrects_id: str | None = None,
) -> Act:
    """Do `action` on the `kind` of that `ref`, as it was shown at `version`.

    `computed` are values that the use case worked out itself (a score), beside what was filled in; `version` None is
    for actions that follow from another in the same transaction, and for a red flag, which nothing may hold up.
    Raises NotFound, ConflictUnknown, StaleVersion, InvalidInput, NotAllowedNow.
    """
    found = find(uow, actor, kind, ref, lock=True, glass=True)
    subject = found.subject
    failed = partial(
        RuleFailed,
        actor=actor,
        now=now,
        pack=found.pack,
        version_id=subject.pack_version_id,
        lifecycle=kind,
        action=action,
    )
    if version is not None and version != subject.version:
        raise StaleVersion(version, subject.version, changes_since(uow, subject, found.pack, kind, version, actor))
    definition = found.pack.lifecycles[kind].actions.get(action)
    variables = variables_of(uow, actor, found, now, definition, values.get("held_at"))
    taken = _values(found, definition, kind, values, variables)
    known = {**variables, **form_variables(found.pack, {**taken, **(computed or {})})}
    try:
        decision = machine.decide(
            found.pack, lifecycle=kind, state=subject.state, action=action, roles=found.roles, variables=known
        )
    except machine.Refused as refused:
        reasons = [Reason(refused.code, text.en, text.fr) for text in refused.reasons]
        if refused.code == "condition_failed":
            raise failed(reasons) from refused
        raise NotAllowedNow(reasons) from refused
    _keep_roles_apart(found, decision)
    act = Act(
        uow=uow,
        actor=actor,
        now=now,
        kind=kind,
        subject=subject,
        case=found.case,
        incident=found.incident,
        pack=found.pack,
        role=sorted(found.roles & set(decision.action.by))[0],
        decision=decision,
        values={**taken, **(computed or {})},
        record_id=uow.new_id(),
        then=partial(perform, uow, actor, now=now),
    )
    try:
        for effect in decision.does:
            uow.effects[effect](act)
        _finish(act, known, taken, corrects_id)
    except ConditionFailed as error:
        # Which window a step takes is asked once it opens.
        said = machine.could_not_be_worked_out(decision.action)
        reasons = [Reason("condition_failed", said.en, said.fr)]
        raise failed(reasons) from error
    return act


def _values(
    found: Found, definition: Action | None, kind: str, given: Mapping[str, Any], variables: Mapping[str, Any]
) -> dict[str, Any]:
    if definition is None:
        return {}
    shown = machine.form_of(
        found.pack,
        lifecycle=kind,
        action=definition.name,
        state=found.subject.state,
        roles=found.roles,
        variables=variables,
    )
    return checked(shown, given)


def is_kept_back(found: Found, does: Collection[str]) -> bool:
    """Whether break-glass keeps an action with these effects back: it is for reading, and for danger."""
    return found.glass and not (does and set(does) <= PROTECTING)


def _keep_roles_apart(found: Found, decision: machine.Decision) -> None:
    """Who is asked may answer and no more; who supports the person cannot answer in somebody else's name; who opened
    the case by break-glass reads and protects."""
    if is_kept_back(found, decision.does):
        raise NotAllowedNow([FOR_THE_COORDINATOR])
    answering = bool({"accept_allocation", "decline_allocation"} & set(decision.does))
    if found.proposed != answering:
        label = decision.action.label
        raise NotAllowedNow(
            [
                Reason(
                    "not_yours_to_do",
                    f"“{label.en}” is for whoever was asked to support this person.",
                    f"« {label.fr} » revient à la personne à qui l’accompagnement est proposé.",
                )
            ]
        )


def variables_of(
    uow: UnitOfWork,
    actor: Actor,
    found: Found,
    now: datetime,
    action: Action | None = None,
    held_at: Any = None,
) -> dict[str, Any]:
    """What conditions may read about a subject before any form is filled in.

    With an action that completes a step, "early" says whether `held_at`, else `now`, lies before its earliest bound.
    """
    if isinstance(found.subject, Undertaking):
        kind, variables = found.subject.kind, undertaking_variables(uow, found.subject, found.incident, now)
    elif found.case is None:
        return incident_variables(uow, found.incident, None, now)
    else:
        kind, variables = "case", case_variables(uow, actor, found.case, found.incident, found.pack, now)
    if action is not None and action.completes:
        at = held_at if isinstance(held_at, datetime) and held_at.tzinfo is not None else now
        whose = found.case if found.case is not None else found.subject
        open_now = steps.open_steps(uow.session, kind, whose.id)
        variables["step"] = action.completes[0]
        variables["early"] = is_early(((step.name, step.earliest_at) for step in open_now), action.completes, at)
    return variables


def _finish(act: Act, known: dict[str, Any], taken: Mapping[str, Any], corrects_id: str | None) -> None:
    uow, subject, decision = act.uow, act.subject, act.decision
    from_state = decision.from_state
    subject.state = decision.to_state
    subject.version += 1
    if isinstance(subject, Undertaking):
        is_over = act.pack.lifecycles[act.kind].states[subject.state].kind == "final"
        subject.closed_at = (subject.closed_at or act.now) if is_over else None
    uow.session.add(subject)
    done = clocks.end(uow, kind=act.kind, subject=subject, decision=decision, now=act.now)
    exposure = (
        incidents.exposure(uow.session, act.incident.id, act.case.person_index)
        if act.case is not None and act.incident is not None
        else None
    )
    uow.session.flush()
    anchors = clocks.anchors_of(uow, case=act.case, incident=act.incident, exposure=exposure, now=act.now)
    if isinstance(subject, Undertaking):
        anchors |= anchors_of(subject, taken, act.now)
    anchors |= act.anchors
    anchors |= pause_anchor(decision, taken, uow.organisation.zone, act.now)
    known = {**known, **act.known}
    running = moving.Clocks(uow, act.pack, act.kind, anchors, known, act.now)
    moved = moving.move(running, steps.open_steps(uow.session, act.kind, subject.id), decision, record_id=act.record_id)
    repeated = moving.repeat(running, done, decision)
    uow.session.flush()
    opened = repeated + clocks.start(
        uow,
        pack=act.pack,
        lifecycle=act.kind,
        subject=subject,
        names=decision.starts,
        anchors=anchors,
        variables=known,
        case_id=act.case.id if act.case is not None else None,
        now=act.now,
    )
    uow.session.add(
        ActionRecord(
            id=act.record_id,
            subject_kind=act.kind,
            subject_id=subject.id,
            case_id=act.case.id if act.case is not None else None,
            action=act.name,
            from_state=from_state,
            to_state=decision.to_state,
            version=subject.version,
            actor_id=act.actor.account_id,
            actor_role=act.role,
            done_at=act.now,
            pack_version_id=subject.pack_version_id,
            corrects_id=corrects_id,
            sealed=act.seal("action_record", act.record_id, taken if act.kept is None else act.kept),
        )
    )
    uow.record(
        act.actor,
        act.now,
        f"{act.kind}.{act.name}",
        chain=act.chain,
        subject=f"{act.kind}:{subject.id}",
        role=act.role,
        pack=subject.pack_version_id,
        codes={
            "from": from_state,
            "to": decision.to_state,
            "version": subject.version,
            "fields": sorted(taken),
            "done": sorted(step.name for step in done),
            "started": sorted(step.name for step in opened),
            **moved,
            **act.codes,
        },
        digests={**({"values": uow.vault.digest(act.owner, taken)} if taken else {}), **act.digests},
    )


def changes_since(uow: UnitOfWork, subject: Any, pack: Pack, kind: str, version: int, actor: Actor) -> list[Change]:
    """What was done on a subject after a version was shown, in the reader's words."""
    done = cases.records_since(uow.session, subject.id, version)
    names = accounts.names(uow.session, (record.actor_id for record in done))
    actions = pack.lifecycles[kind].actions
    return [
        Change(
            what=actions[record.action].told.of(actor.locale) if record.action in actions else record.action,
            by=names.get(record.actor_id)
            or (THE_PERSON.of(actor.locale) if record.actor_id == PERSON else record.actor_id),
            at=record.done_at.isoformat(),
        )
        for record in done
    ]
