"""One service's process: `whistle serve dispatch`. It becomes green before anything else is imported."""

# ruff: noqa: E402 - the patching comes first
from shared.runtime.green import leave_garbage_longer, make_green, when_told_to_stop

make_green()

import sys

from nameko.runners import ServiceRunner

from shared.runtime import clock, faults, log
from shared.runtime.settings import SettingsError, load_settings
from tools.service_class import service_class

STATELESS = ("gateway",)


def main(name: str) -> int:
    """Serve until SIGTERM or SIGINT, then finish what was begun; 0 for a good end."""
    try:
        settings = load_settings(name, stateful=name not in STATELESS)
    except SettingsError as error:
        print(f"whistle: {error}", file=sys.stderr)
        return 2
    log.configure(name, settings.log_level)
    clock.shift(settings.clock_offset)
    if settings.faults:
        faults.arm(name, settings.faults)
    runner = ServiceRunner(config={"WEB_SERVER_ADDRESS": f"{settings.host}:{settings.port}"})
    runner.add_service(service_class(name))
    runner.start()
    leave_garbage_longer()
    when_told_to_stop(runner.stop)
    log.get().info("serving", at=f"{settings.host}:{settings.port}")
    runner.wait()
    log.get().info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
