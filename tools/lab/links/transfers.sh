# shellcheck shell=bash disable=SC2016
# Much data one way or both ways, over links with different faults.

link clean_short "" "delay=0.5" "delay=0.5" \
  'talk "receive_all close" "send=900000 close"' \
  "Bulk to the server over a short link without a fault"
link clean_long "cubic" "delay=40" "delay=40" \
  'talk "receive_all close" "send=900000 close"' \
  "Bulk to the server over a long link without a fault"
link clean_ipv6 "ipv6 bbr" "delay=5 jitter=1 ordered" "delay=5 jitter=1 ordered" \
  'talk "send=900000 close" "receive_all close"' \
  "Bulk to the client over IPv6 by BBR, a link that only varies its delay"
link clean_plain "no_sack no_timestamps" "delay=10" "delay=10" \
  'talk "exchange=400000 close" "exchange=400000 close"' \
  "Bulk both ways with neither SACK nor timestamps, without a fault"

link up_loss_short "" "delay=0.5 loss=3" "delay=0.5" \
  'talk "receive_all close" "send=2500000 close"' \
  "Bulk to the server, short link that loses data"
link up_loss_long "cubic" "delay=40 loss=3" "delay=40" \
  'talk "receive_all close" "connections=4 parallel=4 send=300000 close"' \
  "Four transfers to the server, long link that loses data"
link down_loss_cubic "cubic" "delay=10" "delay=10 loss=4" \
  'talk "send=2500000 close" "receive_all close"' \
  "Bulk to the client by CUBIC, link that loses data"
link up_loss_bbr "bbr" "delay=15 loss=4" "delay=15 loss=2" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server by BBR, loss of data and ACKs"
link up_burst_loss "" "delay=8 loss=3 burst=4" "delay=8 loss=2 burst=4" \
  'talk "receive_all close" "connections=3 parallel=3 send=600000 close"' \
  "Transfers to the server, data and ACKs lost in bursts"
link down_ack_loss "cubic" "delay=10 loss=20" "delay=10 loss=2" \
  'talk "send=2000000 close" "receive_all close"' \
  "Bulk to the client, a fifth of the ACKs lost and a little data"

link up_reorder "" "delay=10 reorder=3:1-8" "delay=10" \
  'talk "receive_all close" "send=2500000 close"' \
  "Bulk to the server, some data overtaken by less than a round trip"
link up_reorder_deep "cubic" "delay=5 reorder=3:10-40" "delay=5" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server, some data late by several round trips"
link down_reorder_bbr "bbr" "delay=20 reorder=1:1-4" "delay=20 reorder=4:2-25" \
  'talk "send=2000000 close" "receive_all close"' \
  "Bulk to the client by BBR, data and ACKs overtaken"
link up_jitter "" "delay=4 jitter=3" "delay=4 jitter=3" \
  'talk "receive_all close" "send=1500000 close"' \
  "Bulk to the server, every frame delayed by chance, so that many overtake"
link up_reorder_loss_ipv6 "ipv6" "delay=10 reorder=3:1-15 loss=3" "delay=10" \
  'talk "receive_all close" "send=2500000 close"' \
  "Bulk to the server over IPv6, data overtaken and lost"
link down_reorder_loss_ipv6_long "ipv6 cubic" "delay=40 loss=1" "delay=40 reorder=2:2-30 loss=2" \
  'talk "send=700000 close" "connections=2 parallel=2 receive_all close"' \
  "Two transfers to the client over long IPv6, data overtaken and lost"
link up_reorder_loss_ipv6_plain "ipv6 no_timestamps" "delay=15 reorder=2:1-8 loss=2" "delay=15" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server over IPv6 without timestamps, data overtaken and lost"
link up_loss_ipv6_plain "ipv6 no_timestamps cubic" "delay=6 loss=3 duplicate=1:0-5" "delay=6 loss=2" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server over IPv6 without timestamps, data lost and copied"
link down_loss_ipv6_long_plain "ipv6 no_timestamps bbr" "delay=40 loss=1" \
  "delay=40 loss=2 reorder=1:2-20" \
  'talk "send=700000 close" "connections=2 parallel=2 receive_all close"' \
  "Two transfers to the client over long IPv6 without timestamps, data lost and overtaken"
link down_loss_ipv6_short "ipv6" "delay=0.5 loss=1" "delay=0.5 loss=3" \
  'talk "send=2000000 close" "receive_all close"' \
  "Bulk to the client over short IPv6, data and ACKs lost"

link up_duplicates "" "delay=5 duplicate=5:0-4" "delay=5 duplicate=5:0-4" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server, the link copies data and ACKs"
link down_duplicates_loss_ipv6 "ipv6 bbr" "delay=10 duplicate=2:0-30" \
  "delay=10 duplicate=3:0-30 loss=2" \
  'talk "send=2000000 close" "receive_all close"' \
  "Bulk to the client over IPv6, data copied and lost; copies come late"
link both_ways_everything "" "delay=12 loss=2 reorder=2:1-10 duplicate=2:0-8" \
  "delay=12 loss=2 reorder=2:1-10 duplicate=2:0-8" \
  'talk "exchange=1200000 close" "exchange=1200000 close"' \
  "Bulk both ways, the link loses, reorders and copies"
link both_ways_everything_ipv6 "ipv6 cubic" "delay=25 loss=2 reorder=2:1-20 duplicate=2:0-20" \
  "delay=25 loss=2 reorder=2:1-20 duplicate=2:0-20" \
  'talk "exchange=900000 close" "exchange=900000 close"' \
  "Bulk both ways over IPv6, the link loses, reorders and copies"

link up_loss_no_timestamps "no_timestamps" "delay=10 loss=2 reorder=1:1-8" "delay=10" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server without timestamps, data lost and overtaken"
link up_loss_no_sack "no_sack" "delay=10 loss=2 reorder=1:1-8" "delay=10" \
  'talk "receive_all close" "send=1500000 close"' \
  "Bulk to the server without SACK, data lost and overtaken"
link down_loss_no_sack_short "no_sack bbr" "delay=0.6" "delay=0.6 loss=2" \
  'talk "send=2000000 close" "receive_all close"' \
  "Bulk to the client without SACK over a short link that loses data"
link up_loss_plain "no_sack no_timestamps" "delay=10 loss=2" "delay=10 loss=2" \
  'talk "receive_all close" "send=1500000 close"' \
  "Bulk to the server with neither SACK nor timestamps, data and ACKs lost"
link up_loss_no_rack "no_rack" "delay=10 loss=3 reorder=1:1-8" "delay=10 loss=1" \
  'talk "receive_all close" "send=2000000 close"' \
  "Bulk to the server, recovery by duplicate ACKs instead of RACK"
link up_loss_no_tlp "no_tlp cubic" "delay=15 loss=4" "delay=15 loss=2" \
  'talk "receive_all close" "connections=24 parallel=4 send=60000 close"' \
  "Transfers to the server whose lost tails wait for the timeout"
link up_loss_no_rack_no_tlp "no_rack no_tlp" "delay=5 loss=4" "delay=5" \
  'talk "receive_all close" "connections=12 parallel=3 send=120000 close"' \
  "Transfers to the server with neither RACK nor tail loss probes"

link up_queue "cubic" "delay=10 rate=20 queue=40000" "delay=10" \
  'talk "receive_all close" "connections=3 parallel=3 send=900000 close"' \
  "Transfers to the server through a narrow line with a short queue"
link down_queue_bbr "bbr" "delay=20 rate=5" "delay=20 rate=25 queue=30000" \
  'talk "send=900000 close" "connections=3 parallel=3 receive_all close"' \
  "Transfers to the client by BBR through a narrow line with a short queue"
link up_blackouts "" "delay=15 blackout=250-900,1800-2300" "delay=15 blackout=600-1000" \
  'talk "receive_all close" "pieces=80:12000:30 close"' \
  "A sender in pieces; the link is dead now and then"
link both_ways_blackout "bbr" "delay=10 blackout=100-1400" "delay=10 blackout=100-1400 loss=1" \
  'talk "exchange=900000 close" "exchange=900000 close"' \
  "Bulk both ways by BBR; nothing passes for 1.3 s"

link up_offloads "offloads" "delay=8 loss=2" "delay=8 loss=1" \
  'talk "receive_all close" "send=3000000 close"' \
  "Bulk to the server; the client's interface cuts its segments and fills in its checksums"
link down_offloads_ipv6 "offloads ipv6 cubic" "delay=12" "delay=12 loss=2 reorder=1:1-10" \
  'talk "send=3000000 close" "receive_all close"' \
  "Bulk to the client over IPv6; the server's interface cuts its segments"
link socat_up_loss "" "delay=6 loss=3" "delay=6 loss=1" \
  'socat_up 1800000' \
  "A file goes to the server by socat over a link that loses"
