#include "services/codegen/generator/program_builder.hpp"

#include <algorithm>
#include <array>

#include "services/codegen/generator/python_literal.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kColumnsMax = 100;
constexpr std::array<std::string_view, 8> kStandardModules{
    "collections", "functools", "itertools", "json", "os", "pathlib", "re", "time"};

std::string_view first_part(std::string_view module) {
  return module.substr(0, module.find('.'));
}

bool is_standard(std::string_view module) {
  return std::ranges::contains(kStandardModules, first_part(module));
}

std::string from_line(const std::string& module, const std::set<std::string>& names) {
  const std::vector<std::string> list{names.begin(), names.end()};
  std::string joined;
  for (const std::string& name : list) joined += (joined.empty() ? "" : ", ") + name;
  const std::string line = "from " + module + " import " + joined;
  if (line.size() <= kColumnsMax) return line;
  return "from " + module + " import " + python_sequence(list, '(', ')');
}

}  // namespace

void ProgramBuilder::set(std::string name, std::string filling) {
  fillings_.insert_or_assign(std::move(name), std::move(filling));
}

void ProgramBuilder::constant(std::string_view name, std::string_view literal) {
  constants_.append(name).append(" = ").append(literal).append("\n");
}

void ProgramBuilder::take_imports(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const std::size_t names = line.find(" import ");
    if (!line.starts_with("from ") || names == std::string::npos) {
      plain_imports_.insert(line);
      continue;
    }
    std::string_view rest = std::string_view{line}.substr(names + 8);
    auto& into = from_imports_[line.substr(5, names - 5)];
    while (!rest.empty()) {
      const std::size_t end = rest.find(", ");
      into.emplace(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    }
  }
}

Result<void> ProgramBuilder::add(std::string_view piece) {
  if (!added_.emplace(piece).second) return {};
  auto filled = PODIUM_TRY(library_.fill(piece, fillings_));
  take_imports(filled.imports);
  bodies_.push_back(std::move(filled.body));
  return {};
}

Result<void> ProgramBuilder::add_to(std::string_view place, std::string_view piece) {
  auto filled = PODIUM_TRY(library_.fill(piece, fillings_));
  take_imports(filled.imports);
  fillings_[std::string{place}] += filled.body;
  return {};
}

std::set<std::string> ProgramBuilder::modules() const {
  std::set<std::string> out;
  for (const std::string& line : plain_imports_) {
    const std::string_view name = std::string_view{line}.substr(7);
    out.emplace(first_part(name.substr(0, name.find(' '))));
  }
  for (const auto& [module, names] : from_imports_) out.emplace(first_part(module));
  std::erase_if(out, is_standard);
  return out;
}

std::string ProgramBuilder::program(std::string_view summary) const {
  std::string standard;
  std::string foreign;
  for (const std::string& line : plain_imports_) {
    const std::string_view name = std::string_view{line}.substr(7);
    (is_standard(name.substr(0, name.find(' '))) ? standard : foreign) += line + "\n";
  }
  for (const auto& [module, names] : from_imports_) {
    (is_standard(module) ? standard : foreign) += from_line(module, names) + "\n";
  }
  std::string out = "\"\"\"" + std::string{summary} + "\"\"\"\n\n" + standard + "\n" + foreign;
  for (std::size_t i = 0; i < bodies_.size(); ++i) out += (i == 0 ? "\n" : "\n\n") + bodies_[i];
  return out;
}

}  // namespace podium::codegen
