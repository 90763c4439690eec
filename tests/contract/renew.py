"""`python -m tests.contract.renew`: pins new events, and new fields of old ones."""

import sys

from tests.contract.snapshots import Broken, renew

if __name__ == "__main__":
    try:
        for name in renew():
            print(f"pinned {name}")
    except Broken as broken:
        sys.exit(str(broken))
