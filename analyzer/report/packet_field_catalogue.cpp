#include "analyzer/report/packet_field_catalogue.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>

#include "dissectors/dissector.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t octets = 128;
constexpr std::size_t tries = 12'000;

using Sample = std::array<std::byte, octets>;

/// Samples that showed a new name are kept: new samples are made of these.
template <DissectorType D>
class Exploration {
 public:
  std::vector<std::string_view> run() {
    // Small values do as the lengths of options, so that one changed octet makes an option whole.
    for (const unsigned filling : {0x00U, 0x01U, 0x02U, 0x04U, 0x08U, 0x0aU, 0x10U, 0xffU}) {
      Sample sample;
      sample.fill(std::byte(filling));
      x_samples.push_back(sample);
      look_at(sample);
    }
    for (std::size_t i = 0; i < tries; ++i) look_at(next_sample());
    return std::move(x_names);
  }

 private:
  void look_at(const Sample& sample) {
    const Region region{sample, sample.size()};
    const Step step = D::parse(region, {});
    if (step.outcome != Step::Outcome::header && step.outcome != Step::Outcome::fragment) return;
    Dissection& dissection = *x_dissection;
    dissection.frame = sample;
    dissection.payload = step.payload;
    dissection.layer_count = 1;
    dissection.layers[0] = {.protocol = protocol_of<D>,
                            .header_length = step.header_length,
                            .captured = octets,
                            .declared = octets};
    FieldSink sink(0);
    D::describe(dissection, dissection.layers[0], sink);
    if (note(sink.take())) x_samples.push_back(sample);
  }

  /// True if one was new.
  bool note(const std::vector<Field>& fields) {
    const std::size_t before = x_names.size();
    for (const Field& field : fields) {
      if (std::ranges::find(x_names, field.name) == x_names.end()) x_names.push_back(field.name);
    }
    return x_names.size() > before;
  }

  /// One of those kept with a few octets changed, most of them at the front.
  Sample next_sample() {
    Sample sample = x_samples[x_random() % x_samples.size()];
    const std::size_t changes = 1 + x_random() % 4;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t reach = std::size_t{2} << x_random() % 6;
      sample[x_random() % reach] = octet();
    }
    return sample;
  }

  std::byte octet() {
    const std::uint64_t draw = x_random();
    return std::byte(draw % 2 == 0 ? draw >> 8U & 0xffU : draw >> 8U & 0x1fU);
  }

  std::mt19937 x_random{1};  // NOLINT(cert-msc51-cpp): the same names at every run
  std::unique_ptr<Dissection> x_dissection = std::make_unique<Dissection>();
  std::vector<Sample> x_samples;
  std::vector<std::string_view> x_names;
};

template <DissectorType... D>
std::vector<std::string> explore(std::string_view protocol, DissectorList<D...>) {
  std::vector<std::string> names;
  const auto explore_one = [&]<class Explored>() {
    if (!protocol.empty() && Explored::name != protocol) return;
    for (const std::string_view field : Exploration<Explored>().run()) {
      names.push_back(std::string(Explored::name) + "." + std::string(field));
    }
  };
  (explore_one.template operator()<D>(), ...);
  return names;
}

}  // namespace

std::vector<std::string> catalogue_of(std::string_view protocol) {
  return explore(protocol, Dissectors{});
}

std::vector<std::string> whole_catalogue() { return explore({}, Dissectors{}); }

}  // namespace tapdeck
