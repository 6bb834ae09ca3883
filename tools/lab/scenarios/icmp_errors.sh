# shellcheck shell=bash disable=SC2154
# ICMP errors, each about a packet that a real program sent.

scenario icmp_port_unreachable "dig" \
  "Two DNS questions to a host without a name server, each answered by ICMP port unreachable"
record_icmp_port_unreachable() {
  two_hosts
  capture client eth0
  ask client @192.0.2.20 www.example.test A || true
  ask client @192.0.2.20 www.example.test AAAA || true
}

scenario icmp_time_exceeded "traceroute" \
  "traceroute through a router, by UDP and by ICMP: time exceeded from the router, then the server's answer"
record_icmp_time_exceeded() {
  routed_hosts
  setting server net.ipv4.icmp_ratelimit=0
  capture client eth0
  on client traceroute -n -q 2 -N 1 -m 4 198.51.100.20 >/dev/null
  on client traceroute -n -q 2 -N 1 -m 4 -I 198.51.100.20 >/dev/null
}

scenario icmp_fragmentation_needed "ping nginx curl" \
  "A hop with MTU 1280: fragmentation needed for a ping with DF, then path MTU discovery in an HTTP upload"
record_icmp_fragmentation_needed() {
  routed_hosts
  on router ip link set eth1 mtu 1280
  start_nginx server
  capture client eth0
  on client ping -q -c 1 -W 1 -M 'do' -s 1400 198.51.100.20 >/dev/null || true
  on client ip route flush cache
  head -c 20000 "$work/site/large.txt" >"$work/upload.txt"
  fetch client --data-binary "@$work/upload.txt" --header 'Expect:' http://198.51.100.20/
}

scenario icmp_host_unreachable "curl" \
  "Connecting to an address behind a router that nobody has: the router asks for it in vain, then sends ICMP host unreachable for three of the four SYNs"
record_icmp_host_unreachable() {
  routed_hosts
  capture client eth0
  fetch client http://198.51.100.99/ || true
}

scenario icmp_network_unreachable "curl dig" \
  "TCP and UDP to a network that the router has no route to: ICMP network unreachable for each packet"
record_icmp_network_unreachable() {
  routed_hosts
  capture client eth0
  fetch client http://203.0.113.5/ || true
  ask client @203.0.113.5 www.example.test A || true
}

scenario icmpv6_errors "traceroute dig curl nginx" \
  "ICMPv6: hop limit exceeded, port unreachable, no route, packet too big in an HTTP upload, address unreachable"
record_icmpv6_errors() {
  routed_ipv6_hosts
  setting server net.ipv6.icmp.ratelimit=0
  on router ip link set eth1 mtu 1280
  start_nginx server
  head -c 20000 "$work/site/large.txt" >"$work/upload.txt"
  capture client eth0
  on client traceroute -6 -n -q 1 -N 1 -m 4 2001:db8:2::20 >/dev/null
  ask client @2001:db8:2::20 www.example.test A || true
  fetch client 'http://[2001:db8:3::5]/' || true
  fetch client --data-binary "@$work/upload.txt" --header 'Expect:' 'http://[2001:db8:2::20]/'
  fetch client 'http://[2001:db8:2::99]/' || true
}
