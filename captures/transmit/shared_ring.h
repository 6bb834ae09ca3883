// A ring of entries in memory shared with the kernel, as AF_XDP has four of: one side puts entries
// in, the other takes them out, and each index is written by one of them alone.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <linux/if_xdp.h>
#include <sys/mman.h>
#include <sys/types.h>

namespace tapdeck {

template <class Entry>
class SharedRing {
 public:
  /// Maps what the socket keeps at that offset. Requires: `entries`, a power of two, is what the
  /// socket was asked for.
  SharedRing(int socket, off_t place, const xdp_ring_offset& layout, std::uint32_t entries)
      : x_mask(entries - 1), x_octets(layout.desc + entries * sizeof(Entry)) {
    void* const memory =
        ::mmap(nullptr, x_octets, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, socket, place);
    if (memory == MAP_FAILED) return;
    x_memory = static_cast<std::byte*>(memory);
    x_producer = reinterpret_cast<std::uint32_t*>(x_memory + layout.producer);
    x_consumer = reinterpret_cast<std::uint32_t*>(x_memory + layout.consumer);
    x_entries = reinterpret_cast<Entry*>(x_memory + layout.desc);
  }
  SharedRing(const SharedRing&) = delete;
  SharedRing& operator=(const SharedRing&) = delete;
  ~SharedRing() {
    if (x_memory != nullptr) ::munmap(x_memory, x_octets);
  }

  /// False: the kernel refused to share it, and errno says why.
  [[nodiscard]] bool is_mapped() const { return x_memory != nullptr; }

  // For who puts entries in:

  /// The nth of those to be published next.
  Entry& next(std::uint32_t nth) { return x_entries[(*x_producer + nth) & x_mask]; }
  void publish(std::uint32_t count) {
    std::atomic_ref(*x_producer).store(*x_producer + count, std::memory_order_release);
  }
  /// Published, and not taken out yet.
  [[nodiscard]] std::uint32_t waiting() const {
    return *x_producer - std::atomic_ref(*x_consumer).load(std::memory_order_acquire);
  }

  /// The one that was taken out last. Requires: there was one.
  [[nodiscard]] const Entry& last_taken() const {
    return x_entries[(*x_producer - waiting() - 1) & x_mask];
  }

  // For who takes them out:

  /// Calls visit(entry) for each that is there, and gives them back.
  template <class Visit>
  void take(Visit visit) {
    const std::uint32_t end = std::atomic_ref(*x_producer).load(std::memory_order_acquire);
    std::uint32_t at = *x_consumer;
    for (; at != end; ++at) visit(x_entries[at & x_mask]);
    std::atomic_ref(*x_consumer).store(at, std::memory_order_release);
  }

 private:
  std::uint32_t x_mask;
  std::size_t x_octets;
  std::byte* x_memory = nullptr;
  std::uint32_t* x_producer = nullptr;
  std::uint32_t* x_consumer = nullptr;
  Entry* x_entries = nullptr;
};

}  // namespace tapdeck
