#include "services/codegen/replies/check_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kSubmission = "submission.csv";
constexpr std::size_t kPathBytesMax = 255;

constexpr std::array<std::string_view, 20> kDataSuffixes{
    ".csv", ".tsv", ".parquet", ".pq",  ".feather", ".json", ".jsonl", ".ndjson", ".txt", ".xlsx",
    ".xls", ".npy", ".npz",     ".pkl", ".pickle",  ".h5",   ".hdf5",  ".zip",    ".gz",  ".dat"};
// Calls that a table can be written with.
constexpr std::array<std::string_view, 11> kTableWrites{
    "to_csv",  "write_csv",  "sink_csv",    "write", "writerow", "writerows",
    "savetxt", "write_text", "write_bytes", "open",  "copyfile"};
// Folders of the system; nothing of a competition is there.
constexpr std::array<std::string_view, 9> kSystemFolders{
    "/etc/", "/proc/", "/root/", "/home/", "/var/", "/sys/", "/run/", "~/", "C:\\"};
// How notebooks name the folder of the data.
constexpr std::array<std::string_view, 2> kInputFolders{"/kaggle/input/", "../input/"};

std::string_view file_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.size() - file_name(path).size());
}

bool has_data_suffix(std::string_view name) {
  const std::string small = competition::lower(name.substr(name.find_last_of('.') + 1));
  return std::ranges::any_of(kDataSuffixes,
                             [&](std::string_view suffix) { return suffix.substr(1) == small; });
}

// A file's name that is written out: no pattern, no place that is filled later, no sentence.
bool is_data_path(const StringUse& use) {
  const std::string_view name = file_name(use.body);
  const std::size_t dot = name.find_last_of('.');
  if (use.body.size() > kPathBytesMax || dot == std::string_view::npos || dot == 0) return false;
  if (name.find_first_of("*?{}%\n\\") != std::string_view::npos) return false;
  const bool sentence = name.find(' ') != std::string_view::npos;
  return has_data_suffix(name) && (!sentence || use.role == StringRole::read);
}

bool is_told_of(StringRole role) {
  return role == StringRole::read || role == StringRole::plain;
}

class Manifest {
 public:
  explicit Manifest(const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      const std::string name{file_name(file)};
      names_.insert(name);
      by_lower_.emplace(competition::lower(name), name);
    }
    listed_ = listed(files, kFilesNamedMax);
  }

  bool has(std::string_view name) const { return names_.contains(std::string{name}); }

  std::string advice(std::string_view name) const {
    const auto other_case = by_lower_.find(competition::lower(name));
    if (other_case != by_lower_.end()) return "it is called " + in_quotes(other_case->second) + ".";
    return "its files are " + listed_ + ".";
  }

 private:
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::string> by_lower_;
  std::string listed_;
};

// Names that the program writes itself; it may read them again.
std::unordered_set<std::string> written_names(const std::vector<StringUse>& uses) {
  std::unordered_set<std::string> names;
  for (const StringUse& use : uses) {
    if (use.role == StringRole::write) names.emplace(file_name(use.body));
  }
  return names;
}

void check_folder(const StringUse& use, const CheckOptions& options, Findings& findings) {
  const bool system = std::ranges::any_of(
      kSystemFolders, [&](std::string_view folder) { return use.body.starts_with(folder); });
  if (system) {
    findings.push_back(
        {Severity::refuse, "path", use.line,
         in_quotes(use.body) + " is outside of the competition; read only its files."});
    return;
  }
  if (options.input_folder.empty()) return;
  const std::string_view own = file_name(options.input_folder);
  for (const std::string_view folder : kInputFolders) {
    if (!use.body.starts_with(folder)) continue;
    const std::string_view rest = use.body.substr(folder.size());
    const std::string_view next = rest.substr(0, rest.find('/'));
    if (next.empty() || next == own || next.find_first_of("{*") != std::string_view::npos) return;
    findings.push_back({Severity::refuse, "path", use.line,
                        in_quotes(use.body) + " is not where the data is; the folder is " +
                            in_quotes(options.input_folder) + "."});
  }
}

const StringUse* submission_written(const std::vector<StringUse>& uses) {
  const auto found = std::ranges::find_if(uses, [](const StringUse& use) {
    const bool for_writing = use.role == StringRole::write || use.role == StringRole::plain;
    return for_writing && file_name(use.body) == kSubmission;
  });
  return found == uses.end() ? nullptr : &*found;
}

// The table that the program writes instead: the last one, or a constant that sounds like it.
const StringUse* written_instead(const std::vector<StringUse>& uses, const Manifest& manifest) {
  const StringUse* instead = nullptr;
  for (const StringUse& use : uses) {
    const std::string name = competition::lower(file_name(use.body));
    if (!is_data_path(use) || !name.ends_with(".csv") || manifest.has(file_name(use.body)))
      continue;
    const bool sounds = use.role == StringRole::plain && name.find("sub") != std::string::npos &&
                        name.find("sample") == std::string::npos;
    if (use.role == StringRole::write || sounds) instead = &use;
  }
  return instead;
}

void check_submission_folder(const StringUse& use, Findings& findings) {
  const std::string_view folder = folder_of(use.body);
  const bool fine = folder.empty() || folder == "./" || folder == "/kaggle/working/" ||
                    folder.find('{') != std::string_view::npos;
  if (fine) return;
  const bool absolute = folder.starts_with('/');
  findings.push_back({absolute ? Severity::refuse : Severity::warn, "submission", use.line,
                      in_quotes(use.body) + " is not where the submission is looked for; write "
                                            "/kaggle/working/submission.csv."});
}

}  // namespace

void check_data_files(const std::vector<StringUse>& uses, const CheckOptions& options,
                      Findings& findings) {
  const Manifest manifest{options.data_files};
  const auto written = written_names(uses);
  for (const StringUse& use : uses) {
    if (use.role != StringRole::docstring && use.role != StringRole::mention) {
      check_folder(use, options, findings);
    }
    const std::string_view name = file_name(use.body);
    const bool foreign = use.body.find("://") != std::string_view::npos;
    if (options.data_files.empty() || !is_told_of(use.role) || !is_data_path(use) || foreign) {
      continue;
    }
    if (manifest.has(name) || written.contains(std::string{name})) continue;
    const bool output = competition::lower(name).find("sub") != std::string::npos;
    if (use.role == StringRole::plain && output) continue;  // the rules of the submission tell it
    const bool reads = use.role == StringRole::read;
    findings.push_back(
        {reads ? Severity::refuse : Severity::warn, "data", use.line,
         "The competition has no file " + in_quotes(name) + "; " + manifest.advice(name)});
  }
}

void check_submission(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                      const CheckOptions& options, Findings& findings) {
  if (!options.submission) return;
  const bool writes = std::ranges::any_of(tokens, [](const Token& token) {
    return std::ranges::find(kTableWrites, token.text) != kTableWrites.end();
  });
  if (const StringUse* written = submission_written(uses)) {
    check_submission_folder(*written, findings);
    if (writes) return;
    findings.push_back({Severity::refuse, "submission", written->line,
                        "The program names submission.csv but writes no file; write it with "
                        "to_csv(\"submission.csv\", index=False)."});
    return;
  }
  if (const StringUse* instead = written_instead(uses, Manifest{options.data_files})) {
    findings.push_back({Severity::refuse, "submission_name", instead->line,
                        in_quotes(instead->body) + " is not looked at; the file must be called "
                                                   "submission.csv."});
    return;
  }
  // A name that is put together of parts cannot be read here.
  const bool maybe = writes && std::ranges::any_of(uses, [](const StringUse& use) {
                       return use.role != StringRole::docstring &&
                              use.body.starts_with("submission") && use.role != StringRole::mention;
                     });
  findings.push_back({maybe ? Severity::warn : Severity::refuse, "submission", 0,
                      "The program never writes submission.csv; write it into the working folder, "
                      "with exactly the columns and rows of the sample submission."});
}

}  // namespace podium::codegen
