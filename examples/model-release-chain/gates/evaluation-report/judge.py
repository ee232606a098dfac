#!/usr/bin/env python3
"""MR-2: judge a packet of the gate Evaluation Report, and print one JSON verdict."""

import os

from cavra_lint.gate import command

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

if __name__ == "__main__":
    command("MR-2", repo_root=ROOT, contract="chain.toml")
