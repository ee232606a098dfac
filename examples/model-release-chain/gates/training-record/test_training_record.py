"""MR-1: the regression test of the gate Training Record."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def judged(packet: Path) -> tuple[int, dict[str, object]]:
    words = [sys.executable, str(HERE / "judge.py"), "--evidence", str(packet), "--require-live"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=HERE)
    return done.returncode, json.loads(done.stdout)


def test_the_live_packet_is_ready() -> None:
    status, verdict = judged(HERE / "packet.json")
    assert (status, verdict["training_record_ready"]) == (0, True)


def test_the_sample_is_not_ready() -> None:
    status, verdict = judged(HERE / "training-record.sample.json")
    assert (status, verdict["training_record_ready"]) == (1, False)
