// What becomes of what has a capture's name already, and whose the files are.
#include "captures/capture_folder.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

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

  /// Of all that is in the directory, sorted, each with a blank behind it.
  std::string names() {
    std::set<std::string> sorted;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path(""))) {
      sorted.insert(entry.path().filename());
    }
    std::string text;
    for (const std::string& name : sorted) text += name + " ";
    return text;
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
  FolderSteps steps(std::nullopt);
  const std::string path = directory.path("x");
  const int made = steps.take(FolderStep::make, path);
  EXPECT_GE(made, 0);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(steps.take(FolderStep::withdraw, path), 0);
  EXPECT_EQ(names(), "");
  ::close(made);
  create("x");
  EXPECT_EQ(text_in("x"), "start more");
  EXPECT_EQ(names(), "x ");
}

TEST_F(Folder, TouchesNoFileOfASimilarName) {
  directory.write("x.new", octets_of("of somebody else"));
  FolderSteps steps(std::nullopt);
  const std::string path = directory.path("x");
  ::close(steps.take(FolderStep::make, path));
  const std::string first_name = names().substr(0, names().find(' '));
  EXPECT_EQ(steps.take(FolderStep::withdraw, path), 0);
  directory.write(first_name, octets_of("of somebody else too"));
  create("x");
  FolderSteps others(std::nullopt);  // counts from the same number
  ::close(others.take(FolderStep::make, directory.path("y")));
  EXPECT_EQ(others.take(FolderStep::publish, directory.path("y")), 0);
  EXPECT_EQ(text_in("x.new"), "of somebody else");
  EXPECT_EQ(text_in(first_name), "of somebody else too");
  EXPECT_EQ(names(), first_name + " x x.new y ");
}

TEST_F(Folder, MakesSeveralFilesAtATime) {
  FolderSteps steps(std::nullopt);
  for (const char* const name : {"x", "y", "z"}) {
    const int made = steps.take(FolderStep::make, directory.path(name));
    EXPECT_EQ(::write(made, name, 1), 1);
    ::close(made);
  }
  EXPECT_EQ(steps.take(FolderStep::publish, directory.path("x")), 0);
  EXPECT_EQ(steps.take(FolderStep::withdraw, directory.path("z")), 0);
  EXPECT_EQ(steps.take(FolderStep::publish, directory.path("y")), 0);
  EXPECT_EQ(text_in("x"), "x");
  EXPECT_EQ(text_in("y"), "y");
  EXPECT_EQ(names(), "x y ");
}

TEST_F(Folder, TakesTheLongestName) {
  const std::string longest(255, 'x');
  create(longest);
  EXPECT_EQ(text_in(longest), "start more");
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
  FolderSteps steps(std::nullopt);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(steps.take(FolderStep::make, pipe), -EEXIST);
  EXPECT_EQ(steps.take(FolderStep::open, pipe), -EAGAIN);
  EXPECT_THROW(create("pipe"), Failure);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  const int writer = steps.take(FolderStep::open, pipe);
  EXPECT_EQ(::fcntl(writer, F_GETFL) & O_NONBLOCK, 0);
  for (const int descriptor : {reader, writer}) ::close(descriptor);
}

TEST_F(Folder, GivesOnlyNewFilesAway) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  FolderSteps steps(FileOwner{.user = 1234, .group = 5678});
  directory.write("file", octets_of("content"));
  std::filesystem::create_symlink("new", directory.path("to_new"));
  ::close(steps.take(FolderStep::open, directory.path("file")));
  ::close(steps.take(FolderStep::open, directory.path("to_new")));
  ::close(steps.take(FolderStep::make, directory.path("x")));
  EXPECT_EQ(steps.take(FolderStep::publish, directory.path("x")), 0);
  EXPECT_EQ(status_of(directory.path("file")).st_uid, 0U);
  EXPECT_EQ(status_of(directory.path("new")).st_uid, 1234U);
  EXPECT_EQ(status_of(directory.path("x")).st_gid, 5678U);
}

}  // namespace
}  // namespace tapdeck::test
