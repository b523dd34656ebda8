"""Breaks everything around the portal, one thing after the other, and prints what people saw, what was lost,
and how soon it was whole again.

python -m bench.drill [--only page,mail] [--faults Google,full]
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time

import django

from bench.drill.place import place


def main() -> None:
    """Exit code 1 where a row failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="parts of operations' names, with commas between them")
    options.add_argument("--faults", default="", help="the same for faults")
    chosen = options.parse_args()
    began = time.monotonic()
    with place() as there:
        os.environ.update(there.made.environment, LOG_LEVEL="CRITICAL")
        django.setup()
        rehearsal = importlib.import_module("bench.drill.rehearsal")  # its models need the settings
        bad = rehearsal.run(there, chosen.only.split(","), chosen.faults.split(","))
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
