// Lists come in pages. This walks through all of them, one request a page, and only as far as it is read.
import { must, type Answer } from "./problems.js";

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** Every item: `every((cursor) => client.GET(path, { params: { query: { cursor } } }))`. */
export async function* every<T>(ask: (cursor: string | undefined) => Promise<Answer<Page<T>>>): AsyncGenerator<T, void> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = must(await ask(cursor));
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
}
