"""Help now: whom to call, for everybody, signed in or not."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.usecases.people.rota import Turn, look_at_rota
from trim.web import context
from trim.web.access import public

bp = Blueprint("help", __name__)


@bp.get("/help-now")
@public
def now() -> ResponseReturnValue:
    """The organisation's crisis lines; who is on duty only for those who may see the rota."""
    actor = context.actor()
    on_duty: tuple[Turn, ...] = ()
    if actor is not None and actor.can(Can.SEE_ROTA):
        with context.backend().reading() as uow:
            rotas = [
                look_at_rota(uow, actor, now=context.now(), programme=one)
                for one in sorted(actor.programmes_where(Can.SEE_ROTA))
            ]
        # Whoever is on duty for two programmes stands here once.
        on_duty = tuple({(turn.account_id, turn.phone): turn for rota in rotas for turn in rota.now}.values())
    sees_rota = actor is not None and actor.can(Can.SEE_ROTA)
    lines = context.organisation().crisis_lines
    return render_template("help/now.html", lines=lines, on_duty=on_duty, sees_rota=sees_rota)
