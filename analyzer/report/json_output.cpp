#include "analyzer/report/json_output.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include <rapidjson/prettywriter.h>

#include "analyzer/report/json_text.h"
#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

/// What RapidJSON asks of an output stream.
class SinkStream {
 public:
  using Ch = char;

  explicit SinkStream(ByteSink& sink) : x_sink(sink) {}

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names.
  void Put(char c) {
    constexpr char del = 0x7f;  // the one control character that JSON lets through
    if (c == del) {
      for (const char each : std::string_view("\\u007f")) Put(each);
      return;
    }
    x_block[x_used++] = c;
    if (x_used == x_block.size()) hand_on();
  }
  void Flush() {}
  // NOLINTEND(readability-identifier-naming)

  void hand_on() {
    const std::size_t used = std::exchange(x_used, 0);  // also if the sink throws
    x_sink.write({x_block.data(), used});
  }

 private:
  ByteSink& x_sink;
  std::array<char, 65'536> x_block;
  std::size_t x_used = 0;
};

/// RapidJSON finds this by its argument. NOLINTNEXTLINE(readability-identifier-naming)
inline void PutUnsafe(SinkStream& stream, char c) { stream.Put(c); }

/// As nearly all strings are.
bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

using Utf8 = rapidjson::UTF8<>;
using Ascii = rapidjson::ASCII<>;
using Compact = rapidjson::Writer<SinkStream, Utf8, Ascii>;
using Indented = rapidjson::PrettyWriter<SinkStream, Utf8, Ascii>;
using AnyWriter = std::variant<std::monostate, Compact, Indented>;

}  // namespace

struct JsonOutput::Writers {
  explicit Writers(ByteSink& sink) : stream(sink) {}

  template <class Call>
  void with(Call call) {
    if (auto* const compact = std::get_if<Compact>(&any)) call(*compact);
    if (auto* const indented = std::get_if<Indented>(&any)) call(*indented);
  }

  SinkStream stream;
  AnyWriter any;
};

JsonOutput::JsonOutput(ByteSink& sink, JsonLayout layout)
    : x_writers(std::make_unique<Writers>(sink)) {
  if (layout == JsonLayout::one_line) {
    x_writers->any.emplace<Compact>(x_writers->stream);
  } else {
    x_writers->any.emplace<Indented>(x_writers->stream).SetIndent(' ', 1);
  }
}

JsonOutput::~JsonOutput() = default;

void JsonOutput::begin_object() {
  x_writers->with([](auto& writer) { writer.StartObject(); });
}
void JsonOutput::end_object() {
  x_writers->with([](auto& writer) { writer.EndObject(); });
}
void JsonOutput::begin_array() {
  x_writers->with([](auto& writer) { writer.StartArray(); });
}
void JsonOutput::end_array() {
  x_writers->with([](auto& writer) { writer.EndArray(); });
}

void JsonOutput::key(std::string_view name) { value(name); }

void JsonOutput::value(bool truth) {
  x_writers->with([=](auto& writer) { writer.Bool(truth); });
}
void JsonOutput::value(std::uint64_t number) {
  x_writers->with([=](auto& writer) { writer.Uint64(number); });
}
void JsonOutput::value(std::int64_t number) {
  x_writers->with([=](auto& writer) { writer.Int64(number); });
}
void JsonOutput::value(std::string_view text) {
  std::string mended;
  if (!is_ascii(text)) text = mended = valid_utf8(text);
  x_writers->with([&](auto& writer) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  });
}
void JsonOutput::null() {
  x_writers->with([](auto& writer) { writer.Null(); });
}

void JsonOutput::end_document() {
  x_writers->stream.Put('\n');
  x_writers->stream.hand_on();
  x_writers->with([this](auto& writer) { writer.Reset(x_writers->stream); });
}

std::string json_string(std::string_view text) {
  StringSink sink;
  {
    SinkStream stream(sink);
    Compact writer(stream);
    const std::string valid = valid_utf8(text);
    writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    stream.hand_on();
  }
  return sink.text();
}

}  // namespace tapdeck
