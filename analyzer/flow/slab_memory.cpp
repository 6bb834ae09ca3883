#include "analyzer/flow/slab_memory.h"

#include <algorithm>
#include <new>
#include <utility>

#include <sys/mman.h>
#include <sys/resource.h>

namespace tapdeck {
namespace {

/// Of address space, which costs nothing: room for tens of millions of records.
constexpr std::size_t most_reserved = std::size_t{1} << 33U;
constexpr std::size_t first_step = std::size_t{1} << 16U;
/// From here on in the system's large pages, of which the processor finds one as fast as a small.
constexpr std::size_t large_page = std::size_t{1} << 21U;

/// Where a limit is set on address space (ulimit -v), all slabs together must do with it.
std::size_t reserved_size() {
  constexpr rlim_t share = 32;
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return most_reserved;
  return std::min<std::size_t>(most_reserved, limit.rlim_cur / share / large_page * large_page);
}

}  // namespace

SlabMemory::SlabMemory(SlabMemory&& other) noexcept
    : x_begin(std::exchange(other.x_begin, nullptr)),
      x_reserved(std::exchange(other.x_reserved, 0)),
      x_size(std::exchange(other.x_size, 0)) {}

SlabMemory::~SlabMemory() {
  if (x_begin != nullptr) munmap(x_begin, x_reserved);
}

void SlabMemory::reserve() {
  // Who runs a program inside of another may have less to give.
  for (std::size_t size = reserved_size(); size >= large_page; size /= 4) {
    void* const begin = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (begin == MAP_FAILED) continue;
    x_begin = static_cast<std::byte*>(begin);
    x_reserved = size;
    return;
  }
  throw std::bad_alloc();
}

void SlabMemory::grow() {
  if (x_begin == nullptr) reserve();
  const std::size_t step = std::clamp(x_size, first_step, large_page);
  if (x_size + step > x_reserved) throw std::bad_alloc();
  if (mprotect(x_begin + x_size, step, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  x_size += step;
  // A hint: without large pages everything works as well.
  if (x_size > large_page) (void)madvise(x_begin + x_size - step, step, MADV_HUGEPAGE);
}

}  // namespace tapdeck
