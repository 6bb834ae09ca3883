# shellcheck shell=bash disable=SC2016,SC2154
# The ways in which a TCP connection begins, or doesn't.

scenario refused_port "curl socat" \
  "Two connections refused: a reset answers each SYN to a port where nothing listens"
record_refused_port() {
  two_hosts
  capture client eth0
  fetch client http://192.0.2.20:81/ || true
  on client socat -u /dev/null TCP:192.0.2.20:7000 2>/dev/null || true
}

scenario unanswered_syn "curl" \
  "A SYN that nobody answers, sent again after 1, 3 and 7 seconds until curl gives up at 8"
record_unanswered_syn() {
  two_hosts
  setting client net.ipv4.tcp_syn_linear_timeouts=0
  # The frames reach a host that doesn't own the address and so drops them.
  on client ip neighbour add 192.0.2.30 lladdr "$mac_address" dev eth0 nud permanent
  capture client eth0
  fetch client --connect-timeout 8 http://192.0.2.30/ || true
}

# Holds back what two hosts send each other from now on: each packet waits for a neighbour's
# address that `release_packets` gives later.
hold_packets() {
  local host
  for host in client server; do
    setting "$host" net.ipv4.conf.all.arp_ignore=8
    on "$host" ip neighbour flush dev eth0
  done
}

release_packets() {
  on client ip neighbour replace 192.0.2.20 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
  on server ip neighbour replace 192.0.2.10 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
}

scenario simultaneous_open "socat" \
  "Both hosts send their SYN before they see the other's (filter: tcp); then one line each way"
record_simultaneous_open() {
  two_hosts
  hold_packets
  capture client eth0 tcp
  start client socat -t 2 TCP:192.0.2.20:7002,sourceport=7001 \
    SYSTEM:'sleep 0.6; echo from the client; cat'
  start server socat -t 2 TCP:192.0.2.10:7001,sourceport=7002 \
    SYSTEM:'sleep 0.8; echo from the server; sleep 0.4'
  sleep 0.3
  release_packets
  sleep 1.6
}

scenario port_reuse "socat" \
  "Three connections from the same client port, each SYN reaching a server still in TIME_WAIT"
record_port_reuse() {
  two_hosts
  start server socat TCP-LISTEN:7000,reuseaddr,fork SYSTEM:'seq 1 50'
  wait_for_port server tcp 7000
  capture client eth0
  local connection
  for connection in 1 2 3; do
    on client socat -u TCP:192.0.2.20:7000,sourceport=40000,reuseaddr - >/dev/null
    sleep "0.$connection"
  done
}

scenario midstream_start "socat" \
  "A connection already under way when the capture starts: no handshake, then data both ways and its end"
record_midstream_start() {
  two_hosts
  start server socat TCP-LISTEN:7000 PIPE
  wait_for_port server tcp 7000
  start client socat -t 1 TCP:192.0.2.20:7000 \
    SYSTEM:'for line in 1 2 3 4 5 6; do echo line $line; sleep 0.3; done'
  sleep 0.7
  capture client eth0
  sleep 2.2
}
