"""`make faults` and, with QUICK=1, `make faults-quick`.

SEED says in which order, TIMES how often each kind of fault, CASES over how many cases.
"""

import json
import os
import sys
from pathlib import Path

from tests.faults.backlog import backlogs
from tests.faults.campaign import quick, whole

WHERE = Path("docs/performance/faults.json")


def main() -> int:
    """Run one, print what came of it, and write the long one's table as JSON; 1 if something is wrong."""
    seed, good = int(os.environ.get("SEED", "1")), True
    if os.environ.get("QUICK"):
        outcome = quick(seed)
    else:
        for backlog in backlogs():
            print(backlog, flush=True)
            good = good and backlog.good
        outcome = whole(seed, int(os.environ.get("TIMES", "10")), int(os.environ.get("CASES", "5000")))
        WHERE.write_text(json.dumps(outcome.plain, ensure_ascii=False, indent=1) + "\n")
    print(outcome)
    return 0 if good and outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
