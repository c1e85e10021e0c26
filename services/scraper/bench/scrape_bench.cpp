#include "services/scraper/bench/scrape_bench.hpp"

#include <format>
#include <print>
#include <string>

#include "services/scraper/bench/scrape_world.hpp"
#include "services/scraper/bench/timings.hpp"

namespace podium::scraper::bench {
namespace {

constexpr int kJobs = 50;
constexpr double kTogetherAim = 1.2;
/// Until an answer of Kaggle itself begins, from where most people are.
constexpr std::chrono::milliseconds kFarAway{100};

void time_stored(ScrapeWorld& world, int repetitions) {
  Timings asked_anew;
  Timings told_before;
  const auto slug = world.new_competition("titanic");
  world.restart();
  world.time_of_jobs(slug, 1);
  for (int number = 0; number < repetitions; ++number) {
    world.restart();
    asked_anew.add(world.time_of_jobs(slug, 1));
    told_before.add(world.time_of_jobs(slug, 1));
  }
  std::println("From requested to scraped, data stored, {} times", repetitions);
  print_row("Kaggle asked", asked_anew);
  print_row("told by Kaggle a moment ago", told_before);
  std::println("  (aim: at most 0.150 s)");
}

void time_together(ScrapeWorld& world, const std::string& like, const std::string& how,
                   int repetitions) {
  Timings alone;
  Timings together;
  for (int number = 0; number < repetitions; ++number) {
    alone.add(world.time_of_jobs(world.new_competition(like), 1));
    together.add(world.time_of_jobs(world.new_competition(like), kJobs));
  }
  std::println("From requested to scraped, a new competition like {}{}, {} times", like, how,
               repetitions);
  print_row("one job", alone);
  print_row(std::format("{} jobs at once", kJobs), together);
  print_length("time, one job's being 1", together, alone, kTogetherAim);
}

}  // namespace

void time_scrapes(int repetitions) {
  ScrapeWorld world;
  time_stored(world, repetitions);
  for (const auto* like : {"titanic", "diamond-clarity", "nyc-late-arrivals"}) {
    time_together(world, like, "", repetitions);
  }
  world.slow_kaggle(kFarAway);
  time_together(world, "titanic", std::format(", Kaggle {} away", kFarAway), repetitions);
}

}  // namespace podium::scraper::bench
