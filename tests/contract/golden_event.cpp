#include "tests/contract/golden_event.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/timestamp.pb.h>

#include <charconv>
#include <format>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace podium::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kHexBytesPerLine = 32;
/// 2026-11-22T08:30:51Z; any fixed time would do.
constexpr std::int64_t kSeconds = 1'795'336'251;

void fill(Message& message);

std::int32_t last_enum_number(const FieldDescriptor& field) {
  const auto& type = *field.enum_type();
  return type.value(type.value_count() - 1)->number();
}

void set_one(Message& message, const FieldDescriptor& field) {
  const auto& set = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set.SetInt32(&message, &field, field.number());
    case FieldDescriptor::CPPTYPE_INT64:
      return set.SetInt64(&message, &field, field.number());
    case FieldDescriptor::CPPTYPE_UINT32:
      return set.SetUInt32(&message, &field, static_cast<std::uint32_t>(field.number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set.SetUInt64(&message, &field, static_cast<std::uint64_t>(field.number()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set.SetDouble(&message, &field, 0.5);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return set.SetFloat(&message, &field, 0.5F);
    case FieldDescriptor::CPPTYPE_BOOL:
      return set.SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return set.SetEnumValue(&message, &field, last_enum_number(field));
    case FieldDescriptor::CPPTYPE_STRING:
      return set.SetString(&message, &field, field.name());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(*set.MutableMessage(&message, &field));
  }
}

void add_one(Message& message, const FieldDescriptor& field) {
  const auto& add = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(*add.AddMessage(&message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return add.AddString(&message, &field, field.name());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return add.AddDouble(&message, &field, 0.5);
    case FieldDescriptor::CPPTYPE_ENUM:
      return add.AddEnumValue(&message, &field, last_enum_number(field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return add.AddUInt64(&message, &field, static_cast<std::uint64_t>(field.number()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return add.AddUInt32(&message, &field, static_cast<std::uint32_t>(field.number()));
    default:
      throw std::invalid_argument{"golden events cannot repeat " + field.full_name() + " yet"};
  }
}

void fill(Message& message) {
  if (auto* const time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
    time->set_seconds(kSeconds);
    return;
  }
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    // Of alternatives the first one stands: setting a second would clear it.
    const auto* const choice = field.real_containing_oneof();
    if (choice != nullptr && message.GetReflection()->HasOneof(message, choice)) continue;
    if (field.is_repeated()) {
      add_one(message, field);
    } else {
      set_one(message, field);
    }
  }
}

void collect(const Message& message, const std::string& prefix, std::set<std::string>& paths) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* const field : fields) {
    const auto path = prefix + field->name();
    paths.insert(path);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      collect(reflection.GetMessage(message, field), path + ".", paths);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      collect(reflection.GetRepeatedMessage(message, field, i), path + ".", paths);
    }
  }
}

}  // namespace

std::vector<std::string> payload_names() {
  std::vector<std::string> names;
  const auto* const payload = v1::Event::descriptor()->FindOneofByName("payload");
  for (int i = 0; i < payload->field_count(); ++i) names.push_back(payload->field(i)->name());
  return names;
}

v1::Event full_event(std::string_view payload) {
  v1::Event event;
  const auto* const field = v1::Event::descriptor()->FindFieldByName(std::string{payload});
  if (field == nullptr) throw std::invalid_argument{std::format("no payload {}", payload)};
  fill(*v1::Event::GetReflection()->MutableMessage(&event, field));
  fill(event);
  return event;
}

std::set<std::string> fields_set_in(const Message& message) {
  std::set<std::string> paths;
  collect(message, "", paths);
  return paths;
}

std::string bytes_of(const v1::Event& event) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream target{&bytes};
    google::protobuf::io::CodedOutputStream coded{&target};
    coded.SetSerializationDeterministic(true);
    event.SerializeToCodedStream(&coded);
  }
  return bytes;
}

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += std::format("{:02x}", static_cast<unsigned char>(bytes[i]));
    if ((i + 1) % kHexBytesPerLine == 0) text += '\n';
  }
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

std::string bytes_of_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '\n' && c != '\r') digits += c;
  }
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    unsigned byte = 0;
    const auto* const from = digits.data() + at;
    const auto* const to = digits.data() + std::min(at + 2, digits.size());
    if (to - from != 2 || std::from_chars(from, to, byte, 16).ptr != to) {
      throw std::invalid_argument{"not hexadecimal"};
    }
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::vector<std::filesystem::path> goldens_of(const std::filesystem::path& folder,
                                              std::string_view payload) {
  std::vector<std::filesystem::path> found;
  for (int number = 1;; ++number) {
    const auto golden = folder / std::format("{}.{}", payload, number);
    if (!std::filesystem::exists(golden.string() + ".hex")) return found;
    found.push_back(golden);
  }
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw std::runtime_error{"cannot read " + file.string()};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

}  // namespace podium::testing
