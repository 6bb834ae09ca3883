// What the SYNs before it tell of a SYN. Most hosts hand out the ports of connections to one
// service in rising order: a SYN from a port between two that were taken when its timer was
// started, or right below the first of them, is sent again. Many take the initial number of equal
// sockets from a clock (RFC 6528): it tells when that was. And a host with one counter of IP IDs
// for all its connections shows it by where each of them begins.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/tcp/segment.h"
#include "dissectors/address.h"

namespace tapdeck {

class OpeningOrder {
 public:
  struct Opening {
    IpAddress client;
    IpAddress server;
    std::uint16_t client_port = 0;
    std::uint16_t server_port = 0;
    std::uint32_t tunnels = 0;
    SeqNum initial_number;
    std::uint16_t ip_id = 0;
    std::int64_t time_ns = 0;
  };

  /// Takes a SYN, repeats included.
  [[nodiscard]] OpeningSigns add(const Opening& opening);

 private:
  /// When a client took which ports of its own for one service, lately.
  struct Ports {
    struct Mark {
      std::int64_t time_ns = 0;
      std::uint16_t port = 0;
    };
    static constexpr std::size_t kept = 64;

    std::uint64_t hash = 0;
    std::array<Mark, kept> marks{};
    std::uint32_t marked = 0;
    std::uint8_t rises = 0;
    std::uint8_t falls = 0;

    [[nodiscard]] std::span<const Mark> taken() const {
      return std::span(marks).first(marked < kept ? marked : kept);
    }
    [[nodiscard]] bool take(std::uint16_t port, std::int64_t time_ns);
    [[nodiscard]] bool is_marked(std::uint16_t port, std::int64_t time_ns) const;
    [[nodiscard]] bool is_late(std::uint16_t port, std::int64_t time_ns) const;
    [[nodiscard]] bool is_late_first(std::uint16_t port, const Mark& lowest,
                                     std::int64_t time_ns) const;
    void mark(std::uint16_t port, std::int64_t time_ns);
  };

  struct Counter {
    std::uint64_t hash = 0;
    SeqNum last_number;
    std::uint16_t last = 0;
    std::uint16_t last_port = 0;
    std::uint8_t near = 0;
    std::uint8_t far = 0;

    /// A SYN that is sent again says nothing: it has the port and the number that it had.
    [[nodiscard]] IpIdCounter take(const Opening& opening);
  };

  /// The last connection of two sockets, and whether the one before it kept to the clock.
  struct InitialNumber {
    std::uint64_t hash = 0;
    std::int64_t taken_ns = 0;
    SeqNum number;
    bool follows_clock = false;

    [[nodiscard]] bool take(SeqNum initial_number, std::int64_t time_ns);
  };

  /// Each client has one place, and loses it to whoever has the same one.
  static constexpr std::size_t places = 512;

  std::vector<Ports> x_ports;
  std::vector<Counter> x_counters;
  std::vector<InitialNumber> x_numbers;
};

}  // namespace tapdeck
