// libFuzzer entry: any octets as a capture file, through the readers, the tracker, every report
// format, a ladder and the table of sockets.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/analysis.h"
#include "analyzer/connection_follower.h"
#include "analyzer/netstat/netstat.h"
#include "analyzer/report/netstat_table.h"
#include "analyzer/report/writer.h"
#include "captures/packet_source.h"

namespace {

/// A file without a name that lives as long as this.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size)
      : x_descriptor(::memfd_create("capture", 0)) {
    if (x_descriptor < 0 || ::write(x_descriptor, data, size) != static_cast<ssize_t>(size)) {
      __builtin_trap();
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(x_descriptor); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(x_descriptor); }

 private:
  int x_descriptor;
};

void analyze(const std::string& path, const tapdeck::ReportFormat& format) {
  const auto source = tapdeck::open_captures({path}, {});
  tapdeck::StringSink output;
  const auto writer = format.make(output, tapdeck::Style{});
  tapdeck::Analysis analysis({}, *writer);
  tapdeck::PacketBatch batch;
  while (source->next(batch)) analysis.add(batch);
  analysis.finish(source->captures());
}

/// The first connection's ladder.
void show(const std::string& path) {
  const auto source = tapdeck::open_captures({path}, {});
  tapdeck::ConnectionFollower follower({}, {});
  tapdeck::PacketBatch batch;
  while (source->next(batch)) follower.add(batch);
  follower.finish(source->captures());
  if (follower.all().count == 0) return;
  tapdeck::StringSink output;
  tapdeck::write_show(follower.all().first.front(), follower.ladder(), {}, {}, output);
}

/// Everybody's table at the end.
void list_sockets(const std::string& path) {
  const auto source = tapdeck::open_captures({path}, {});
  tapdeck::Netstat netstat;
  tapdeck::PacketBatch batch;
  while (source->next(batch)) {
    for (const tapdeck::Packet& packet : batch.packets) netstat.add(packet);
    netstat.release_batch();
  }
  netstat.conclude();
  (void)netstat.guess();
  const auto table =
      netstat.table({{.address = {}, .prefix = 0}}, netstat.latest_ns(), source->captures());
  tapdeck::StringSink output;
  tapdeck::write_netstat_text(table, {.statistics = true, .interfaces = true, .routes = true}, {},
                              output);
  tapdeck::JsonOutput json(output, tapdeck::JsonLayout::one_line);
  tapdeck::write_netstat_json(table, {.waiting = true, .names = true}, json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  for (const tapdeck::ReportFormat& format : tapdeck::report_formats()) {
    analyze(file.path(), format);
  }
  show(file.path());
  list_sockets(file.path());
  return 0;
}
