#include "tools/tapdeck/field_options.h"

#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "dissectors/dissector.h"

namespace tapdeck {
namespace {

std::string refusal_of(const std::string& list) {
  try {
    (void)chosen_fields(list);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::usage);
    return failure.what();
  }
  return "accepted";
}

TEST(ChosenFields, AreSplitAtCommas) {
  EXPECT_EQ(chosen_fields("frame,tcp.flags"), (std::vector<std::string>{"frame", "tcp.flags"}));
}

TEST(ChosenFields, AreRefusedWithNearNames) {
  EXPECT_EQ(refusal_of("frame,tcp.flgs"),
            "--fields: no field 'tcp.flgs'; did you mean 'tcp.flags'?\n"
            "'--fields help' lists them all.");
  EXPECT_NE(refusal_of("sorce").find("'source'"), std::string::npos);
  EXPECT_NE(refusal_of("tpc.flags").find("'tcp.flags'"), std::string::npos);
}

TEST(ChosenFields, HaveNoEmptyNames) {
  EXPECT_NE(refusal_of(""), "accepted");
  EXPECT_NE(refusal_of("frame,,time"), "accepted");
  EXPECT_NE(refusal_of("tcp."), "accepted");
  EXPECT_NE(refusal_of(".flags"), "accepted");
}

void collect_names(const std::string& path, std::set<std::string>& names) {
  Dissector dissector;
  Dissection dissection;
  PacketBatch batch;
  const auto source = open_captures({path}, {});
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, dissection);
      for (const LayerFields& layer : describe(dissection)) {
        for (const Field& field : layer.fields) {
          names.insert(std::string(layer.protocol) + "." + std::string(field.name));
        }
      }
    }
    dissector.release_datagrams();
  }
}

TEST(ChosenFields, MayBeAnyThatRealPacketsHave) {
  std::vector<std::string> directories{TAPDECK_GOLDEN_DIR};
#ifdef TAPDECK_CORPUS_DIR
  directories.emplace_back(TAPDECK_CORPUS_DIR);
#endif
  std::set<std::string> names;
  for (const std::string& directory : directories) {
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      if (entry.is_regular_file()) collect_names(entry.path(), names);
    }
  }
  for (const std::string& name : names) EXPECT_EQ(refusal_of(name), "accepted");
}

}  // namespace
}  // namespace tapdeck
