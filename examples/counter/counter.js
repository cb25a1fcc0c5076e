// The counter: sign in, choose a counter, call, serve. What is shown is always what the API says, read anew after
// every act. So a reload, a colleague's act or a lost answer never leave a wrong picture.

import { Acts } from '../shared/acts.js';
import { NoAnswer, Refusal, SignedOut, identify, patiently, read, readAll } from '../shared/api.js';
import { byId, el, fill } from '../shared/dom.js';
import { follow } from '../shared/following.js';
import { choose, language, name } from '../shared/language.js';
import { session } from '../shared/session.js';
import { MALL } from '../shared/settings.js';
import { useZone } from '../shared/times.js';
import * as dialogs from './dialogs.js';
import * as desk from './desk.js';
import { chooser, notice, signInForm } from './start.js';
import { t } from './words.js';

const EVERY = 3; // seconds between two looks at the queue

identify(session);

const acts = new Acts(sessionStorage, 'mpp.counter.act', session.username, (waiting) => {
  document.body.classList.toggle('waiting', waiting);
  const stop = el('button', { id: 'stop-trying', onclick: () => acts.giveUp() }, t('stop_trying'));
  fill(byId('connection'), waiting ? el('p', { class: 'banner' }, t('trying') + ' ', stop) : null);
});

const seen = { counter: null, queue: null, services: [], found: null };
let me = null;
let following = [];
let busy = false;

// ---- signing in, and which counter

async function begin() {
  leave();
  if (!session.token()) {
    fill(byId('who'));
    signInForm(begin);
    return;
  }
  await guarded(async () => {
    me = (await patiently(() => read('/v1/me'), connection)).body;
    fill(byId('who'), me.name || me.username);
    const mall = (await patiently(() => read(''), connection)).body;
    useZone(mall.time_zone);
    await finishWhatWasLeft();
    me = (await patiently(() => read('/v1/me'), connection)).body; // that act may have opened a counter, or closed it
    const grant = me.grants.find((each) => each.mall === MALL && /officer|manager/.test(each.role));
    if (!grant) {
      signInForm(begin, t('no_grant'));
      return;
    }
    // Where the mall lets officers transfer to other agencies, all services can be chosen.
    const own = grant.agency_id && !mall.transfers_between_agencies ? '?agency_id=' + grant.agency_id : '';
    seen.services = await patiently(() => readAll('/services' + own), connection);
    if (me.counter_id) work(me.counter_id);
    else await chooseCounter(grant);
  });
}

async function chooseCounter(grant) {
  const own = grant.agency_id ? '?agency_id=' + grant.agency_id : '';
  const counters = await patiently(() => readAll('/counters' + own), connection);
  const enter = (verb) => (counter) => act('/counters/' + counter.id + verb).then((done) => done && work(counter.id));
  chooser(counters, enter('/opening'), enter('/takeover'), signOut);
}

function signOut() {
  session.signOut();
  acts.forget();
  begin();
}

// What a reload has left unanswered is sent again with its key, before anything else.
async function finishWhatWasLeft() {
  const left = acts.unanswered();
  if (!left) return;
  try {
    await acts.finish(left);
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    if (error instanceof Refusal) notice(error.title + '. ' + error.detail, 'bad');
  }
}

// ---- at the counter

function work(counterId) {
  leave();
  const path = '/counters/' + counterId;
  const handlers = (part) => ({
    onChange(body) {
      seen[part] = body;
      redraw();
    },
    onLost: () => connection(true),
    onBack: () => connection(false),
    onError: (error) => guarded(() => Promise.reject(error)),
  });
  following = [
    follow(path, EVERY, handlers('counter')),
    follow(path + '/queue?limit=30', EVERY, handlers('queue')),
  ];
}

function leave() {
  following.forEach((each) => each.stop());
  following = [];
  seen.counter = null;
  seen.queue = null;
  seen.found = null;
}

function redraw() {
  const { counter, queue } = seen;
  if (!counter || !queue) return;
  // Closed by a manager, by the day's end, or taken over by a colleague: choose again.
  if (counter.status === 'closed' || counter.officer_id !== me.id) {
    begin();
    return;
  }
  fill(byId('where'), counter.code + ' · ' + name(counter.name));
  desk.draw(seen, buttons);
}

function ticket(verb, body) {
  return act('/tickets/' + seen.queue.ticket.id + verb, body);
}

function counter(verb, body) {
  return act('/counters/' + seen.counter.id + verb, body);
}

// What each button does: one call of the API.
const buttons = {
  callNext: () => counter('/calls').then(saysWhy),
  callThis: (chosen) => counter('/calls', { ticket_id: chosen.id }).then(saysWhy),
  start: () => ticket('/start'),
  recall: () => ticket('/recall'),
  noShow: () => ticket('/no-show'),
  complete: () => ticket('/completion'),
  completeNext: () => ticket('/completion', { call_next: true }).then(saysNext),
  hold: () => ticket('/hold'),
  giveBack: () => dialogs.giveBack(seen.queue.ticket, (body) => ticket('/return', body)),
  transfer: () => dialogs.transfer(seen.queue.ticket, seen.services, (body) => ticket('/transfer', body)),
  pause: () => dialogs.pause((body) => counter('/break', body)),
  resume: () => counter('/resumption'),
  close: () => counter('/closing').then((done) => done && begin()),
  find: (number) => guarded(() => find(number)),
  bringBack: (late) => act('/tickets/' + late.id + '/return').then(() => guarded(() => find(late.number))),
  signOut,
};

function saysWhy(call) {
  if (call) notice(t('has_called', { number: call.number, why: name(call.call_reason) }), 'good');
}

function saysNext(done) {
  if (!done) return;
  if (done.next_ticket) saysWhy(done.next_ticket);
  else if (done.next_refusal === 'nobody_waiting') notice(t('done_and_nobody'), 'good');
  else notice(t('done_not_called', { code: done.next_refusal }), 'good');
}

async function find(number) {
  if (!number) return;
  const page = await patiently(() => read('/tickets?number=' + encodeURIComponent(number)), connection);
  seen.found = page.body.data[0] || null;
  if (!seen.found) notice(t('not_found', { number }));
  redraw();
}

// ---- one act at a time, and what can go wrong

// Returns the answer, or null where it was refused.
async function act(path, body) {
  if (busy) return null; // a second press, or a double click
  busy = true;
  document.body.classList.add('busy');
  notice('');
  const answer = await guarded(() => acts.perform(path, body));
  busy = false;
  document.body.classList.remove('busy');
  following.forEach((each) => each.again());
  return answer;
}

async function guarded(step) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof SignedOut) {
      leave();
      signInForm(begin); // what was not answered is kept, and sent after the sign-in
    } else if (error instanceof Refusal) {
      notice(error.title + '. ' + error.detail, error.code === 'nobody_waiting' ? '' : 'bad');
    } else if (!(error instanceof NoAnswer)) throw error;
    return null;
  }
}

function connection(lost) {
  if (document.body.classList.contains('waiting')) return; // an act waits: its own words stand there
  fill(byId('connection'), lost ? el('p', { class: 'banner' }, t('offline')) : null);
}

byId('language').addEventListener('click', () => {
  choose(language() === 'id' ? 'en' : 'id');
  desk.drawLanguage();
  notice('');
  if (seen.counter) redraw();
  else begin();
});

desk.drawLanguage();
begin();
