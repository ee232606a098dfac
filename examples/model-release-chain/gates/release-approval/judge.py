#!/usr/bin/env python3
"""MR-3: judge a packet of the gate Release Approval, and print one JSON verdict."""

import os

from cavra_lint.gate import command

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

if __name__ == "__main__":
    command("MR-3", repo_root=ROOT, contract="chain.toml")
