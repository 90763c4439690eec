"""What must be there before services start: keys, schemas, the town. A process of its own: its memory ends with it."""

import os
import sys
from pathlib import Path

from services.directory.town import TownErrors, read_town
from shared.access.token import ensure_keys
from shared.store.database import Database
from tools.load import load_town
from tools.migrate import migrate


def main(town: Path) -> int:
    """Prepare for WHISTLE_KEYS and DATABASE_URL; 1 and every wrong row if the town is not right."""
    ensure_keys(Path(os.environ["WHISTLE_KEYS"]))
    migrate(say=lambda line: print(line, flush=True))
    database = Database(os.environ.get("DATABASE_URL_DIRECTORY") or os.environ["DATABASE_URL"], "directory", readers=1)
    try:
        loaded = load_town(database, read_town(town))
    except TownErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"town: {len(loaded.datasets)} tables changed, {len(loaded.added)} people added")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
