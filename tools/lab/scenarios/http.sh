# shellcheck shell=bash disable=SC2154
# HTTP by nginx and curl.

# nginx on a host, serving a few small pages and a larger one.
start_nginx() { # HOST [LISTEN_OPTIONS]
  mkdir -p "$work/site" "$work/nginx"
  seq 1 60 >"$work/site/index.html"
  seq 1 800 >"$work/site/numbers.txt"
  seq 1 29000 >"$work/site/large.txt"
  cat >"$work/nginx.conf" <<END
user root;
daemon off;
worker_processes 1;
pid $work/nginx/pid;
events {}
http {
  access_log off;
  default_type text/plain;
  client_body_temp_path $work/nginx/body;
  proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi;
  uwsgi_temp_path $work/nginx/uwsgi;
  scgi_temp_path $work/nginx/scgi;
  server { listen 80 ${2:-}; listen [::]:80 ${2:-}; root $work/site; }
}
END
  start "$1" nginx -e stderr -c "$work/nginx.conf"
  wait_for_port "$1" tcp 80
}

# curl on a host; the answers are thrown away, an HTTP error is fine, anything else is not.
fetch() { # HOST CURL_ARGUMENT...
  local host=$1
  shift
  on "$host" curl --silent --max-time 20 "$@" >/dev/null
}

scenario http "nginx curl" \
  "HTTP: four requests (one answered 404, one HEAD) on a connection that the client closes, then one with Connection: close, which the server closes"
record_http() {
  two_hosts
  start_nginx server
  capture client eth0
  local site=http://192.0.2.20
  fetch client "$site/" "$site/numbers.txt" "$site/missing" --next --head "$site/numbers.txt"
  fetch client --header 'Connection: close' "$site/"
}

scenario http_ipv6 "nginx curl" \
  "HTTP over IPv6 after a neighbour solicitation: two requests on one connection that the client closes"
record_http_ipv6() {
  two_ipv6_hosts
  start_nginx server
  capture client eth0
  fetch client 'http://[2001:db8::20]/' 'http://[2001:db8::20]/numbers.txt'
}

scenario http_large "nginx curl" \
  "HTTP download of 163 kB in full segments, captured at the receiver"
record_http_large() {
  two_hosts
  start_nginx server
  capture client eth0
  fetch client http://192.0.2.20/large.txt
}

scenario fast_open "nginx curl" \
  "TCP Fast Open: the first connection gets a cookie, the second carries its request in the SYN"
record_fast_open() {
  two_hosts
  setting client net.ipv4.tcp_fastopen=1
  setting server net.ipv4.tcp_fastopen=2
  start_nginx server fastopen=16
  capture client eth0
  fetch client --tcp-fastopen http://192.0.2.20/
  fetch client --tcp-fastopen http://192.0.2.20/
}

scenario explicit_congestion "nginx curl" \
  "ECN agreed in the handshake (SYN with ECE and CWR, SYN+ACK with ECE), then ECT(0) on the data and nothing else"
record_explicit_congestion() {
  two_hosts
  setting client net.ipv4.tcp_ecn=1
  setting server net.ipv4.tcp_ecn=1
  start_nginx server
  capture client eth0
  fetch client http://192.0.2.20/numbers.txt
}

