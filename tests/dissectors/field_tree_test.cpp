// The field trees of real packets, in the captures of the golden folder and of public projects:
// every octet of every header belongs to a field and no field lies outside what is captured.
#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "tests/support/corpus.h"
#include "tests/support/dissection_rules.h"

namespace tapdeck {
namespace {

struct Sweep {
  std::size_t packets = 0;
  std::map<std::string, std::string> first_places;  // of every broken rule
};

void sweep_file(const std::string& path, Sweep& sweep) {
  const auto source = open_captures({path}, {});
  Dissector dissector;
  Dissection dissection;
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, dissection);
      ++sweep.packets;
      for (const LayerFields& layer : describe(dissection)) {
        const std::string broken = test::broken_rule(layer);
        if (broken.empty()) continue;
        sweep.first_places.try_emplace(broken, path + " frame " + std::to_string(packet.number));
      }
    }
    dissector.release_datagrams();
  }
}

void expect_rules_kept_in(const std::string& directory) {
  Sweep sweep;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (name.find(".pcap") != std::string::npos) sweep_file(entry.path(), sweep);
  }
  EXPECT_GT(sweep.packets, 0U);
  for (const auto& [broken, place] : sweep.first_places) ADD_FAILURE() << broken << ", " << place;
  std::cout << sweep.packets << " packets\n";
}

TEST(FieldTrees, OfTheGoldenCapturesKeepTheRules) { expect_rules_kept_in(TAPDECK_GOLDEN_DIR); }

TEST(FieldTrees, OfTheCorpusKeepTheRules) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  expect_rules_kept_in(corpus);
}

}  // namespace
}  // namespace tapdeck
