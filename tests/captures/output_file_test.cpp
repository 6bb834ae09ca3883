// What is left in a file when the system takes no more.
#include "captures/output_file.h"

#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

/// No file may grow beyond so many octets while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &x_before);
    const rlimit limit{.rlim_cur = octets, .rlim_max = x_before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &x_before); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit x_before{};
};

TEST(OutputFile, TakesARecordBackThatWentOutInPart) {
  const TemporaryDirectory directory;
  const std::string path = directory.path("out");
  const Octets record(100);
  OutputFile file(path);
  for (int i = 0; i < 10; ++i) file.write(record);
  file.flush();
  {
    const FileSizeLimit limit(1'450);
    for (int i = 0; i < 10; ++i) file.write(record);
    EXPECT_THROW(file.flush(), Failure);
  }
  EXPECT_EQ(std::filesystem::file_size(path), 1'400U);
  EXPECT_EQ(file.records_safe(), 14U);
  EXPECT_NO_THROW(file.close());  // what could not be written isn't tried again
  EXPECT_EQ(std::filesystem::file_size(path), 1'400U);
}

TEST(OutputFile, GoesOnBehindWhatAFileHolds) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("out", octets_of("start "));
  OutputFile file(path, ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  file.write(octets_of("and more"));
  file.close();
  EXPECT_EQ(read_file(path), octets_of("start and more"));
}

}  // namespace
}  // namespace tapdeck::test
