"""Writes down what a signed-in account was refused: a case that is not theirs, an action that the rules hold back."""

from __future__ import annotations

from flask import g, request

from trim.domain.errors import Forbidden, NotAllowedNow, NotFound
from trim.usecases.people.refusals import record_refusal
from trim.web import context

#: A record that is not there, or not for this account: the trail does not say which, as the page does not.
NOTHING_THERE = "nothing_there"
ROLE = "role"


def note_refusal(problem: Exception) -> None:
    """One line in the account's chain, once for a request; strangers and addresses that lead nowhere leave none.

    It is written in a transaction of its own, because what was refused has undone the first.
    """
    code = _code(problem)
    if code is None or request.endpoint is None or "trim_refused" in g:
        return
    actor = context.actor()
    if actor is None:
        return
    g.trim_refused = True
    with context.backend().writing() as uow:
        record_refusal(uow, actor, now=context.now(), place=request.endpoint, code=code)


def _code(problem: Exception) -> str | None:
    if isinstance(problem, NotFound):
        return NOTHING_THERE
    if isinstance(problem, NotAllowedNow):
        return next(iter(problem.codes), None)
    return ROLE if isinstance(problem, Forbidden) else None
