// Puts a program together from template pieces: one block of imports, then the constants, then the
// pieces in the order in which they were added. One thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/generator/template_library.hpp"

namespace podium::codegen {

class ProgramBuilder {
 public:
  /// `library` must outlive the builder.
  explicit ProgramBuilder(const TemplateLibrary& library) : library_{library} {}

  /// What stands in the place {{name}} of every piece that is added from now on.
  void set(std::string name, std::string filling);

  /// Adds `NAME = literal` to the competition's constants. `literal` is Python source.
  void constant(std::string_view name, std::string_view literal);

  /// Adds a piece, its places filled. A piece that stands in the program already is not repeated.
  Result<void> add(std::string_view piece);

  /// Appends a piece's lines to the place {{place}} instead of to the program.
  Result<void> add_to(std::string_view place, std::string_view piece);

  /// The whole program. `summary` becomes the docstring and must be our own words.
  std::string program(std::string_view summary) const;

  /// The constants so far, as source.
  const std::string& constants() const { return constants_; }

  /// Names of the modules that the program imports.
  std::set<std::string> modules() const;

 private:
  void take_imports(const std::vector<std::string>& lines);

  const TemplateLibrary& library_;
  Fillings fillings_;
  std::string constants_;
  std::vector<std::string> bodies_;
  std::set<std::string, std::less<>> added_;
  std::set<std::string> plain_imports_;
  std::map<std::string, std::set<std::string>> from_imports_;
};

}  // namespace podium::codegen
