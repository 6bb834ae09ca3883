# shellcheck shell=bash disable=SC2016
# How connections begin and end, over good links and bad ones.

link clean_endings "" "delay=10" "delay=10" \
  'talk "receive=500 send=500 wait=150 close" "send=500 receive_all close"; call "send=500 wait=150 receive_all close"; call "send=500 finish receive_all close"' \
  "FIN of either side first, and half-closed connections, without a fault"
link states "" "delay=150" "delay=150 drop=2" \
  'call "close"; talk "receive=500 send=500 wait=700 close" "send=500 receive_all wait=500 close"; call "send=500 finish receive_all close"; call "send=500 receive=500 wait=550 close"; call "send=500 receive=500 wait=300 reset"' \
  "Every state of either end for long enough to be seen: a refused SYN, a SYN+ACK that is lost, FIN of either side first, FINs that cross, and a reset"
link endings_server_first "" "delay=10 loss=8" "delay=10 loss=8" \
  'talk "send=3000 close" "connections=60 parallel=6 receive_all wait=60 close"' \
  "The server closes first, over a link that loses"
link endings_client_first "" "delay=10 loss=8 duplicate=3:0-30" "delay=10 loss=8 duplicate=3:0-30" \
  'talk "receive_all send=2000 close" "connections=60 parallel=6 send=2000 finish receive_all close"' \
  "The client half-closes, the server answers and closes; the link loses and copies"
link endings_simultaneous "" "delay=30 loss=6" "delay=30 loss=6" \
  'talk "wait=100 close" "connections=90 parallel=9 wait=70 close"' \
  "Both sides close at the same moment, over a link that loses"
link endings_reset "" "delay=10 loss=5" "delay=10 loss=5" \
  'talk "receive=2000 send=4000 receive_all close" "connections=80 parallel=8 send=2000 receive=4000 reset"' \
  "The client ends by a reset (SO_LINGER 0), over a link that loses"
link endings_unread "" "delay=10 loss=6" "delay=10 loss=6" \
  'talk "send=1000 wait=200 close" "connections=100 parallel=10 send=3000 receive_all close"' \
  "The server closes with unread data and so resets, over a link that loses"
link half_close_both_ipv6 "ipv6" "delay=15 loss=6" "delay=15 loss=6" \
  'talk "finish receive_all close" "connections=24 parallel=6 pieces=6:3000:40 finish receive_all close"; call "connections=12 parallel=6 finish receive_all close"' \
  "The server half-closes at once and goes on reading, over IPv6 that loses"
link refused "" "delay=10 loss=4" "delay=10 loss=25" \
  'call "connections=60 parallel=10 pause=20 close"' \
  "Nobody listens: every SYN is answered by a reset, some of them lost"
link unanswered "" "delay=10 drop=1-100" "delay=10" \
  'setting client net.ipv4.tcp_syn_retries=2; call "connections=1 close"' \
  "No SYN arrives: the client repeats it twice and gives up"
link syn_loss "" "delay=20 drop=1,4,5,9" "delay=20 drop=1,6" \
  'talk "answer=100:1000:0 close" "connections=6 parallel=1 ask=2:100:1000 close"' \
  "SYN, SYN+ACK and the first data are lost"
link port_reuse "" "delay=5 loss=4" "delay=5 loss=4" \
  'setting client net.ipv4.tcp_tw_reuse=1 net.ipv4.tcp_tw_reuse_delay=1; talk "receive=300 send=300 close" "connections=40 pause=40 from=40000 send=300 receive_all close"' \
  "One client port, again and again; the server is in TIME_WAIT"
link half_open "" "delay=10" "delay=10" \
  'talk "receive=500 crash" "user_timeout=4000 send=500 wait=300 send=500 wait=200 close"' \
  "The server forgets the connection; the client's next data is answered by a reset"
link half_open_loss "" "delay=10 loss=10" "delay=10 loss=10" \
  'talk "receive=500 crash" "connections=40 parallel=10 user_timeout=4000 send=500 wait=300 send=900 wait=200 send=900 wait=200 close"' \
  "The server forgets connections, over a link that loses"
link half_open_client "" "delay=10" "delay=10" \
  'talk "receive_all close" "from=40001 send=500 wait=200 crash"; call "from=40001 send=500 wait=200 close"' \
  "The client forgets the connection and calls again from the same port"
link vanished "" "delay=10 blackout=600-60000" "delay=10 blackout=600-60000" \
  'talk "receive_all close" "user_timeout=2500 pieces=20:1000:60 wait=2500 close"' \
  "The link dies for good: the client sends again until it gives up"
