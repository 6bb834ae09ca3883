#include "captures/rotating_capture.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

using Count = std::optional<std::uint64_t>;

Count share_of(const Count& now, const Count& before) {
  if (!now) return std::nullopt;
  return *now - std::min(*now, before.value_or(0));
}

InterfaceStatistics share_of(const InterfaceStatistics& now, const InterfaceStatistics& before) {
  return {.received = share_of(now.received, before.received),
          .dropped_by_interface = share_of(now.dropped_by_interface, before.dropped_by_interface),
          .accepted_by_filter = share_of(now.accepted_by_filter, before.accepted_by_filter),
          .dropped_by_system = share_of(now.dropped_by_system, before.dropped_by_system),
          .delivered = share_of(now.delivered, before.delivered)};
}

constexpr std::size_t least_digits = 5;  // of a file's number

/// Where what tells files apart is inserted.
std::size_t stem_of(std::string_view path) {
  constexpr std::string_view suffix = ".pcapng";
  return path.ends_with(suffix) ? path.size() - suffix.size() : path.size();
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

}  // namespace

std::string rotated_name(const std::string& path, std::uint64_t number, std::int64_t time_ns) {
  const std::time_t seconds = static_cast<std::time_t>(time_ns / 1'000'000'000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const std::size_t octets = std::strftime(text.data(), text.size(), "-%Y%m%dT%H%M%SZ", &utc);
  std::string digits = std::to_string(number);
  if (digits.size() < least_digits) digits.insert(0, least_digits - digits.size(), '0');
  const std::string inserted = std::string(text.data(), octets) + "-" + digits;
  return path.substr(0, stem_of(path)) + inserted + path.substr(stem_of(path));
}

bool is_rotated_name(const std::string& path, std::string_view name) {
  constexpr std::string_view form = "-00000000T000000Z-";  // each 0 for a digit
  const std::string_view stem = std::string_view(path).substr(0, stem_of(path));
  const std::string_view suffix = std::string_view(path).substr(stem.size());
  if (!name.starts_with(stem) || !name.ends_with(suffix)) return false;
  name.remove_prefix(stem.size());
  if (name.size() < form.size() + least_digits + suffix.size()) return false;
  name.remove_suffix(suffix.size());
  const auto fits = [](char letter, char wanted) {
    return wanted == '0' ? is_digit(letter) : letter == wanted;
  };
  return std::ranges::equal(name.substr(0, form.size()), form, fits) &&
         std::ranges::all_of(name.substr(form.size()), is_digit);
}

RotatingCapture::RotatingCapture(std::string path, Rotation rotation, CaptureFolder& folder,
                                 const std::vector<CaptureInfo>& captures, std::int64_t now_ns)
    : x_path(std::move(path)),
      x_rotation(rotation),
      x_folder(folder),
      x_captures(captures),
      x_now_ns(now_ns) {
  begin_file();
}

void RotatingCapture::begin_file() {
  ++x_number;
  x_files.push_back(x_rotation.rotates() ? rotated_name(x_path, x_number, x_now_ns) : x_path);
  while (x_rotation.keep != 0 && x_files.size() > x_rotation.keep) {
    x_folder.remove(x_files.front());
    x_files.pop_front();
  }
  const int descriptor = x_folder.create(file(), PcapngWriter::beginning(x_captures));
  x_writer = std::make_unique<PcapngWriter>(
      file(), descriptor, x_captures,
      [this](int file, Bytes octets) { return x_folder.append(file, octets); });
  x_begin_ns = x_turned_ns = x_now_ns;
  x_statistics_before = x_statistics;
}

void RotatingCapture::end_file(std::string_view remark) {
  InterfaceStatistics share = share_of(x_statistics, x_statistics_before);
  share.delivered = x_packets;
  x_writer->write_statistics(share, x_begin_ns, x_now_ns, remark);
  x_writer->close();
  x_packets_before += std::exchange(x_packets, 0);
}

bool RotatingCapture::is_full() const {
  const auto reached = [](std::uint64_t now, std::uint64_t most) {
    return most != 0 && now >= most;
  };
  return reached(x_writer->octets_written(), x_rotation.octets) ||
         reached(x_packets, x_rotation.packets);
}

void RotatingCapture::write(const Packet& packet, std::string_view comment) {
  if (x_packets != 0 && is_full()) {
    end_file();
    begin_file();
  }
  ++x_packets;
  x_writer->write(packet, comment);
}

void RotatingCapture::flush() { x_writer->flush(); }

void RotatingCapture::tick(const InterfaceStatistics& statistics, std::int64_t now_ns) {
  x_statistics = statistics;
  x_now_ns = now_ns;
  x_turned_ns = std::min(x_turned_ns, now_ns);  // a clock that was set back begins anew
  const bool is_old =
      x_rotation.duration_ns != 0 && elapsed_ns(x_turned_ns, now_ns) >= x_rotation.duration_ns;
  if (x_packets == 0 || !is_old) return;
  end_file();
  begin_file();
}

void RotatingCapture::close(std::string_view remark) { end_file(remark); }

std::uint64_t RotatingCapture::packets_safe() const {
  return x_packets_before + std::min(x_packets, x_writer->blocks_safe());
}

}  // namespace tapdeck
