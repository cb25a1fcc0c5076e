// Calls the API: who asks, in which language, and what to do when nobody answers. No screen is known here.

import { language } from './language.js';
import { API, MALL } from './settings.js';

const MALL_URL = API + 'v1/malls/' + MALL;
const PATIENCE = 10000; // after so many milliseconds a call counts as lost
const LONGEST_WAIT = 5; // seconds between two tries

// The API has answered, and said no. `code` never changes and is never translated: decide by it.
// `title` and `detail` are for people, in the language that was asked for.
export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail);
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.problem = problem; // the facts of this code stand beside them, for example `next_opening_at`
  }
}

// Nobody has answered, or only somebody who could not: a proxy without its server, a server that is too busy.
// Whether the act was done is not known. So it is sent again with the same key (see acts.js).
export class NoAnswer extends Error {
  constructor(seconds) {
    super('no answer');
    this.seconds = seconds; // what `Retry-After` said; 0: nothing
  }
}

// The credentials do not count any more, and cannot be renewed: somebody must sign in.
export class SignedOut extends Error {}

// Who asks. The public asks without credentials; a screen that knows more calls `identify`.
let who = { token: () => null, renew: async () => false };

export function identify(caller) {
  who = caller;
}

// The server's clock, for timers: the clock of a cheap screen may be minutes wrong.
let ahead = 0;

export function now() {
  return Date.now() + ahead;
}

export function sleep(seconds) {
  return new Promise((done) => {
    const timer = setTimeout(finish, seconds * 1000);
    function finish() {
      clearTimeout(timer);
      window.removeEventListener('online', finish);
      done();
    }
    window.addEventListener('online', finish); // the network is back: do not wait any longer
  });
}

// How long to wait before the next try. A little by chance, or all screens come back in the same moment.
export function pause(tries, error) {
  const seconds = (error && error.seconds) || Math.min(2 ** tries / 2, LONGEST_WAIT);
  return seconds * (1 + Math.random() / 4);
}

// Send one request, and give the answer as it came. Raises NoAnswer.
export async function send(method, url, headers, body) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), PATIENCE);
  try {
    const options = { method, headers, body, signal: cut.signal, cache: 'no-store', credentials: 'omit' };
    const answer = await fetch(url, options);
    const text = await answer.text();
    const date = Date.parse(answer.headers.get('Date'));
    if (date) ahead = date - Date.now();
    if (answer.status === 408 || answer.status === 429 || answer.status >= 500) {
      throw new NoAnswer(Number(answer.headers.get('Retry-After')) || 0);
    }
    return { status: answer.status, tag: answer.headers.get('ETag'), body: text ? JSON.parse(text) : null };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(0); // no network, no answer in time, or one that is not the API's (a hotel's sign-in page)
  } finally {
    clearTimeout(timer);
  }
}

// One call. Raises Refusal, NoAnswer or SignedOut.
async function call(method, path, { body, key, tag } = {}) {
  const url = path.startsWith('/v1/') ? API + path.slice(1) : MALL_URL + path;
  const said = body === undefined ? undefined : JSON.stringify(body);
  for (let first = true; ; first = false) {
    const headers = { 'Accept-Language': language() };
    const token = who.token();
    if (token) headers.Authorization = 'Bearer ' + token;
    if (said) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    if (tag) headers['If-None-Match'] = tag;
    const answer = await send(method, url, headers, said);
    if (answer.status === 304 || answer.status < 300) return answer;
    if (answer.status !== 401) throw new Refusal(answer.body);
    // 401: the access token is over after 15 minutes. Renew it once, and send the same again.
    if (!first || !(await who.renew(token))) throw new SignedOut();
  }
}

// Read something. With the tag of what you have: null, where that is still the newest.
export async function read(path, tag) {
  const answer = await call('GET', path, { tag });
  return answer.status === 304 ? null : answer;
}

// Read until somebody answers, or the answer is not wanted any more. `onWaiting(true)` while nobody answers.
export async function patiently(reading, onWaiting, wanted = () => true) {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await reading();
      onWaiting(false);
      return answer;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      onWaiting(true);
      await sleep(pause(tries, error));
      if (!wanted()) throw error;
    }
  }
}

// Read all pages of a list.
export async function readAll(path) {
  let all = [];
  let cursor = '';
  do {
    const joined = path + (path.includes('?') ? '&' : '?') + 'limit=100' + (cursor && '&cursor=' + cursor);
    const page = (await read(joined)).body;
    all = all.concat(page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

// Do something, once. Only acts.js calls it: it has the key.
export async function post(path, body, key) {
  return (await call('POST', path, { body, key })).body;
}
