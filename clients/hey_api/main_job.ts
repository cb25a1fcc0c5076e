// The main job with @hey-api/openapi-ts: a visitor takes a number, an officer serves it.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createClient } from "../generated/hey/client/index.js";
import * as mpp from "../generated/hey/index.js";

const { BASE = "", CAST = "" } = process.env;
const { mall, accounts } = JSON.parse(readFileSync(CAST, "utf-8"));
const { username, password } = accounts.find((each: { username: string }) => each.username === "petugas.disdukcapil.1");

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

const visitor = createClient({ baseUrl: BASE });
const offers = must(
  await mpp.listAvailability({ client: visitor, path: { mall }, query: { agency_code: "DISDUKCAPIL" } }),
);
const offer = offers.data.find((each) => each.can_issue);
if (!offer) throw new Error("nothing is open");
const ticket = must(
  await mpp.issueTicket({
    client: visitor,
    path: { mall },
    headers: { "Idempotency-Key": randomUUID() },
    body: { service_id: offer.service_id },
  }),
);

const token = must(
  await mpp.issueToken({
    client: visitor,
    body: { grant_type: "password", username, password },
  }),
);
const officer = createClient({ baseUrl: BASE, headers: { Authorization: `Bearer ${token.access_token}` } });
const counters = must(
  await mpp.listCounters({ client: officer, path: { mall }, query: { agency_code: "DISDUKCAPIL" } }),
);
const [first, second] = counters.data.filter((each) => each.service_ids.includes(offer.service_id));
const path = { mall, counter_id: first.id };
must(await mpp.openCounter({ client: officer, path }));
const called = must(await mpp.callNextTicket({ client: officer, path, body: { ticket_id: ticket.id } }));
const board = must(await mpp.getBoard({ client: visitor, path: { mall }, query: { counter_id: first.id } }));
insist(board.now_serving.some((each) => each.number === called.number), "the board does not show the call");
const handled = { client: officer, path: { mall, ticket_id: ticket.id } };
must(await mpp.startTicket(handled));
const done = must(await mpp.completeTicket(handled));
insist(done.status === "completed", done.status);

const busy = await mpp.openCounter({ client: officer, path: { mall, counter_id: second.id } });
if (!busy.error || !is(busy.error, "officer_busy")) throw new Error(JSON.stringify(busy.error));
const elsewhere: string = busy.error.counter_id;
insist(elsewhere === first.id, "the problem names another counter");
must(await mpp.closeCounter({ client: officer, path }));
console.log(`@hey-api/openapi-ts: ${done.number} was served`);
