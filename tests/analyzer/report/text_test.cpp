#include <gtest/gtest.h>

#include <sstream>

#include "analyzer/report/page.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/utf8.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

constexpr std::string_view whole_report =
    R"(web.pcap
)";

TEST(TextReport, FitsNarrowPages) {
  EXPECT_EQ(rendered("text", web_summary(), {web_connection(), dns_flow(), ping_flow()}),
            whole_report);
}

}  // namespace
}  // namespace tapdeck
