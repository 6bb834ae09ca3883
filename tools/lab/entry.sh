# shellcheck shell=bash disable=SC2154
# What the lab's entry scripts share: how they fail, what they need, and how they leave.

fail() {
  local exit_code=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$exit_code"
}

# The Debian package that each program comes from.
declare -A package_of=(
  [curl]=curl [dig]=bind9-dnsutils [dnsmasq]=dnsmasq-base [dumpcap]=wireshark-common
  [ethtool]=ethtool [g++]=g++ [in.tftpd]=tftpd-hpa [ip]=iproute2 [lftp]=lftp
  [nginx]=nginx-light [ping]=iputils-ping [socat]=socat [ss]=iproute2 [ssh]=openssh-client
  [sshd]=openssh-server [sysctl]=procps [taskset]=util-linux [tcpdump]=tcpdump [tftp]=tftp-hpa
  [traceroute]=traceroute [vsftpd]=vsftpd
)

require_programs() { # PROGRAM...
  local program missing=()
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
  done
  if ((${#missing[@]} > 0)); then
    fail 2 "programs are missing; install them: apt-get install --no-install-recommends" \
      "$(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')"
  fi
  ((EUID == 0)) || fail 2 "network namespaces need root"
}

# From here on nothing stays behind, however the script ends.
leave_nothing_behind() {
  trap 'leave $?' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# A failed step of a scenario ends the script; say which one and what the programs said.
leave() { # EXIT_CODE
  local exit_code=$1
  trap - EXIT
  trap '' INT TERM
  if ((exit_code != 0)) && [[ -d ${work:-} ]]; then
    tail -n 5 "$work"/*.log >&2 2>/dev/null || true
    ((exit_code > 128)) || exit_code=3
  fi
  tear_down
  exit "$exit_code"
}
