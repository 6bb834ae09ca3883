# shellcheck shell=bash disable=SC2154
# Two hosts with the emulated link between them, and what they do to each other.
# Sourced by tools/lab/record-link; `$work` is the recording's temporary folder.

# Sets both hosts up as the words ask: ipv6, no_timestamps, no_sack, no_d_sack, no_rack, no_tlp,
# no_f_rto, patient (with what may only be overtaken), small_windows, ecn, short_frames, offloads,
# and the congestion control (reno, cubic, bbr).
linked_hosts() { # WORDS
  local words=" $1 " host
  host client
  host server
  [[ $words != *' ipv6 '* ]] || with_ipv6 client server
  for host in client server; do
    setting "$host" net.ipv4.tcp_no_metrics_save=1 net.ipv4.tcp_fin_timeout=5
    [[ $words != *' no_timestamps '* ]] || setting "$host" net.ipv4.tcp_timestamps=0
    [[ $words != *' no_sack '* ]] || setting "$host" net.ipv4.tcp_sack=0
    [[ $words != *' no_d_sack '* ]] || setting "$host" net.ipv4.tcp_dsack=0
    [[ $words != *' no_rack '* ]] || setting "$host" net.ipv4.tcp_recovery=0
    [[ $words != *' no_tlp '* ]] || setting "$host" net.ipv4.tcp_early_retrans=0
    [[ $words != *' no_f_rto '* ]] || setting "$host" net.ipv4.tcp_frto=0
    [[ $words != *' patient '* ]] || setting "$host" net.ipv4.tcp_reordering=10
    [[ $words != *' small_windows '* ]] || setting "$host" net.ipv4.tcp_window_scaling=0
    [[ $words != *' ecn '* ]] || setting "$host" net.ipv4.tcp_ecn=1
  done
}

# Starts the link; its interfaces are called eth0 on either host.
start_link() { # EMULATOR_ARGUMENT...
  find_lab_program link_emulator
  nice -n -10 "$lab_program" --client "$namespace_prefix-client:eth0" \
    --server "$namespace_prefix-server:eth0" --into "$work/recorded" "$@" \
    </dev/null >"$work/link.log" 2>&1 &
  link_process=$!
  wait_for_line "$work/link.log" 'the link is there'
}

# Addresses and fixed neighbours, so that no question of ARP delays a SYN.
address_linked_hosts() { # WORDS
  local words=" $1 " host network congestion metric=()
  client_address=192.0.2.10 server_address=192.0.2.20 network=192.0.2.0/24
  if [[ $words == *' ipv6 '* ]]; then
    client_address=2001:db8::10 server_address=2001:db8::20 network=2001:db8::/64
    metric=(metric 256)
  fi
  on client ip link set eth0 address 02:00:00:00:00:01 txqueuelen 20000 up
  on server ip link set eth0 address 02:00:00:00:00:02 txqueuelen 20000 up
  if [[ $words == *' short_frames '* ]]; then
    for host in client server; do on "$host" ip link set eth0 mtu 1300; done
  fi
  address client eth0 "$client_address/${network#*/}"
  address server eth0 "$server_address/${network#*/}"
  on client ip neighbour add "$server_address" lladdr 02:00:00:00:00:02 dev eth0
  on server ip neighbour add "$client_address" lladdr 02:00:00:00:00:01 dev eth0
  for congestion in bbr cubic reno; do
    [[ $words == *" $congestion "* ]] || continue
    # By the route, which takes also what a namespace's default may not be.
    for host in client server; do
      on "$host" ip route change "$network" dev eth0 "${metric[@]}" congctl "$congestion"
    done
  done
}

stop_link() {
  kill -TERM "$link_process"
  wait "$link_process" || fail 3 "the link broke"
  link_process=''
}

# Samples the states of both hosts' sockets from now on.
start_sampling() { # WORDS
  local table=tcp
  [[ " $1 " != *' ipv6 '* ]] || table=tcp6
  find_lab_program state_sampler
  "$lab_program" "$namespace_prefix-client" "$namespace_prefix-server" \
    "$table" "$work/recorded/states.tsv" </dev/null >"$work/states.log" 2>&1 &
  sampling_process=$!
  wait_for_line "$work/states.log" sampling
}

stop_sampling() {
  kill -TERM "$sampling_process"
  wait "$sampling_process" || fail 3 "the states could not be sampled"
  sampling_process=''
}

# Waits until every connection is closed, ten seconds at most.
wait_for_quiet() {
  local attempt
  for ((attempt = 0; attempt < 100; ++attempt)); do
    [[ -n $(on client ss --no-header -tan state connected exclude time-wait) ||
      -n $(on server ss --no-header -tan state connected exclude time-wait) ]] || break
    sleep 0.1
  done
  sleep 0.3
}

# The server takes SERVER_STEPS on each connection, the client CLIENT_STEPS (see
# tapdeck-lab-traffic --help); both lists may hold settings of the sockets too.
talk() { # SERVER_STEPS CLIENT_STEPS
  local server_steps
  read -ra server_steps <<<"$1"
  find_lab_program traffic
  start server "$lab_program" listen "$server_address" 7000 "${server_steps[@]}"
  wait_for_port server tcp 7000
  call "$2"
}

# The client calls whoever listens by now; maybe nobody.
call() { # CLIENT_STEPS
  local client_steps
  read -ra client_steps <<<"$1"
  find_lab_program traffic
  on client timeout 25 "$lab_program" connect "$server_address" 7000 "${client_steps[@]}" \
    >>"$work/client-traffic.log" 2>&1 || true
}

bracketed() { # ADDRESS
  if [[ $1 == *:* ]]; then printf '[%s]' "$1"; else printf '%s' "$1"; fi
}

socat_version_of() { # ADDRESS
  if [[ $1 == *:* ]]; then printf 'TCP6'; else printf 'TCP4'; fi
}

# A file goes up by socat.
socat_up() { # OCTETS
  start server socat -u "$(socat_version_of "$server_address")-LISTEN:7000,reuseaddr,fork" \
    OPEN:/dev/null,wronly
  wait_for_port server tcp 7000
  head -c "$1" /dev/zero |
    on client timeout 25 socat -u - "TCP:$(bracketed "$server_address"):7000" || true
}

# nginx's pages, fetched by curl: each on a connection of its own, or all on one.
start_nginx() {
  mkdir -p "$work/pages" "$work/nginx"
  local size
  for size in 1 20 100 400; do head -c "${size}000" /dev/zero >"$work/pages/$size"; done
  cat >"$work/nginx.conf" <<END
user root; worker_processes 1; daemon off; pid $work/nginx/pid; error_log stderr;
events { worker_connections 256; }
http {
  access_log off; root $work/pages; keepalive_timeout 2s; sendfile on; default_type text/plain;
  client_body_temp_path $work/nginx/a; proxy_temp_path $work/nginx/b;
  fastcgi_temp_path $work/nginx/c; uwsgi_temp_path $work/nginx/d; scgi_temp_path $work/nginx/e;
  server { listen $(bracketed "$server_address"):80; }
}
END
  start server nginx -e "$work/nginx/error.log" -c "$work/nginx.conf"
  wait_for_port server tcp 80
}

curl_pages() { # CURL_ARGUMENT... -- SIZE_IN_KB...
  local arguments=() urls=() size
  while [[ $1 != -- ]]; do arguments+=("$1"); shift; done
  shift
  for size in "$@"; do urls+=(-o /dev/null "http://$(bracketed "$server_address")/$size"); done
  on client timeout 25 curl --silent --globoff --noproxy '*' "${arguments[@]}" "${urls[@]}" \
    2>>"$work/client-curl.log" || true
}
