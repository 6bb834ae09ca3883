# shellcheck shell=bash disable=SC2154
# The ways in which a TCP connection ends, and how it stays alive while idle.

scenario half_close_by_client "socat" \
  "The client sends its request and a FIN; the server goes on sending for 0.6 s on the half-closed connection"
record_half_close_by_client() {
  two_hosts
  start server socat -t 10 TCP-LISTEN:7000 \
    SYSTEM:'cat >/dev/null; for burst in 1 2 3; do sleep 0.2; seq 1 900; done'
  wait_for_port server tcp 7000
  capture client eth0
  seq 1 500 | on client socat -t 10 - TCP:192.0.2.20:7000 >/dev/null
}

scenario half_close_by_server "socat" \
  "The server sends 1 kB and a FIN; the client goes on sending for 0.6 s on the half-closed connection"
record_half_close_by_server() {
  two_hosts
  seq 1 300 >"$work/greeting"
  start server socat -t 10 TCP-LISTEN:7000 \
    "OPEN:$work/greeting,rdonly!!OPEN:/dev/null,wronly"
  wait_for_port server tcp 7000
  capture client eth0
  on client socat -t 10 TCP:192.0.2.20:7000 \
    SYSTEM:'for burst in 1 2 3; do sleep 0.2; seq 1 900; done'
}

scenario reset_unread_data "socat" \
  "The server closes while received data lies unread, so its kernel sends a reset instead of a FIN"
record_reset_unread_data() {
  two_hosts
  start server socat -U TCP-LISTEN:7000,shut-none,end-close SYSTEM:'echo busy; sleep 0.5'
  wait_for_port server tcp 7000
  capture client eth0
  { seq 1 3000; sleep 1; } | on client socat - TCP:192.0.2.20:7000 >/dev/null 2>&1 || true
}

scenario reset_by_linger "socat" \
  "The client closes with SO_LINGER 0: a reset ends a connection on which everything was read"
record_reset_by_linger() {
  two_hosts
  start server socat TCP-LISTEN:7000 PIPE
  wait_for_port server tcp 7000
  capture client eth0
  { echo hello; sleep 0.3; } |
    on client socat -t 0.2 - TCP:192.0.2.20:7000,linger=0,shut-none,end-close >/dev/null
}

scenario simultaneous_close "socat" \
  "Both hosts send their FIN before they see the other's (filter: tcp), so both pass through CLOSING"
record_simultaneous_close() {
  two_hosts
  start server socat -t 5 TCP-LISTEN:7000 SYSTEM:'echo from the server; sleep 0.6'
  wait_for_port server tcp 7000
  capture client eth0 tcp
  start client socat -t 5 TCP:192.0.2.20:7000 SYSTEM:'echo from the client; sleep 0.6'
  sleep 0.4
  hold_packets
  sleep 0.3
  release_packets
  sleep 0.5
}

scenario keep_alive "socat" \
  "An idle connection with SO_KEEPALIVE: four probes, a second apart, each answered"
record_keep_alive() {
  two_hosts
  start server socat TCP-LISTEN:7000 PIPE
  wait_for_port server tcp 7000
  capture client eth0
  { echo hello; sleep 4.6; } |
    on client socat - TCP:192.0.2.20:7000,keepalive,keepidle=1,keepintvl=1,keepcnt=3 >/dev/null
}

scenario keep_alive_unanswered "socat" \
  "The server falls silent: one keep-alive probe is answered, three aren't, and the client gives up with a reset"
record_keep_alive_unanswered() {
  two_hosts
  start server socat TCP-LISTEN:7000 PIPE
  wait_for_port server tcp 7000
  capture client eth0
  start client socat TCP:192.0.2.20:7000,keepalive,keepidle=1,keepintvl=1,keepcnt=3 \
    SYSTEM:'echo hello; sleep 10'
  sleep 1.5
  on server ip route add blackhole 192.0.2.10/32
  sleep 5
}

scenario zero_window "socat" \
  "The server's program doesn't read for 2.5 s: its window closes, the client probes it until it opens again; early tail loss probes prove spurious by D-SACK"
record_zero_window() {
  two_hosts
  start server socat -u TCP-LISTEN:7000,rcvbuf=16384 SYSTEM:'sleep 2.5; cat >/dev/null',pipes
  wait_for_port server tcp 7000
  capture client eth0
  seq 1 26000 | on client socat -u - TCP:192.0.2.20:7000
  sleep 2.6
}
