#include "tools/replay/outlets.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "captures/failure.h"
#include "captures/transmit/sinks.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

struct Method {
  std::string_view name;
  TransmitMethod method;
};

constexpr std::array methods{
    Method{"packet", TransmitMethod::packet},
    Method{"direct", TransmitMethod::direct},
    Method{"pcap", TransmitMethod::pcap},
    Method{"af_xdp", TransmitMethod::af_xdp},
};

/// What was meant for a laboratory must not reach the office by mistake.
void refuse_unfit(const NetworkInterface& interface, bool may_be_live) {
  if (interface.carries_default_route && !may_be_live) {
    throw Failure(ExitCode::usage,
                  fmt::format("{} carries the default route: what is sent there reaches others.\n"
                              "--yes-live sends all the same",
                              shown(interface.name)));
  }
  if (!interface.is_up) {
    throw Failure(ExitCode::no_permission, shown(interface.name) + ": is down");
  }
}

}  // namespace

void Outlets::add(const std::string& name, const std::string& how,
                  std::unique_ptr<Transmitter> transmitter) {
  x_outlets.push_back({.side = {.name = name, .how = how, .counted_frames = {}},
                       .transmitter = std::move(transmitter)});
}

void Outlets::open_interfaces(const std::vector<std::string>& names, const std::string& method,
                              bool may_be_live) {
  for (const std::string& name : names) {
    refuse_unfit(find_network_interface(name), may_be_live);
    add(name, method,
        open_transmitter(std::ranges::find(methods, method, &Method::name)->method, name));
    Outlet& outlet = x_outlets.back();
    outlet.counted_before = outlet.counted.emplace(name).read().sent_frames;
  }
}

void Outlets::open_file(const std::string& path, const std::vector<CaptureInfo>& captures,
                        FileOpener& opener, PacketLengths lengths, InterfaceTexts texts) {
  add(path, "file", std::make_unique<FileSink>(path, captures, opener, lengths, texts));
}

void Outlets::open_nowhere(const std::vector<std::string>& names) {
  for (const std::string& name : names) add(name, "null", std::make_unique<NullSink>());
}

std::vector<Transmitter*> Outlets::transmitters() const {
  std::vector<Transmitter*> all;
  for (const Outlet& outlet : x_outlets) all.push_back(outlet.transmitter.get());
  return all;
}

std::vector<int> Outlets::descriptors() const {
  std::vector<int> all;
  for (const Outlet& outlet : x_outlets) {
    if (const int descriptor = outlet.transmitter->descriptor(); descriptor >= 0) {
      all.push_back(descriptor);
    }
  }
  return all;
}

std::vector<ReplaySide> Outlets::sides() const {
  std::vector<ReplaySide> all;
  for (const Outlet& outlet : x_outlets) {
    ReplaySide& side = all.emplace_back(outlet.side);
    if (!outlet.counted) continue;
    const std::uint64_t now = outlet.counted->read().sent_frames;
    side.counted_frames = now - std::min(now, outlet.counted_before);
  }
  return all;
}

}  // namespace tapdeck
