"""Ask the pack's rules about interviews: what they raise is opened once for each interview, whatever its versions."""

from __future__ import annotations

from typing import Any

from trim.engine.escalations import raised_by
from trim.engine.scoring import as_computed, tag_variables
from trim.store import cases
from trim.store.tables import Assessment, Escalation
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import case_variables, instrument_of, opened
from trim.usecases.assessment.scored import compared, neighbours, stored_score
from trim.usecases.escalation.open_escalation import is_open, open_escalation
from trim.usecases.unit_of_work import UnitOfWork


def raise_by_scores(act: Act, row: Assessment) -> None:
    """Open what the rules ask for on this interview, and on later ones, whose change is counted from it.

    A rule that this interview raised before, decided or not, is not raised by it again; nor is one that waits for an
    answer on the case already.
    """
    case, uow = act.the_case(), act.uow
    uow.session.flush()
    held = cases.assessments(uow.session, case.id)
    before = {
        (one.rule, content.get("interview"))
        for one in cases.escalations(uow.session, case.id)
        if (content := escalation_content(uow, one))
    }
    variables = case_variables(uow, act.actor, case, act.incident, act.pack, act.now)
    for one in held[_place(held, row) :]:
        about = _about(act, held, one)
        interview = opened(uow, case, one)["interview"]
        for rule in raised_by(act.pack, variables={**variables, **about}, step=one.step):
            if (rule.name, interview) not in before and not is_open(act, rule.name):
                open_escalation(act, rule, content={"rule": rule.name, "interview": interview})


def escalation_content(uow: UnitOfWork, escalation: Escalation) -> dict[str, Any]:
    """What an escalation seals: its rule, and the interview that raised it."""
    owner = f"case:{escalation.case_id}"
    content: dict[str, Any] = uow.vault.unseal(owner, "escalation", escalation.id, escalation.sealed)
    return content


def _place(held: list[Assessment], row: Assessment) -> int:
    return next(index for index, one in enumerate(held) if one.id == row.id)


def _about(act: Act, held: list[Assessment], one: Assessment) -> dict[str, Any]:
    """The variables of one interview: its score, its change, and the interview before it."""
    case, uow = act.the_case(), act.uow
    content = opened(uow, case, one)
    instrument = instrument_of(uow, one)
    earlier, _ = neighbours(held, one)
    said = {**content["answers"], **content.get("disclosed", {})}
    score = stored_score(content["score"])
    return {
        **as_computed(score, compared(uow, case, earlier, instrument, said)),
        **tag_variables(instrument, said),
        "step": one.step,
        "has_previous": earlier is not None,
        "previous_band": (opened(uow, case, earlier)["score"]["band"] or "") if earlier is not None else "",
    }
