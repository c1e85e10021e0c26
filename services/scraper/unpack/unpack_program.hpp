// podium-unpack as a program: reads its arguments, locks itself in, does its one work. One thread.
#pragma once

namespace podium::scraper::unpack {

/// The exit code: kExitDone, or kExitBroken with the reason on stderr. Not to be repeated in one
/// process, which stays locked in. See protocol.hpp for arguments and descriptors.
int run_unpack(int argc, char** argv);

}  // namespace podium::scraper::unpack
