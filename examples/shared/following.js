// Follows a thing that changes, and says when the connection is lost and when it is back.

import { NoAnswer, pause, read, sleep } from './api.js';

// Read `path` again and again. What has not changed is not sent again (ETag).
// `onChange(body)`; `onLost()` and `onBack()`; `onError(error)` for a refusal, which ends it.
export function follow(path, seconds, { onChange, onLost, onBack, onError }) {
  let tag = null;
  let stopped = false;
  let lost = 0;
  let round = 0;

  async function run(mine) {
    while (!stopped && mine === round) {
      try {
        const answer = await read(path, tag);
        if (stopped || mine !== round) return;
        if (lost) onBack();
        lost = 0;
        if (answer) {
          tag = answer.tag;
          onChange(answer.body);
        }
        await sleep(seconds);
      } catch (error) {
        if (stopped || mine !== round) return;
        if (!(error instanceof NoAnswer)) {
          stopped = true;
          onError(error);
          return;
        }
        lost += 1;
        onLost();
        await sleep(pause(lost, error));
      }
    }
  }

  run(round);
  return {
    stop() {
      stopped = true;
    },
    // Read it now, all of it: something was done, or the language has changed.
    again() {
      tag = null;
      round += 1;
      run(round);
    },
  };
}
