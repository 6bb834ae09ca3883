// The loop that feeds a scanner with blocks and tells how a file ends.
#include "captures/capture_file.h"

#include <algorithm>
#include <utility>

#include "captures/format_recognition.h"

namespace tapdeck {

CaptureFile::CaptureFile(std::uint16_t capture, CaptureInfo& info, std::size_t block_octets,
                         FileOpener& opener)
    : x_info(info),
      x_capture(capture),
      x_block_octets(std::max(block_octets, recognition_octets)),
      x_bytes(
          open_byte_source(info.file, opener,
                           block_octets < default_block_octets ? ReadAhead::no : ReadAhead::yes)) {
  x_info.compression = x_bytes->compression();
  recognise();
}

void CaptureFile::recognise() {
  x_carried.resize(recognition_octets);
  std::size_t filled = 0;
  while (filled < recognition_octets) {
    const std::size_t got = x_bytes->read(std::span(x_carried).subspan(filled));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  x_carried.resize(filled);
  if (x_bytes->trouble() && filled < recognition_octets) {
    end_with({.kind = x_bytes->trouble()->kind,
              .available = filled,
              .detail = x_bytes->trouble()->detail});
    return;
  }
  auto recognised = recognise_format(x_carried, x_capture, x_info);
  if (auto* fault = std::get_if<CaptureFault>(&recognised)) {
    end_with(std::move(*fault));
    return;
  }
  auto& format = std::get<RecognisedFormat>(recognised);
  x_scanner = std::move(format.scanner);
  x_offset = format.header_octets;
  x_carried.erase(x_carried.begin(),
                  x_carried.begin() + static_cast<std::ptrdiff_t>(format.header_octets));
}

bool CaptureFile::next(PacketBatch& batch) {
  batch.packets.clear();
  if (x_finished) {
    return false;
  }
  static_cast<void>(make_room(batch, x_carried.size()));
  std::ranges::copy(x_carried, batch.buffer.begin());
  std::size_t filled = x_carried.size();
  while (batch.packets.empty() && !x_finished) {
    const std::size_t got = x_bytes->read(make_room(batch, filled));
    filled += got;
    const Bytes window = Bytes(batch.buffer).first(filled);
    const ScanResult found = x_scanner->scan(window, x_offset, got == 0, batch.packets);
    const Bytes left = window.subspan(found.consumed);
    x_offset += found.consumed;
    x_record_needs = found.needed;
    if (found.fault || got == 0) {
      finish(found, left.size());
    } else if (batch.packets.empty()) {
      // Nothing borrows from the buffer yet, so what is left can move to its front.
      std::ranges::copy(left, batch.buffer.begin());
      filled = left.size();
    } else {
      x_carried.assign(left.begin(), left.end());
    }
  }
  return !batch.packets.empty();
}

// A record's claim alone buys no memory: the room doubles only once it has been filled.
std::span<std::byte> CaptureFile::make_room(PacketBatch& batch, std::size_t filled) const {
  const std::size_t wanted = std::max(x_record_needs, filled + 1);
  const std::size_t limit = std::max(x_block_octets, std::min(wanted, 2 * filled));
  if (batch.buffer.size() < limit) {
    batch.buffer.resize(limit);
  }
  return std::span(batch.buffer).first(limit).subspan(filled);
}

void CaptureFile::finish(const ScanResult& found, std::size_t left) {
  CaptureFault fault{.offset = x_offset,
                     .packets_before = x_info.packets,
                     .needed = found.needed,
                     .available = left};
  if (found.fault) {
    fault = *found.fault;
  } else if (x_bytes->trouble()) {
    fault.kind = x_bytes->trouble()->kind;
    fault.detail = x_bytes->trouble()->detail;
  } else if (left > 0) {
    fault.kind = CaptureFaultKind::cut_short;
  } else {
    x_finished = true;
    x_info.complete = x_info.faults.empty();
    return;
  }
  end_with(std::move(fault));
}

void CaptureFile::end_with(CaptureFault fault) {
  x_finished = true;
  x_carried.clear();
  x_info.faults.push_back(std::move(fault));
}

}  // namespace tapdeck
