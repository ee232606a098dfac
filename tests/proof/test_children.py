"""How a child begins: on another processor than its parent, where the system tells and there is one."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Printed is whether a child is sent to every processor but one, how it ends, 7 where it may use all of them, or all
#: but the one that it is not sent to, and whether its parent still may use every one.
STARTED = """
import os, sys
from cavra_lint.proof.children import fork, processors
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])
everywhere, elsewhere = processors()
process = fork()
if not process:
    mine = processors()[0]
    os._exit(7 if mine <= everywhere and len(everywhere - mine) <= 1 else 1)
ended = os.waitpid(process, 0)[1] >> 8
is_sent = elsewhere < everywhere and len(everywhere - elsewhere) == 1
print(is_sent or not everywhere, ended, processors()[0] == everywhere)
"""


@pytest.mark.parametrize("processors", ["1", "2", "1000"])
def test_a_child_begins_elsewhere_and_may_go_anywhere(processors: str) -> None:
    ended = subprocess.run([sys.executable, "-c", STARTED, processors], capture_output=True, text=True, check=True)
    assert ended.stdout == "True 7 True\n"
