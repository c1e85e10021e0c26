// The prompts and replies of model calls in the artifact store: what makes a call safe to repeat.
// Thread-safe, as the store is, which must outlive it.
#pragma once

#include <optional>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/calls/call_key.hpp"
#include "services/codegen/calls/call_record.hpp"
#include "services/codegen/prompts/prompt.hpp"

namespace podium::codegen {

class CallJournal {
 public:
  explicit CallJournal(ArtifactStore& artifacts) : artifacts_{artifacts} {}

  /// nullopt when none is stored.
  Result<std::optional<Prompt>> prompt(const CallKey& key);
  Result<void> save(const CallKey& key, const Prompt& prompt);
  Result<std::optional<CallRecord>> reply(const CallKey& key);
  Result<void> save(const CallKey& key, const CallRecord& record);

  /// What people read, under the candidate's plain names `prompt.md` and `reply.md`; the last call
  /// of a candidate stays.
  Result<v1::ArtifactRef> show(const CallKey& key, const Prompt& prompt);
  Result<v1::ArtifactRef> show(const CallKey& key, const CallRecord& record);

 private:
  Result<std::optional<std::string>> get(const CallKey& key, std::string_view kind);
  Result<v1::ArtifactRef> put(const CallKey& key, std::string_view name, const std::string& bytes);

  ArtifactStore& artifacts_;
};

}  // namespace podium::codegen
