#include "tests/support/allocation_counter.h"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace tapdeck {
namespace {

struct Allocated {
  std::uint64_t times = 0;
  std::uint64_t octets = 0;
};

thread_local Allocated allocated;

}  // namespace

AllocationCounter::AllocationCounter()
    : x_allocations_before(allocated.times), x_octets_before(allocated.octets) {}

std::uint64_t AllocationCounter::allocations() const {
  return allocated.times - x_allocations_before;
}

std::uint64_t AllocationCounter::octets() const { return allocated.octets - x_octets_before; }

}  // namespace tapdeck

#ifdef __SANITIZE_ADDRESS__

bool tapdeck::AllocationCounter::works() { return false; }

#else

bool tapdeck::AllocationCounter::works() { return true; }

namespace {

// Every form of operator new that isn't replaced here (arrays, nothrow) calls one of the two that
// are, and likewise for delete [new.delete.single, new.delete.array].
void* counted(std::size_t octets, std::size_t alignment) {
  ++tapdeck::allocated.times;
  tapdeck::allocated.octets += octets;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, octets) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t octets) { return counted(octets, alignof(std::max_align_t)); }
void* operator new(std::size_t octets, std::align_val_t alignment) {
  return counted(octets, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

#endif
