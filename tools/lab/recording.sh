# shellcheck shell=bash disable=SC2154
# Starting and ending a capture, and keeping it with its line of provenance.
# Sourced by tools/lab/record; `$work` is the scenario's temporary folder.

provenance_columns=$'name\tprograms and versions\trecorded\tlink type\trecord again\tshows'

# Captures every frame of an interface, whole, with nanoseconds, until `stop_capture`.
# Further arguments go to tcpdump, after (so above) the usual ones.
capture() { # HOST INTERFACE [TCPDUMP_ARGUMENT...]
  local host=$1 interface=$2
  shift 2
  captured=$work/capture.pcap
  start "$host" tcpdump -i "$interface" -w "$captured" -U --immediate-mode -n -Z root \
    --time-stamp-precision=nano "$@"
  capture_process=$started
  capture_log=$work/$host-tcpdump.log
  wait_for_line "$capture_log" 'listening on'
}

# Captures several interfaces of a host at once, into pcapng.
capture_pcapng() { # HOST COMMENT INTERFACE...
  local host=$1 comment=$2 arguments=() interface
  shift 2
  for interface in "$@"; do arguments+=(-i "$interface"); done
  captured=$work/capture.pcapng
  start "$host" dumpcap "${arguments[@]}" -n -q -w "$captured" \
    --capture-comment "$comment"
  capture_process=$started
  capture_log=$work/$host-dumpcap.log
  wait_for_line "$capture_log" '^File:'
}

wait_for_line() { # FILE PATTERN
  local attempt
  for ((attempt = 0; attempt < 100; ++attempt)); do
    ! grep -q "$2" "$1" 2>/dev/null || return 0
    sleep 0.05
  done
  fail 3 "never saw '$2' in ${1##*/}"
}

# Waits until no more frames arrive, then ends the capture.
stop_capture() {
  local size=-1
  while [[ $(stat --format %s "$captured") != "$size" ]]; do
    size=$(stat --format %s "$captured")
    sleep 0.4
  done
  kill -INT "$capture_process"
  while kill -0 "$capture_process" 2>/dev/null; do sleep 0.05; done
}

keep_capture() { # NAME FOLDER
  local name=$1 folder=$2 file
  file=$name.${captured##*.}
  ! grep -Eq '^[1-9][0-9]* packets? dropped|dropped on interface .*: [0-9]+/[1-9]' "$capture_log" ||
    fail 3 "$name: frames were dropped while capturing"
  [[ -n $(tcpdump -n -c 1 -r "$captured" 2>/dev/null) ]] || fail 3 "$name: no frame was captured"
  install --mode=644 "$captured" "$folder/$file"
  note_provenance "$name" "$folder"
}

# Puts the capture's line into PROVENANCE.tsv in place of its old one. `$again` may hold the command
# that records it again.
note_provenance() { # NAME FOLDER
  local name=$1 table=$2/PROVENANCE.tsv link_type
  link_type=$(tcpdump -n -c 1 -r "$captured" 2>&1 >/dev/null |
    sed -n 's/.*link-type \([A-Z0-9_]*\).*/\1/p')
  {
    printf '%s\n' "$provenance_columns"
    {
      [[ ! -f $table ]] || awk -F '\t' -v name="$name" 'NR > 1 && $1 != name' "$table"
      printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$(versions_for "$name")" "$(date --utc +%F)" \
        "${link_type:-EN10MB}" "${again:-tools/lab/record $name}" "${shows[$name]}"
    } | LC_ALL=C sort
  } >"$work/provenance.tsv"
  install --mode=644 "$work/provenance.tsv" "$table"
}

# `$recorder` is the program that captures, where it is neither tcpdump nor dumpcap; empty for the
# lab's own, which comes from no package.
versions_for() { # NAME
  local program by=${recorder-tcpdump}
  [[ $captured != *.pcapng ]] || by=dumpcap
  for program in ${programs_of[$1]} $by; do
    printf '%s %s, ' "$program" \
      "$(dpkg-query --showformat '${Version}' --show "${package_of[$program]}")"
  done
  printf 'Linux %s' "$(uname --kernel-release | sed 's/[^0-9.].*//')"
}
