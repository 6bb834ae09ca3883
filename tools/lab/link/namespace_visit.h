// A stay in another network namespace.
#pragma once

#include <string>

namespace tapdeck {

/// While it lives, this thread is in a namespace of `ip netns`: what it opens belongs there.
class NamespaceVisit {
 public:
  /// Throws Failure.
  explicit NamespaceVisit(const std::string& name);
  ~NamespaceVisit();
  NamespaceVisit(const NamespaceVisit&) = delete;
  NamespaceVisit& operator=(const NamespaceVisit&) = delete;

 private:
  int x_home;
};

}  // namespace tapdeck
