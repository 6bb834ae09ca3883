// What the checksums of every layer of a frame say, for tests that edit frames.
#pragma once

#include <string>

#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "dissectors/registry.h"

namespace tapdeck::test {

/// "ipv4 good, tcp good": each layer that has a checksum, as dissect_frame finds them.
inline std::string checksum_words(const Dissection& dissection) {
  static constexpr const char* words[] = {"good", "bad", "offloaded", "absent", "unverifiable"};
  std::string text;
  for (const Layer& layer : dissection.all_layers()) {
    const ChecksumVerdict verdict = verify_checksum(dissection, layer);
    if (verdict.status == ChecksumStatus::unverifiable) continue;
    if (!text.empty()) text += ", ";
    text += std::string(name_of(layer.protocol)) + ' ' +
            words[static_cast<std::size_t>(verdict.status)];
  }
  return text;
}

inline std::string checksum_words(Bytes frame, LinkType link_type = LinkType::ethernet) {
  Dissection dissection;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()),
                 .link_type = link_type,
                 .bytes = frame},
                dissection);
  return checksum_words(dissection);
}

}  // namespace tapdeck::test
