// Acts that are done once, whatever happens to the network, the token or the page.
//
// An act gets a key, and is kept until it is answered. What is not answered is sent again with the same key: the API
// does it once, and gives every repeat the first answer. So nobody is called twice, and no number is lost.

import { NoAnswer, Refusal, pause, post, sleep } from './api.js';

// A key is a random UUID. `crypto.randomUUID` is missing in old browsers, and everywhere without https.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export class Acts {
  // `owner()`: who acts. A key belongs to who sent it, so what one person has left is never sent for another.
  // `storage`: sessionStorage where a closed tab ends the work, localStorage where it goes on.
  // `onWaiting(true)`: there is no answer, it will be sent again; `onWaiting(false)`: there was one.
  constructor(storage, name, owner, onWaiting) {
    this.storage = storage;
    this.name = name;
    this.owner = owner;
    this.onWaiting = onWaiting;
    this.givenUp = false;
    this.before = Promise.resolve();
  }

  // Do something, after what was begun before.
  async perform(path, body) {
    const before = this.before;
    let done;
    this.before = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    const act = { path, body, key: newKey(), by: this.owner(), at: Date.now() };
    this.storage.setItem(this.name, JSON.stringify(act)); // before it is sent: the page may end at any moment
    try {
      return await this.finish(act);
    } finally {
      done();
    }
  }

  // What a reload has left unanswered, or null.
  unanswered() {
    const act = JSON.parse(this.storage.getItem(this.name));
    return act && act.by === this.owner() ? act : null;
  }

  // Send it until it is answered. Raises Refusal; SignedOut, which keeps it for after the sign-in; NoAnswer, given up.
  async finish(act) {
    this.givenUp = false;
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await post(act.path, act.body, act.key);
        this.forget();
        return answer;
      } catch (error) {
        if (error instanceof Refusal) this.forget(); // a no is an answer, too
        if (!(error instanceof NoAnswer)) throw error;
        this.onWaiting(true);
        await sleep(pause(tries, error));
        if (this.givenUp) throw error;
      }
    }
  }

  // Somebody does not want to wait for the answer. It may have been done all the same: read what is, and show that.
  giveUp() {
    this.givenUp = true;
    this.forget();
    window.dispatchEvent(new Event('online')); // ends the wait
  }

  forget() {
    this.storage.removeItem(this.name);
    this.onWaiting(false);
  }
}
