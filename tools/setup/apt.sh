# To be sourced: apt_install PACKAGE… installs as root or by sudo, starts no service, or says what to do and stops.

policy=/usr/sbin/policy-rc.d
ours='whistle: no service starts while packages are installed; removed right after'

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

forbid_services() {
  if as_root grep -qs "$ours" "$policy"; then return; fi # left by a run that was killed
  if [ -e "$policy" ]; then as_root mv "$policy" "$policy.before-whistle"; fi
  printf '#!/bin/sh\n# %s\nexit 101\n' "$ours" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

restore_services() {
  as_root rm -f "$policy"
  if [ -e "$policy.before-whistle" ]; then as_root mv "$policy.before-whistle" "$policy"; fi
}

apt_install() {
  if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; }; then
    echo "whistle: please install $*, then run this again:" >&2
    echo "  Debian, Ubuntu (as root):  apt-get install $*" >&2
    case $* in
    *prometheus*)
      echo "  macOS:                     brew install prometheus" >&2
      ;;
    *rabbitmq*)
      echo "  macOS:                     brew install rabbitmq" >&2
      echo "  or use a running broker:   AMQP_URL=amqp://user:password@host:5672/ make run" >&2
      echo "  or one from an image:      docker run -d -p 127.0.0.1:5672:5672 rabbitmq:4, then AMQP_URL as above" >&2
    esac
    return 1
  fi
  echo "whistle: installing $* with apt-get (a minute or so)"
  exec 9<"${BASH_SOURCE[0]}" && flock 9 # one at a time: several of us may need it at once
  trap restore_services EXIT
  forbid_services
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install --yes --no-install-recommends "$@" |
    awk '/^Setting up/ && ++n % 5 == 0 { print "  " n " packages set up"; fflush() }'
  restore_services
  trap - EXIT
  exec 9<&-
}
