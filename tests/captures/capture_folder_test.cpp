// What becomes of what has a capture's name already, and whose the files are.
#include "captures/capture_folder.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

class Folder : public ::testing::Test {
 protected:
  std::string text_in(const std::string& name) {
    std::ifstream file(directory.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void create(const std::string& name) {
    const int descriptor = folder.create(directory.path(name), octets_of("start"));
    EXPECT_EQ(::write(descriptor, " more", 5), 5);
    ::close(descriptor);
  }

  TemporaryDirectory directory;
  OwnCaptureFolder folder;
};

TEST_F(Folder, GivesANewFileItsNameWithItsStart) {
  const int made = do_folder_step(FolderStep::make, directory.path("x"), std::nullopt);
  EXPECT_GE(made, 0);
  EXPECT_FALSE(std::filesystem::exists(directory.path("x")));
  ::close(made);
  create("x");
  EXPECT_EQ(text_in("x"), "start more");
  EXPECT_FALSE(std::filesystem::exists(directory.path("x.new")));
}

TEST_F(Folder, LeavesAFileThatIsThereWhoseItIs) {
  const std::string path = directory.write("x", octets_of("something longer than that"));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const struct stat before = status_of(path);
  create("x");
  EXPECT_EQ(text_in("x"), "start more");
  EXPECT_EQ(status_of(path).st_ino, before.st_ino);
  EXPECT_EQ(status_of(path).st_mode, before.st_mode);
}

TEST_F(Folder, WritesThroughALink) {
  directory.write("file", octets_of("something longer than that"));
  std::filesystem::create_symlink("file", directory.path("link"));
  std::filesystem::create_symlink("new", directory.path("to_new"));
  std::filesystem::create_symlink("no/such/folder", directory.path("nowhere"));
  create("link");
  create("to_new");
  EXPECT_THROW(create("nowhere"), Failure);
  for (const char* const link : {"link", "to_new", "nowhere"}) {
    EXPECT_TRUE(std::filesystem::is_symlink(directory.path(link))) << link;
  }
  EXPECT_EQ(text_in("file"), "start more");
  EXPECT_EQ(text_in("new"), "start more");
}

TEST_F(Folder, RefusesAPipeThatNobodyReads) {
  const std::string pipe = directory.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(do_folder_step(FolderStep::make, pipe, std::nullopt), -EEXIST);
  EXPECT_EQ(do_folder_step(FolderStep::open, pipe, std::nullopt), -EAGAIN);
  EXPECT_THROW(create("pipe"), Failure);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  const int writer = do_folder_step(FolderStep::open, pipe, std::nullopt);
  EXPECT_EQ(::fcntl(writer, F_GETFL) & O_NONBLOCK, 0);
  for (const int descriptor : {reader, writer}) ::close(descriptor);
}

TEST_F(Folder, GivesOnlyNewFilesAway) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const FileOwner owner{.user = 1234, .group = 5678};
  directory.write("file", octets_of("content"));
  std::filesystem::create_symlink("new", directory.path("to_new"));
  ::close(do_folder_step(FolderStep::open, directory.path("file"), owner));
  ::close(do_folder_step(FolderStep::open, directory.path("to_new"), owner));
  ::close(do_folder_step(FolderStep::make, directory.path("x"), owner));
  EXPECT_EQ(status_of(directory.path("file")).st_uid, 0U);
  EXPECT_EQ(status_of(directory.path("new")).st_uid, 1234U);
  EXPECT_EQ(status_of(directory.path("x.new")).st_gid, 5678U);
}

}  // namespace
}  // namespace tapdeck::test
