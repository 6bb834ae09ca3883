# shellcheck shell=bash disable=SC2016
# Scenarios that nobody chose: hosts, link and traffic are drawn by a seeded generator, each number
# from a range wide enough that no rule can have been made for it. Sourced by tools/lab/record-link.

# Adds COUNT scenarios to the table, the same for the same seed.
draw_links() { # COUNT SEED
  local name words up down traffic
  while IFS='@' read -r name words up down traffic; do
    link "$name" "$words" "$up" "$down" "$traffic" "${words:-no words}; up ${up}; down ${down}"
  done < <(awk -v count="$1" -v seed="$2" '
    # Exact in the numbers of every awk (the minimal standard generator).
    function draw() { state = state * 16807 % 2147483647; return state / 2147483647 }
    function chance(percent) { return draw() * 100 < percent }
    function from(low, high) { return low * exp(draw() * log(high / low)) }  # each doubling alike
    function one_of(list,   parts) { return parts[1 + int(draw() * split(list, parts, "|"))] }
    function whole(low, high) { return low + int(draw() * (high - low + 1)) }

    # Of each word how often, in percent.
    function hosts(   words, count, shares, i, share) {
      words = one_of("cubic|reno|bbr")
      count = split("50 ipv6|25 no_timestamps|20 no_sack|20 no_rack|20 no_tlp|15 offloads|" \
                    "10 no_d_sack|10 small_windows|10 ecn|10 no_f_rto|10 patient|10 short_frames",
                    shares, "|")
      for (i = 1; i <= count; ++i) {
        split(shares[i], share, " ")
        if (chance(share[1])) words = words " " share[2]
      }
      return words
    }

    function way(delay,   words, least, begin) {
      words = sprintf("delay=%.3g", delay)
      if (chance(30)) {
        words = words sprintf(" jitter=%.3g", from(0.02, 1) * delay)
        if (chance(60)) words = words " ordered"
      }
      if (chance(70)) {
        words = words sprintf(" loss=%.3g", from(0.3, 8))
        if (chance(25)) words = words " burst=" whole(2, 6)
      }
      if (chance(40)) {
        least = from(0.1, 2) * delay
        words = words sprintf(" reorder=%.3g:%.3g-%.3g", from(0.3, 5), least, least * from(1.2, 6))
      }
      if (chance(30)) {
        words = words sprintf(" duplicate=%.3g:0-%.3g", from(0.3, 5), from(0.1, 3) * delay)
      }
      if (chance(20)) {
        words = words sprintf(" rate=%.3g queue=%d", from(2, 50), one_of("10000|20000|40000|100000"))
      }
      begin = whole(50, 800)
      if (chance(10)) words = words sprintf(" blackout=%d-%d", begin, begin + whole(50, 1500))
      return words
    }

    function call(steps, many) { return sprintf("connections=%d parallel=%d %s", many, many, steps) }
    function talk(server, client) { return "talk \"" server "\" \"" client "\"" }

    # As much as goes through within some seconds.
    function traffic(delay,   kind, octets, many, share, question, answer, times) {
      kind = one_of("up|up|down|down|both|ask|short|pieces|pages|slow|close")
      octets = int(40000000 / (delay + 5))
      if (octets > 2000000) octets = 2000000
      many = one_of("1|2|4")
      share = int(octets / many)
      question = one_of("100|700|3000")
      answer = one_of("200|3000|20000")
      if (kind == "up") return talk("receive_all close", call("send=" share " close", many))
      if (kind == "down") return talk("send=" share " close", call("receive_all close", many))
      if (kind == "both") {
        share = int(octets / 2)
        return talk("exchange=" share " close", "exchange=" share " close")
      }
      if (kind == "ask") {
        times = int(3 + 1200 / (delay + 25))
        return talk("answer=" question ":" answer ":" one_of("0|5|60") " close",
                    call("ask=" times ":" question ":" answer " close", many))
      }
      if (kind == "short") {
        times = int(10 + 9000 / (delay + 100))
        return talk("answer=" question ":" answer ":0 close",
                    "connections=" times " parallel=8 ask=1:" question ":" answer " close")
      }
      if (kind == "pieces") {
        return talk("receive_all close",
                    call("pieces=" one_of("20|50") ":" one_of("300|1448|6000") ":" \
                         one_of("20|60|130") " close", 4))
      }
      if (kind == "pages") {
        return "start_nginx; curl_pages -- 20 100 1 400 20; " \
               "curl_pages --parallel --parallel-max 4 -- 100 20 400 1"
      }
      if (kind == "slow") {
        return talk("receive_buffer=" one_of("8192|30000") " receive_all close",
                    call("send=" int(octets / 3) " close", 3))
      }
      return talk("send=" share " receive_all close",
                  call("send=2000 receive_all wait=50 close", many))
    }

    BEGIN {
      state = seed % 2147483646 + 1
      for (i = 0; i < 10; ++i) draw()
      for (i = 1; i <= count; ++i) {
        delay = from(0.2, 120)
        printf "drawn_%02d@%s@%s", i, hosts(), way(delay * one_of("0.5|1|1|1|1.5"))
        printf "@%s@%s\n", way(delay), traffic(delay)
      }
    }')
}
