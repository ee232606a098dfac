#!/usr/bin/env python3
"""MR-1: judge a packet of the gate Training Record, and print one JSON verdict."""

import os

from cavra_lint.gate import command

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

if __name__ == "__main__":
    command("MR-1", repo_root=ROOT, contract="chain.toml")
