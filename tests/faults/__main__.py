"""`make faults` and, with QUICK=1, `make faults-quick`.

SEED says in which order, TIMES how often each kind of fault, CASES over how many cases. The long one writes what it
prints at its end to docs/performance/faults.md, and as JSON beside it.
"""

import json
import os
import sys
from pathlib import Path

from shared.runtime.clock import now
from tests.faults.backlog import backlogs
from tests.faults.campaign import quick, whole

WHERE = Path("docs/performance/faults.json")


def main() -> int:
    """Run one, print what came of it, and write the long one's table as JSON; 1 if something is wrong."""
    seed = int(os.environ.get("SEED", "1"))
    if os.environ.get("QUICK"):
        outcome = quick(seed)
        print(outcome)
        return 0 if outcome.good else 1
    waited = []
    for backlog in backlogs():
        print(backlog, flush=True)
        waited.append(backlog)
    outcome = whole(seed, int(os.environ.get("TIMES", "10")), int(os.environ.get("CASES", "5000")))
    print(outcome)
    told = "\n".join(map(str, [*waited, outcome]))
    WHERE.write_text(json.dumps(outcome.plain, ensure_ascii=False, indent=1) + "\n")
    WHERE.with_suffix(".md").write_text(f"# `make faults`, {now():%Y-%m-%d %H:%M} UTC\n\n```text\n{told}\n```\n")
    return 0 if outcome.good and all(backlog.good for backlog in waited) else 1


if __name__ == "__main__":
    sys.exit(main())
