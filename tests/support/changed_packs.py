"""The shipped pack with something changed, as an organisation would change it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tests.support.organisation import SETUP, Organisation, trim_pack
from trim.engine.definition import ContactPlace, Pack
from trim.engine.durations import Duration
from trim.engine.wording import Text
from trim.usecases.oversight.install_pack import Installing, install_pack
from trim.usecases.oversight.pack_versions import confirm_pack, look_at_proposal

NEW_WORDS = Text("Emergency services first, whatever else there is.", "D’abord les secours, quoi qu’il y ait à faire.")


def corrected(pack: Pack, words: Text = NEW_WORDS, version: str = "1.0.1") -> Pack:
    """Other words for somebody in danger: nothing else."""
    return replace(pack, version=version, texts=MappingProxyType({**pack.texts, "call_now": words})).sealed()


def renamed(pack: Pack, state: str, words: Text) -> Pack:
    """Another word for a state of a case."""
    life = pack.lifecycles["case"]
    states = MappingProxyType({**life.states, state: replace(life.states[state], label=words)})
    return _with_case(pack, states=states)


def other_places(pack: Pack, *places: ContactPlace) -> Pack:
    """Other places for contacts, which is behaviour: their names are."""
    return replace(pack, contacts=places).sealed()


def later_follow_up(pack: Pack, days: str = "P40D", version: str = "1.1") -> Pack:
    """Other windows for the offer and the follow-up: behaviour, though nobody acts or sees anything else."""
    life = pack.lifecycles["case"]
    steps = dict(life.steps)
    for name in ("follow_up", "offer"):
        window = replace(steps[name].window, due=Duration.parse(days), latest=None)
        steps[name] = replace(steps[name], window=window)
    return replace(_with_case(pack, steps=MappingProxyType(steps)), version=version).sealed()


def in_working_days(pack: Pack, step: str = "offer", version: str = "1.2") -> Pack:
    """A step of a case whose window counts in working days: due on the second, at the latest on the fourth."""
    life = pack.lifecycles["case"]
    window = replace(
        life.steps[step].window,
        due=Duration.parse("P2D"),
        latest=Duration.parse("P4D"),
        calendar="working_days",
    )
    steps = MappingProxyType({**life.steps, step: replace(life.steps[step], window=window)})
    return replace(_with_case(pack, steps=steps), version=version).sealed()


def without_practitioners(pack: Pack, action: str = "log_contact", version: str = "2.0") -> Pack:
    """An action that coordinators and leads alone may do from now on: it takes a second person."""
    life = pack.lifecycles["case"]
    changed = replace(life.actions[action], by=("coordinator", "programme_lead"))
    return replace(
        _with_case(pack, actions=MappingProxyType({**life.actions, action: changed})), version=version
    ).sealed()


def without_actions(pack: Pack, *names: str) -> Pack:
    """Actions of a case that nobody can do any more."""
    actions = {name: one for name, one in pack.lifecycles["case"].actions.items() if name not in names}
    return _with_case(pack, actions=MappingProxyType(actions))


def _with_case(pack: Pack, **more: Any) -> Pack:
    life = replace(pack.lifecycles["case"], **more)
    return replace(pack, lifecycles=MappingProxyType({**pack.lifecycles, "case": life})).sealed()


def installs(organisation: Organisation, pack: Pack, by: str | None = "Adam") -> Installing:
    """At the command line, on behalf of somebody."""
    with organisation.backend.writing() as uow:
        account = organisation.accounts[by].id if by else None
        return install_pack(uow, SETUP, now=organisation.now, pack=pack, by=account)


def brings_in(organisation: Organisation, pack: Pack) -> None:
    """The same of something that takes a second person, who says yes."""
    proposal_id = proposes(organisation, pack)
    lead = organisation.actor("Lee")
    with organisation.backend.writing() as uow:
        shown = look_at_proposal(uow, lead, proposal_id=proposal_id).compared_with
        confirm_pack(uow, lead, now=organisation.now, proposal_id=proposal_id, shown=shown)


def proposes(organisation: Organisation, pack: Pack | None = None, by: str = "Adam") -> str:
    """The same of something that takes a second person; gives the id of the proposal."""
    from trim.store import pack_proposals

    pack = pack or without_practitioners(trim_pack())
    assert installs(organisation, pack, by).outcome == "proposed"
    with organisation.backend.reading() as uow:
        return next(one.id for one in pack_proposals.waiting(uow.session) if one.name == pack.name)
