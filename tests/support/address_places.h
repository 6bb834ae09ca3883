// Where the addresses of a frame by itself stand.
#pragma once

#include <string>
#include <vector>

#include "dissectors/dissector.h"
#include "dissectors/edit/address_places.h"

namespace tapdeck::test {

inline AddressPlaces places_in(const std::vector<std::byte>& frame,
                               LinkType link_type = LinkType::ethernet) {
  Dissection dissection;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()),
                 .link_type = link_type,
                 .bytes = frame},
                dissection);
  AddressPlaces places;
  find_address_places(dissection, places);
  return places;
}

/// Those that IP headers don't hold, as "4 at 38, 6 at 54; 60 octets": versions and places, and how
/// far the frame can be read.
inline std::string place_words(const std::vector<std::byte>& frame,
                               LinkType link_type = LinkType::ethernet) {
  const AddressPlaces places = places_in(frame, link_type);
  std::string text;
  for (const AddressPlace& place : places.known) {
    if (place.kind == AddressPlace::Kind::mac) continue;
    text += (text.empty() ? "" : ", ");
    text += place.kind == AddressPlace::Kind::ipv4 ? "4 at " : "6 at ";
    text += std::to_string(place.at);
  }
  return text + "; " + std::to_string(places.readable) + " octets";
}

}  // namespace tapdeck::test
