// The sentences that tell people where and why a capture's bytes stop making sense.
#include <string>

#include "captures/capture_info.h"

namespace tapdeck {
namespace {

std::string place(const CaptureFault& fault) {
  return "packet " + std::to_string(fault.packets_before + 1) + " at byte " +
         std::to_string(fault.offset);
}

/// Where nothing of the next packet is there, none may be to come.
std::string whereabouts(const CaptureFault& fault) {
  if (fault.packets_before == 0 || fault.available != 0) return "inside " + place(fault);
  return "behind packet " + std::to_string(fault.packets_before) + ", at byte " +
         std::to_string(fault.offset);
}

std::string with_detail(const std::string& sentence, const CaptureFault& fault) {
  return fault.detail.empty() ? sentence : sentence + ": " + fault.detail;
}

std::string cut_short(const CaptureFault& fault) {
  std::string sentence = "cut short inside " + place(fault);
  if (fault.needed > 0) {
    sentence += ": the record needs " + std::to_string(fault.needed) + " bytes, " +
                std::to_string(fault.available) + (fault.available == 1 ? " is" : " are") +
                " there";
  }
  return with_detail(sentence, fault);
}

}  // namespace

std::string describe(const CaptureFault& fault) {
  switch (fault.kind) {
    case CaptureFaultKind::not_readable:
      return with_detail(
          fault.offset == 0 ? "can't be read" : "can't be read on at " + place(fault), fault);
    case CaptureFaultKind::empty:
      return with_detail("empty, not even a file header", fault);
    case CaptureFaultKind::not_a_capture:
      return with_detail("not a packet capture", fault);
    case CaptureFaultKind::cut_short:
      return cut_short(fault);
    case CaptureFaultKind::bad_record:
      return with_detail("damaged at " + place(fault), fault);
    case CaptureFaultKind::unknown_interface:
      return with_detail("no interface is described for " + place(fault), fault);
    case CaptureFaultKind::broken_compression:
      return with_detail(
          "the compressed data is broken " + whereabouts(fault) + " of the decompressed capture",
          fault);
    case CaptureFaultKind::unsupported_version:
      return with_detail(
          "of a version that is not supported, at byte " + std::to_string(fault.offset), fault);
    case CaptureFaultKind::interrupted:
      return "reading was interrupted " + whereabouts(fault);
  }
  return "unknown fault";
}

}  // namespace tapdeck
