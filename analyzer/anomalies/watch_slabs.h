// Where the watches of connections are kept: a small one for each connection, and for the few that
// need more, each kind in a slab of its own.
#pragma once

#include <array>
#include <tuple>

#include "analyzer/anomalies/repeated_bytes.h"
#include "analyzer/anomalies/watch.h"

namespace tapdeck {

class WatchSlabs {
 public:
  /// As Slab::count_into.
  void count_into(std::size_t& octets) {
    x_plain.count_into(octets);
    x_places.count_into(octets);
    std::apply([&](auto&... slab) { (slab.count_into(octets), ...); }, x_rare);
  }
  [[nodiscard]] SlabIndex take() { return x_plain.take(); }
  void give_back(SlabIndex index) {
    if (const SlabIndex rare = x_plain[index].rare; rare != no_slab_index) give_back_rare(rare);
    x_plain.give_back(index);
  }
  [[nodiscard]] ConnectionWatch& operator[](SlabIndex index) { return x_plain[index]; }
  [[nodiscard]] const ConnectionWatch& operator[](SlabIndex index) const { return x_plain[index]; }

  /// What is kept of this side; as new if nothing is.
  template <class Rare>
  [[nodiscard]] const Rare& of(const ConnectionWatch& watch, Side side) const {
    static constexpr Rare nothing;
    if (watch.rare == no_slab_index) return nothing;
    const SlabIndex index = std::get<Place<Rare>>(x_places[watch.rare]).of[index_of(side)];
    return index == no_slab_index ? nothing : std::get<RareSlab<Rare>>(x_rare)[index];
  }
  /// The same, kept from now on.
  template <class Rare>
  [[nodiscard]] Rare& keep(ConnectionWatch& watch, Side side) {
    if (watch.rare == no_slab_index) watch.rare = x_places.take();
    SlabIndex& index = std::get<Place<Rare>>(x_places[watch.rare]).of[index_of(side)];
    auto& slab = std::get<RareSlab<Rare>>(x_rare);
    if (index == no_slab_index) index = slab.take();
    return slab[index];
  }

 private:
  template <class Rare>
  using RareSlab = Slab<Rare>;
  template <class Rare>
  struct Place {
    std::array<SlabIndex, 2> of{no_slab_index, no_slab_index};
  };
  template <template <class> class Each>
  using ForRare =
      std::tuple<Each<OpeningWatch>, Each<StallWatch>, Each<LateWatch>, Each<RestartWatch>,
                 Each<RepeatWatch>, Each<AnswerWatch>, Each<GuessWatch>, Each<ClosingWatch>,
                 Each<EmptyWatch>, Each<EcnWatch>, Each<RepeatedBytes>>;

  void give_back_rare(SlabIndex rare) {
    const auto give_back_both = [this]<class Rare>(const Place<Rare>& place) {
      for (const SlabIndex index : place.of) {
        if (index != no_slab_index) std::get<RareSlab<Rare>>(x_rare).give_back(index);
      }
    };
    std::apply([&](const auto&... place) { (give_back_both(place), ...); }, x_places[rare]);
    x_places.give_back(rare);
  }

  Slab<ConnectionWatch> x_plain;
  Slab<ForRare<Place>> x_places;
  ForRare<RareSlab> x_rare;
};

/// The watch of one connection as detectors use it.
class Watch {
 public:
  Watch(WatchSlabs& slabs, ConnectionWatch& plain) : x_slabs(slabs), x_plain(plain) {}

  ConnectionWatch* operator->() const { return &x_plain; }
  template <class Rare>
  [[nodiscard]] const Rare& of(Side side) const {
    return x_slabs.of<Rare>(x_plain, side);
  }
  template <class Rare>
  [[nodiscard]] Rare& keep(Side side) const {
    return x_slabs.keep<Rare>(x_plain, side);
  }

 private:
  WatchSlabs& x_slabs;
  ConnectionWatch& x_plain;
};

}  // namespace tapdeck
