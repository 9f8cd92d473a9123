"""A server that starts reads compiled packs alone: parsing YAML is slow, and belongs to installing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.engine.small_pack import write
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import read_pack
from trim.resources import workflows_dir

FRESH = """
import sys
import trim.app
from trim.engine.definition import Pack
from trim.engine.machine import decide
pack = Pack.from_json(open(sys.argv[1], encoding="utf-8").read())
decision = decide(pack, lifecycle="escalation", state="open", action="decide", roles=["coordinator"], variables={})
assert decision.to_state == "decided"
print(sorted(name for name in sys.modules if name.startswith("ruamel") or name == "trim.engine.loader"))
"""


def test_a_fresh_process_decides_without_yaml(pack: Pack, tmp_path: Path) -> None:
    compiled = tmp_path / "pack.json"
    compiled.write_text(pack.to_json(), encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", FRESH, str(compiled)], capture_output=True, text=True, check=False)
    assert ran.stdout == "[]\n", ran.stderr


def test_the_compiled_pack_says_the_same_as_its_yaml(tmp_path: Path) -> None:
    made, _ = read_pack(write(tmp_path), VOCABULARY, [workflows_dir()])
    assert made is not None
    again = Pack.from_json(made.to_json())
    assert (again.behaviour_hash, again.wording_hash) == (made.behaviour_hash, made.wording_hash)
