// As whom root reads packets, and whom files belong to.
#include "tools/tapdeck/confinement/rights.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/file_opener.h"
#include "tests/captures/read_back.h"
#include "tests/tools/confinement/in_a_child.h"

namespace tapdeck::test {
namespace {

class Rights : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to give up";
    forget_sudo();
  }

  void TearDown() override { forget_sudo(); }

  static void forget_sudo() {
    for (const char* const name : {"SUDO_UID", "SUDO_GID"}) ::unsetenv(name);
  }

  static std::string identity(const std::string& name = {}) {
    const auto chosen = chosen_identity(name);
    return chosen ? std::to_string(chosen->user) + ":" + std::to_string(chosen->group) : "same";
  }
};

TEST_F(Rights, AreThoseOfTheUserBehindSudoElseOfNobody) {
  EXPECT_EQ(identity(), "65534:65534");
  ::setenv("SUDO_UID", "1234", 1);
  EXPECT_EQ(identity(), "65534:65534");
  ::setenv("SUDO_GID", "5678", 1);
  EXPECT_EQ(identity(), "1234:5678");
  ::setenv("SUDO_UID", "0", 1);
  EXPECT_EQ(identity(), "65534:65534");
  ::setenv("SUDO_UID", "12x", 1);
  EXPECT_EQ(identity(), "65534:65534");
}

TEST_F(Rights, AreThoseOfAnyUserThatIsNamed) {
  ::setenv("SUDO_UID", "1234", 1);
  ::setenv("SUDO_GID", "5678", 1);
  EXPECT_EQ(identity("nobody"), "65534:65534");
  EXPECT_EQ(identity("65534"), "65534:65534");
  EXPECT_EQ(identity("root"), "0:0");
  EXPECT_THROW(static_cast<void>(identity("no_such_user")), Failure);
}

TEST_F(Rights, ToAFileThatIsNewGoToTheOwner) {
  const TemporaryDirectory directory;
  const auto owner_of = [](const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return std::to_string(status.st_uid) + ":" + std::to_string(status.st_gid);
  };
  const std::string made = directory.path("made");
  ::close(create_file(made, Identity{.user = 1234, .group = 5678}));
  EXPECT_EQ(owner_of(made), "1234:5678");
  ::close(create_file(made, Identity{.user = 1, .group = 1}));
  EXPECT_EQ(owner_of(made), "1234:5678");  // it was there before
  ::close(create_file(directory.path("own"), std::nullopt));
  EXPECT_EQ(owner_of(directory.path("own")), "0:0");
  EXPECT_EQ(create_file(directory.path("no/such/file"), std::nullopt), -1);
  std::filesystem::create_symlink("behind", directory.path("link"));
  ::close(create_file(directory.path("link"), Identity{.user = 1234, .group = 5678}));
  EXPECT_EQ(owner_of(directory.path("behind")), "1234:5678");
  const std::string shared = directory.path("shared");
  std::filesystem::create_directory(shared);
  ASSERT_EQ(::chmod(shared.c_str(), 01777), 0);
  std::filesystem::create_symlink("behind", shared + "/link");
  ::close(create_file(shared + "/link", Identity{.user = 1234, .group = 5678}));
  EXPECT_EQ(owner_of(shared + "/behind"), "0:0");
}

TEST_F(Rights, DoNotComeBack) {
  InAChild child([](const InAChild::Say& say) {
    give_up_rights(Identity{.user = 1234, .group = 5678});
    say(std::to_string(::getuid()) + " " + std::to_string(::getegid()));
    say(::getgroups(0, nullptr) == 0 ? "no groups" : "groups");
    say(::setuid(0) == 0 ? "root again" : "not root");
    say(::setgid(0) == 0 ? "group of root again" : "not the group of root");
  });
  EXPECT_EQ(child.rest(), "1234 5678\nno groups\nnot root\nnot the group of root\n");
}

TEST(RightsOfOthers, CannotBecomeSomebodyElse) {
  InAChild child([](const InAChild::Say& say) {
    if (::geteuid() == 0) give_up_rights(Identity{.user = 1234, .group = 5678});
    say(chosen_identity({}) ? "changed" : "the same");
    give_up_rights(std::nullopt);
    say(std::string("-Z: ") + (chosen_identity("nobody") ? "changed" : "the same"));
  });
  EXPECT_EQ(child.rest(), "the same\n--user: only root can run as another user\n");
}

}  // namespace
}  // namespace tapdeck::test
