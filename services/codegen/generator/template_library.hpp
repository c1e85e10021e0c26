// The pieces that solutions are put together from: the files `<name>.py.tmpl` of one folder, read
// once. Immutable after loading, so any number of threads may use it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/text_template.hpp"

namespace podium::codegen {

/// One piece: the modules it needs and its lines.
struct TemplatePiece {
  std::vector<std::string> imports;
  std::string body;
};

class TemplateLibrary {
 public:
  /// Largest piece, and largest number of pieces, that a folder may hold.
  static constexpr std::size_t kPieceBytesMax = std::size_t{64} * 1024;
  static constexpr std::size_t kPiecesMax = 512;

  /// CONFIGURATION when the folder cannot be read or holds no piece.
  static Result<TemplateLibrary> load(const std::filesystem::path& folder);

  /// The piece with its places filled; imports are filled too. CONFIGURATION when there is no such
  /// piece or a place has no filling. What a filling holds is never read as a place again.
  Result<TemplatePiece> fill(std::string_view name, const Fillings& fillings) const;

  std::vector<std::string> names() const;

 private:
  std::map<std::string, std::string, std::less<>> pieces_;
};

}  // namespace podium::codegen
