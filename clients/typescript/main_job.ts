// The main job with openapi-typescript and openapi-fetch: a visitor takes a number, an officer serves it.
import createClient from "openapi-fetch";
import { randomUUID } from "node:crypto";
import type { paths } from "../generated/schema.js";

const { BASE = "", USERNAME = "", PASSWORD = "" } = process.env;
const mall = "samarinda";

// Narrows a problem to the one of a code, with its facts.
function is<P extends { code: string }, C extends string>(problem: P, code: C): problem is Extract<P, { code: C }> {
  return problem.code === code;
}

function must<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

function insist(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const visitor = createClient<paths>({ baseUrl: BASE });
const offers = must(
  await visitor.GET("/v1/malls/{mall}/availability", { params: { path: { mall }, query: { agency_code: "DISDUKCAPIL" } } }),
);
const offer = offers.data.find((each) => each.can_issue);
if (!offer) throw new Error("nothing is open");
const ticket = must(
  await visitor.POST("/v1/malls/{mall}/tickets", {
    params: { path: { mall }, header: { "Idempotency-Key": randomUUID() } },
    body: { service_id: offer.service_id },
  }),
);

const token = must(
  await visitor.POST("/v1/oauth/token", {
    body: { grant_type: "password", username: USERNAME, password: PASSWORD },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  }),
);
const officer = createClient<paths>({ baseUrl: BASE, headers: { Authorization: `Bearer ${token.access_token}` } });
const counters = must(
  await officer.GET("/v1/malls/{mall}/counters", { params: { path: { mall }, query: { agency_code: "DISDUKCAPIL" } } }),
);
const [first, second] = counters.data.filter((each) => each.service_ids.includes(offer.service_id));
const at = { params: { path: { mall, counter_id: first.id } } };
must(await officer.POST("/v1/malls/{mall}/counters/{counter_id}/opening", at));
const called = must(
  await officer.POST("/v1/malls/{mall}/counters/{counter_id}/calls", { ...at, body: { ticket_id: ticket.id } }),
);
const board = must(
  await visitor.GET("/v1/malls/{mall}/board", { params: { path: { mall }, query: { counter_id: first.id } } }),
);
insist(board.now_serving.some((each) => each.number === called.number), "the board does not show the call");
const handled = { params: { path: { mall, ticket_id: ticket.id } } };
must(await officer.POST("/v1/malls/{mall}/tickets/{ticket_id}/start", handled));
const done = must(await officer.POST("/v1/malls/{mall}/tickets/{ticket_id}/completion", handled));
insist(done.status === "completed", done.status);

const busy = await officer.POST("/v1/malls/{mall}/counters/{counter_id}/opening", {
  params: { path: { mall, counter_id: second.id } },
});
if (!busy.error || !is(busy.error, "officer_busy")) throw new Error(JSON.stringify(busy.error));
const elsewhere: string = busy.error.counter_id;
insist(elsewhere === first.id, "the problem names another counter");
must(await officer.POST("/v1/malls/{mall}/counters/{counter_id}/closing", at));
console.log(`openapi-typescript: ${done.number} was served`);
