"""How many examples the properties are tried on: few where a change is tested, many by HYPOTHESIS_PROFILE=long."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_ALL = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": False}

settings.register_profile("quick", derandomize=True, database=None, max_examples=30, **_ALL)
settings.register_profile("long", max_examples=5000, **_ALL)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
