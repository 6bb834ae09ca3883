# cmake -D SOURCE=service_names.tsv -D TARGET=table.cpp -P embed_service_names.cmake
# Writes the registry as a C++ table.
file(READ ${SOURCE} rows)
string(REGEX REPLACE "#[^\n]*\n" "" rows "${rows}")
foreach(protocol tcp:6 udp:17 dccp:33 sctp:132)
  string(REPLACE ":" ";" protocol ${protocol})
  list(GET protocol 0 name)
  list(GET protocol 1 number)
  string(REGEX REPLACE "([0-9]+)\t${name}\t([^\n]+)\n" "    {\\1, ${number}, \"\\2\"},\n" rows
                       "${rows}")
endforeach()
file(
  WRITE ${TARGET}
  "// Made from service_names.tsv by embed_service_names.cmake.
#include <algorithm>

#include \"analyzer/flow/service_names.h\"

namespace tapdeck {
namespace {

constexpr RegisteredService services[] = {
${rows}};

static_assert(std::ranges::is_sorted(services, is_before));

}  // namespace

std::span<const RegisteredService> registered_services() { return services; }

}  // namespace tapdeck
")
