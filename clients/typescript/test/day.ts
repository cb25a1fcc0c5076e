// Kiosk, visitor, display and counter, played against the demo that listens at BASE; CAST is its file of accounts.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, every, follow, is, must, Refused, type Fetch, type Schemas } from "../src/index.js";

interface Cast {
  mall: string;
  accounts: { username: string; password: string }[];
  devices: { kind: string; key: string }[];
}
const { BASE: baseUrl = "", CAST = "" } = process.env;
const cast = JSON.parse(readFileSync(CAST, "utf-8")) as Cast;
const { mall } = cast;
const key = (kind: string) => cast.devices.find((each) => each.kind === kind)?.key;
const account = cast.accounts.find((each) => each.username === "petugas.disdukcapil.1")!;
const query = { agency_code: "DISDUKCAPIL" };

/** A network that does what it is told and loses the answer, as often as it is told. */
function losing(times: number): Fetch {
  return async (request) => {
    const answer = await fetch(request);
    if (times-- > 0) throw new TypeError("the answer was lost");
    return answer;
  };
}

/** A network that breaks the first stream off, after the first that came of it. */
function breaking(): Fetch {
  let whole = false;
  return async (request) => {
    const answer = await fetch(request);
    if (whole || !answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return answer;
    whole = true;
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    let sent = false;
    const pull = (rest: ReadableStreamDefaultController) => {
      if (sent) rest.error(new TypeError("the line was cut"));
      else rest.enqueue(value);
      sent = true;
    };
    return new Response(new ReadableStream({ pull, cancel: () => reader.cancel() }), answer);
  };
}

// The kiosk offers what it can give, and one press is one number, whatever the network does.
const kiosk = connect({ baseUrl, token: key("kiosk"), language: "en", fetch: losing(0) });
assert.equal(must(await kiosk.GET("/v1/me")).device?.kind, "kiosk");
const offers = every((cursor) =>
  kiosk.GET("/v1/malls/{mall}/availability", { params: { path: { mall }, query: { ...query, cursor, limit: 2 } } }),
);
const services: string[] = [];
for await (const each of offers) if (each.can_issue) services.push(each.service_id);
assert.ok(services.length > 2, "the offers stand on one page");
const service_id = services[0];
const issue = (client: typeof kiosk, own: string) =>
  client.POST("/v1/malls/{mall}/tickets", {
    params: { path: { mall }, header: { "Idempotency-Key": own } },
    body: { service_id },
  });
const own = randomUUID();
const ticket = must(await issue(connect({ baseUrl, token: key("kiosk"), fetch: losing(2) }), own));
const replayed = await issue(kiosk, own);
assert.equal(must(replayed).id, ticket.id);
assert.equal(replayed.response.headers.get("Idempotency-Replayed"), "true");
const handled = { params: { path: { mall, ticket_id: ticket.id } } };
const paper = must(await kiosk.GET("/v1/malls/{mall}/tickets/{ticket_id}/print", handled));
assert.ok(JSON.stringify(paper).includes(ticket.number));
must(await kiosk.POST("/v1/malls/{mall}/tickets/{ticket_id}/print-report", { ...handled, body: { outcome: "printed" } }));

// The visitor sees their place in the queue, and gives another number back.
const visitor = connect({ baseUrl });
const claim = (claim_code: string) => ({ params: { path: { mall, claim_code } } });
const mine = must(await visitor.GET("/v1/malls/{mall}/claims/{claim_code}", claim(ticket.claim_code!)));
assert.equal(mine.number, ticket.number);
const other = must(await issue(visitor, randomUUID()));
const given = must(await visitor.POST("/v1/malls/{mall}/claims/{claim_code}/cancellation", claim(other.claim_code!)));
assert.equal(given.status, "cancelled");

// The display follows the board, also over a line that was cut.
type Shown = Schemas["Board"] | Schemas["BoardChange"];
const display = connect({ baseUrl, token: key("display"), fetch: breaking() });
const shown = follow<Shown>((headers, signal) =>
  display.GET("/v1/malls/{mall}/board/stream", { params: { path: { mall } }, headers, signal, parseAs: "stream" }),
);
assert.equal((await shown.next()).value?.type, "board");

// The counter calls; the display shows it.
const form = { grant_type: "password", username: account.username, password: account.password } as const;
const headers = { "Content-Type": "application/x-www-form-urlencoded" };
const token = must(await visitor.POST("/v1/oauth/token", { body: form, headers })).access_token;
const officer = connect({ baseUrl, token: () => token, fetch: losing(1) });
const counters = every((cursor) =>
  officer.GET("/v1/malls/{mall}/counters", { params: { path: { mall }, query: { ...query, cursor } } }),
);
const desks: string[] = [];
for await (const each of counters) if (each.service_ids.includes(service_id)) desks.push(each.id);
const at = (counter_id: string) => ({ params: { path: { mall, counter_id } } });
must(await officer.POST("/v1/malls/{mall}/counters/{counter_id}/opening", at(desks[0])));
const body = { ticket_id: ticket.id };
const called = must(await officer.POST("/v1/malls/{mall}/counters/{counter_id}/calls", { ...at(desks[0]), body }));
const on = (data: Shown) => ("tickets" in data ? data.tickets : data.now_serving).map((each) => each.number);
for await (const event of shown) if (on(event.data).includes(called.number)) break;
must(await officer.POST("/v1/malls/{mall}/tickets/{ticket_id}/start", handled));
const done = must(await officer.POST("/v1/malls/{mall}/tickets/{ticket_id}/completion", handled));
assert.equal(done.status, "completed");

// A refusal has its code and its facts.
const busy = await officer.POST("/v1/malls/{mall}/counters/{counter_id}/opening", at(desks[1]));
assert.ok(is(busy.error, "officer_busy"));
assert.equal(busy.error.counter_id, desks[0]);
assert.throws(() => must(busy), Refused);
must(await officer.POST("/v1/malls/{mall}/counters/{counter_id}/closing", at(desks[0])));
console.log(`typescript: ${done.number} was served`);
