// CandidateGenerator that takes the program which won an earlier job, byte for byte. Nothing is
// learned from it but what its run shows anew. Thread-safe, as ArtifactStore is.
#pragma once

#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class EarlierWinnerGenerator final : public CandidateGenerator {
 public:
  explicit EarlierWinnerGenerator(ArtifactStore& artifacts) : artifacts_{artifacts} {}
  /// The draft is NOT_FOUND when the program is no longer kept, INVALID when it is another one.
  Result<DraftAnswer> draft(const DraftOrder& order) override;

 private:
  Result<CandidateDraft> take(const v1::EarlierWinner& winner);

  ArtifactStore& artifacts_;
};

}  // namespace podium::codegen
