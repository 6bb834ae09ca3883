# shellcheck shell=bash disable=SC2016
# Questions and answers, many connections, and ends that are slow.

link clean_pages "" "delay=3" "delay=3" \
  'start_nginx; curl_pages --no-keepalive -- 1 20 100 1 20 400 1; curl_pages -- 1 1 20 100' \
  "Pages from nginx by curl over a link without a fault"
link clean_dialogue_ipv6 "ipv6" "delay=20 jitter=2 ordered" "delay=20 jitter=2 ordered" \
  'talk "answer=400:3000:5 close" "connections=8 parallel=2 ask=6:400:3000 close"' \
  "Questions and answers over IPv6, a link that only varies its delay"

link ask_loss "" "delay=20 loss=5" "delay=20 loss=5" \
  'talk "answer=300:4000:0 close" "connections=4 parallel=4 ask=40:300:4000 close"' \
  "Questions and answers over a link that loses both"
link ask_short "" "delay=0.5 loss=4 duplicate=1:0-1" "delay=0.5 loss=4" \
  'talk "answer=300:2500:1 close" "connections=6 parallel=6 ask=30:300:2500 close"' \
  "Questions and answers over a short link that loses and copies"
link ask_reorder_ipv6 "ipv6 no_timestamps" "delay=10 reorder=3:1-8 loss=2" \
  "delay=10 reorder=3:1-8 loss=2" \
  'talk "answer=500:9000:0 close" "connections=4 parallel=4 ask=30:500:9000 close"' \
  "Questions and answers over IPv6 without timestamps, lost and overtaken"
link slow_server "cubic" "delay=10 loss=3" "delay=10 loss=3" \
  'talk "answer=200:6000:120 close" "connections=12 parallel=12 ask=12:200:6000 close"' \
  "A server that thinks before each answer, over a link that loses"
link slow_client "" "delay=10 loss=3" "delay=10 loss=3" \
  'talk "answer=1400:700:0 close" "connections=12 parallel=12 pieces=40:1400:40 finish receive_all close"' \
  "A client that sends little by little while the answers come"
link short_connections "" "delay=5 loss=5" "delay=5 loss=5" \
  'talk "answer=200:1500:0 close" "connections=120 parallel=8 ask=1:200:1500 close"' \
  "Many short connections over a link that loses SYN, data and FIN alike"
link short_connections_ipv6 "ipv6" "delay=15 loss=4 duplicate=2:0-20" \
  "delay=15 loss=4 duplicate=2:0-20" \
  'talk "answer=200:6000:0 close" "connections=80 parallel=8 ask=1:200:6000 close"' \
  "Many short connections over IPv6; the link loses and copies"
link short_connections_plain "no_timestamps no_sack" "delay=8 loss=4 reorder=2:1-6" \
  "delay=8 loss=4 reorder=2:1-6" \
  'talk "answer=200:9000:0 close" "connections=80 parallel=8 ask=1:200:9000 close"' \
  "Many short connections with neither SACK nor timestamps; the link loses and reorders"
link short_connections_ipv6_plain "ipv6 no_timestamps" "delay=20 loss=5" "delay=20 loss=5" \
  'talk "answer=200:5000:0 close" "connections=80 parallel=8 ask=1:200:5000 close"' \
  "Many short connections over IPv6 without timestamps; the link loses"
link pages_loss "cubic" "delay=15 loss=3" "delay=15 loss=3" \
  'start_nginx; curl_pages -- 20 100 1 400 20 100 1 20; curl_pages --parallel --parallel-max 4 -- 100 20 400 1 1 20' \
  "Pages from nginx by curl over a link that loses"

link slow_reader "" "delay=5 loss=3" "delay=5 loss=1" \
  'talk "receive_buffer=16384 sip=30000:150 close" "send=500000 close"' \
  "A server that reads slowly: its window closes and opens again, over a link that loses"
link clean_slow_reader "" "delay=5" "delay=5" \
  'talk "receive_buffer=16384 wait=900 receive_all close" "send=300000 close"' \
  "A server that begins to read late: its window closes, without a fault"
link keep_alive_loss "" "delay=10 loss=10" "delay=10 loss=10" \
  'talk "receive=400 wait=5200 send=400 receive_all close" "connections=12 parallel=12 keep_alive=1 send=400 receive=400 close"' \
  "An idle connection with keep-alive probes, some lost"
