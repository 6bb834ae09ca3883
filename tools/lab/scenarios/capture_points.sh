# shellcheck shell=bash disable=SC2154
# Ways of capturing: link types, several interfaces, offloads, a snap length.

scenario linux_sll2 "nginx curl ping" \
  "All interfaces of the client at once (tcpdump -i any): a ping to itself on lo, and HTTP on eth0, as SLL2"
record_linux_sll2() {
  two_hosts
  start_nginx server
  capture client any -y LINUX_SLL2
  on client ping -q -c 1 127.0.0.1 >/dev/null
  fetch client http://192.0.2.20/
}

scenario linux_sll "nginx curl ping" \
  "All interfaces of the client at once, as the older SLL, with microseconds"
record_linux_sll() {
  two_hosts
  start_nginx server
  capture client any -y LINUX_SLL --time-stamp-precision=micro
  on client ping -q -c 1 127.0.0.1 >/dev/null
  fetch client http://192.0.2.20/
}

scenario loopback "nginx curl" \
  "HTTP on lo: no hardware addresses, MTU 65536, checksums that the kernel never filled in"
record_loopback() {
  host client
  start_nginx client
  capture client lo
  fetch client http://127.0.0.1/ http://127.0.0.1/large.txt
}

scenario checksum_offload "nginx curl" \
  "HTTP download captured at a sender with offloads on: partial checksums, and segments far above the MTU"
record_checksum_offload() {
  two_hosts
  on server ethtool -K eth0 tx on tso on gso on >/dev/null
  on client ethtool -K eth0 tx on tso on gso on >/dev/null
  start_nginx server
  capture server eth0
  fetch client http://192.0.2.20/large.txt
}

scenario snap_length "nginx curl" \
  "HTTP captured with a snap length of 96 bytes: every header is there, most payload isn't"
record_snap_length() {
  two_hosts
  start_nginx server
  capture client eth0 --snapshot-length=96
  fetch client http://192.0.2.20/ http://192.0.2.20/numbers.txt
}

scenario two_interfaces "nginx curl ping" \
  "Both interfaces of a router in one pcapng, written in turns, so times step back: each forwarded packet is there twice, with TTL 64 and 63"
record_two_interfaces() {
  routed_hosts
  start_nginx server
  capture_pcapng router "HTTP and ping through a router, seen on both of its interfaces" eth0 eth1
  on client ping -q -c 2 -i 0.2 198.51.100.20 >/dev/null
  fetch client http://198.51.100.20/ http://198.51.100.20/numbers.txt
}
