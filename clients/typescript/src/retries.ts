// A request whose answer was lost is sent again, with the same key, so that it is done once.

export type Fetch = (request: Request) => Promise<Response>;

const LATER = [429, 502, 503, 504];
const LONGEST = 30;

/** Seconds until the next attempt: what the answer says, or twice as long each time, and never all at once. */
function pause(attempt: number, answer?: Response): number {
  const said = Number(answer?.headers.get("Retry-After"));
  return said || Math.min(LONGEST, 2 ** attempt / 4) * (0.5 + Math.random());
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener("abort", () => (clearTimeout(timer), fail(signal.reason)), { once: true });
  });
}

/**
 * A `fetch` that gives each POST an `Idempotency-Key` where it has none, and repeats what may be repeated: reads, and
 * what has a key. An edit (PATCH, PUT, DELETE) is repeated only where it certainly was not done.
 */
export function retrying(inner: Fetch, attempts = 5): Fetch {
  return async (request) => {
    const signsIn = new URL(request.url).pathname.startsWith("/v1/oauth/");
    if (request.method === "POST" && !signsIn && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    const repeatable = request.method === "GET" || request.headers.has("Idempotency-Key");
    for (let attempt = 1; ; attempt++) {
      let answer: Response | undefined;
      try {
        answer = await inner(request.clone());
      } catch (lost) {
        if (!repeatable || attempt >= attempts || request.signal.aborted) throw lost;
      }
      if (answer && (attempt >= attempts || !LATER.includes(answer.status))) return answer;
      if (answer && !repeatable && answer.status !== 429) return answer;
      await answer?.body?.cancel();
      await sleep(pause(attempt, answer), request.signal);
    }
  };
}
