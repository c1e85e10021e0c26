// The ramp of the AWS ancestor's load test: 5, 10, 25, then 50 requests a second over six minutes.
// Whatever the load, a request is accepted (201) or told to come later (429); nothing else.
//
//     k6 run [-e PODIUM_URL=http://127.0.0.1:8080] [-e SCALE=0.1] [-e MINUTES=6] tests/load/ramp.js
//
// SCALE multiplies the rates and MINUTES the time, for a short look on a small machine. Jobs that
// were accepted are asked for one candidate each, and are cancelled again as soon as they stand, so
// that the ramp measures the door and not the sandboxes; CANCEL=0 leaves them running.
import http from "k6/http";
import { check } from "k6";
import { Counter, Rate } from "k6/metrics";

const url = (__ENV.PODIUM_URL || "http://127.0.0.1:8080").replace(/\/$/, "");
const scale = Number(__ENV.SCALE || 1);
const minutes = Number(__ENV.MINUTES || 6);
const cancels = __ENV.CANCEL !== "0";
const competitions = ["titanic", "tiny-digits", "nyc-late-arrivals", "diamond-clarity"];

const accepted = new Counter("podium_accepted");
const toldToWait = new Counter("podium_told_to_wait");
const expected = new Rate("podium_answers_as_promised");

// Four steps of a quarter of the time each: a third of a step to get to the rate, the rest at it.
function stages() {
  const step = (minutes * 60) / 4;
  const rate = (perSecond) => Math.max(1, Math.round(perSecond * scale));
  return [5, 10, 25, 50].flatMap((perSecond) => [
    { target: rate(perSecond), duration: `${Math.round(step / 3)}s` },
    { target: rate(perSecond), duration: `${Math.round((step * 2) / 3)}s` },
  ]);
}

export const options = {
  scenarios: {
    ramp: {
      executor: "ramping-arrival-rate",
      startRate: 1,
      timeUnit: "1s",
      preAllocatedVUs: Math.max(10, Math.round(50 * scale)),
      maxVUs: Math.max(50, Math.round(400 * scale)),
      stages: stages(),
    },
  },
  thresholds: {
    podium_answers_as_promised: ["rate==1"],
    "http_req_duration{call:run}": ["p(95)<1000"],
  },
};

// Without a body and with the address unencoded, as that system's clients sent it.
export default function () {
  const competition = competitions[Math.floor(Math.random() * competitions.length)];
  const headers = __ENV.PODIUM_API_KEY ? { Authorization: `Bearer ${__ENV.PODIUM_API_KEY}` } : {};
  const target = `https://www.kaggle.com/competitions/${competition}`;
  const answer = http.post(`${url}/run?url=${target}&max_candidates=1`, null, {
    headers,
    tags: { call: "run", name: "POST /run" },
    responseCallback: http.expectedStatuses(201, 429),
  });
  expected.add(answer.status === 201 || answer.status === 429);
  if (answer.status === 429) {
    toldToWait.add(1);
    check(answer, { "429 says when to come again": (one) => one.headers["Retry-After"] !== undefined });
    return;
  }
  accepted.add(1);
  const job = answer.json("job_id");
  check(job, { "201 names the job": (id) => typeof id === "string" && id.length === 36 });
  if (cancels && job) {
    http.post(`${url}/jobs/${job}/cancel`, null, {
      headers,
      tags: { call: "cancel", name: "POST /jobs/{id}/cancel" },
      responseCallback: http.expectedStatuses(200, 202, 409),
    });
  }
}
