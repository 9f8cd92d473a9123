"""What reaches a case that is pinned to an older behaviour: the words for somebody in danger, as they read today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from trim.engine.definition import Pack


def with_help_of(pack: Pack, newest: Pack, texts: Iterable[str]) -> Pack:
    """Give `pack` with the places for contacts, and the named texts, of the newest version of the same name.

    Everything that decides stays, and so does the behaviour hash. Other words stay too: they were written for what
    the newer behaviour does, and would tell untruths about this one.
    """
    live = {name: newest.texts[name] for name in texts if name in newest.texts}
    if newest.contacts == pack.contacts and all(pack.texts.get(name) == text for name, text in live.items()):
        return pack
    return replace(pack, contacts=newest.contacts, texts=MappingProxyType({**pack.texts, **live}))
