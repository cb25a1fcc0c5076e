// A client of the mall's API: `connect` makes it, the rest makes long lists, lost answers and streams easy.
import createClient, { type Client } from "openapi-fetch";
import { retrying, type Fetch } from "./retries.js";
import type { components, paths } from "./schema.js";

export { every, type Page } from "./paging.js";
export { is, must, Refused, type Answer } from "./problems.js";
export { retrying, type Fetch } from "./retries.js";
export { follow, type StreamEvent } from "./streams.js";
export type { components, paths } from "./schema.js";
export type Schemas = components["schemas"];
export type MallClient = Client<paths>;

export interface Connection {
  /** Where the program answers, without a path. */
  baseUrl: string;
  /** An access token or a device's key; a function is asked before each request, so that it can renew the token. */
  token?: string | (() => string | Promise<string>);
  /** The language of computed texts, refusals among them. */
  language?: "id" | "en";
  /** How often a request is tried that may be repeated without harm. */
  attempts?: number;
  fetch?: Fetch;
}

export function connect(connection: Connection): MallClient {
  const { baseUrl, token, language, attempts } = connection;
  const client = createClient<paths>({ baseUrl, fetch: retrying(connection.fetch ?? fetch, attempts) });
  client.use({
    async onRequest({ request }) {
      const shown = typeof token === "function" ? await token() : token;
      if (shown) request.headers.set("Authorization", `Bearer ${shown}`);
      if (language && !request.headers.has("Accept-Language")) request.headers.set("Accept-Language", language);
      return request;
    },
  });
  return client;
}
