// A stream goes on over lost connections and restarts: it is asked for again after the last event that was read.
import { Refused } from "./problems.js";

export interface StreamEvent<T = unknown> {
  id: string | undefined;
  type: string;
  data: T;
}

const SILENT_SECONDS = 45;

type Ask = (
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/**
 * Every event, from now on or after `lastEventId`, until the stream is over, refused (Refused), or no longer read:
 * `follow((headers, signal) => client.GET(path, { params, headers, signal, parseAs: "stream" }))`.
 */
export async function* follow<T = unknown>(ask: Ask, lastEventId?: string): AsyncGenerator<StreamEvent<T>, void> {
  for (let seconds = 1; ; await sleep(seconds)) {
    const leaving = new AbortController();
    let watch: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => leaving.abort(), SILENT_SECONDS * 1000);
    };
    heard();
    try {
      const headers = { Accept: "text/event-stream", ...(lastEventId ? { "Last-Event-ID": lastEventId } : {}) };
      const { data, error, response } = await ask(headers, leaving.signal);
      if (!response.ok && response.status < 500 && response.status !== 429) throw new Refused(error);
      if (response.status === 204) return;
      if (!response.ok || !data) continue;
      for await (const block of blocks(data as ReadableStream<Uint8Array>, heard)) {
        if (block.retry) seconds = block.retry;
        if (block.data === undefined) continue;
        if (block.id !== undefined) lastEventId = block.id;
        const event = { id: block.id, type: block.event ?? "message", data: JSON.parse(block.data) };
        if (event.type !== "end") yield event;
        else if (event.data.retry_after_seconds !== null) seconds = event.data.retry_after_seconds;
        else if (event.data.problem) throw new Refused(event.data.problem);
        else return;
      }
    } catch (lost) {
      if (lost instanceof Refused) throw lost;
    } finally {
      clearTimeout(watch);
      leaving.abort();
    }
  }
}

interface Block {
  id?: string;
  event?: string;
  data?: string;
  /** Seconds. */
  retry?: number;
}

async function* blocks(stream: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<Block, void> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  let block: Block = {};
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    heard();
    const lines = (rest + read.value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?(.*?)\r?$/.exec(line)!;
      if (!line.trim()) {
        yield block;
        block = {};
      } else if (name === "data") block.data = block.data === undefined ? value : `${block.data}\n${value}`;
      else if (name === "retry") block.retry = Number(value) / 1000;
      else if (name === "id" || name === "event") block[name] = value;
    }
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
