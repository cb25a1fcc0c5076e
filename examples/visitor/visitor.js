// The visitor's page: where my number stands, and what I may do with it. The claim code is all that it needs.
//
// The code stands behind the `#` (visitor/#7GX5VXX3TBG3M09J), which a browser never sends: it is in no server's log.

import { Acts } from '../shared/acts.js';
import { Refusal, patiently, read } from '../shared/api.js';
import { byId, el, fill } from '../shared/dom.js';
import { follow } from '../shared/following.js';
import { choose, language, name } from '../shared/language.js';
import { range, useZone } from '../shared/times.js';
import { t } from './words.js';

const EVERY = 5; // seconds between two looks

let code = '';
let ticket = null;
let following = null;
let busy = false;

const acts = new Acts(localStorage, 'mpp.visitor.act', () => code, (waiting) => {
  fill(byId('connection'), waiting && el('p', { class: 'banner' }, t('trying')));
});

// ---- which ticket

function begin() {
  if (following) following.stop();
  following = null;
  ticket = null;
  notice('');
  code = decodeURIComponent(location.hash.slice(1)).replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  if (!code) {
    askForCode();
    return;
  }
  following = follow('/claims/' + code, EVERY, {
    onChange: changed,
    onLost: () => offline(true),
    onBack: () => offline(false),
    onError: (error) => askForCode(error.detail), // a wrong code, or one that is over: the same answer
  });
  const left = acts.unanswered(); // the phone went to sleep in the middle of it
  if (left) act(() => acts.finish(left));
}

function askForCode(reason) {
  const input = el('input', { id: 'code', autocomplete: 'off', autocapitalize: 'characters', required: true });
  const form = el(
    'form',
    {
      class: 'card',
      onsubmit: (event) => {
        event.preventDefault();
        location.hash = input.value.trim();
      },
    },
    el('h1', {}, t('my_ticket')),
    el('label', { for: 'code' }, t('enter_code')),
    input,
    el('p', { class: 'soft' }, t('code_help')),
    el('button', { class: 'main', id: 'show' }, t('show')),
  );
  fill(byId('page'), form);
  if (reason) notice(reason, 'bad');
  input.focus();
}

function changed(newest) {
  const called = newest.called_at !== null && newest.status === 'called' && ticket && ticket.called_at !== newest.called_at;
  if (!ticket) begunInLanguageOf(newest);
  ticket = newest;
  if (called && navigator.vibrate) navigator.vibrate([400, 200, 400]);
  draw();
}

// The visitor has chosen a language at the kiosk: this page begins with it.
function begunInLanguageOf(newest) {
  if (newest.language !== language()) {
    choose(newest.language);
    following.again(); // texts that the API computes come in the language asked for
  }
}

// ---- what is seen

function draw() {
  const focused = document.activeElement && document.activeElement.id;
  document.title = ticket.number + ' · ' + known(ticket.status);
  fill(
    byId('page'),
    el(
      'section',
      { class: 'card ' + ticket.status },
      el('h1', {}, el('span', { class: 'label' }, t('number')), el('span', { class: 'number' }, ticket.number)),
      el('p', { class: 'soft' }, name(ticket.service.name), el('br'), name(ticket.agency.name)),
      el('p', { class: 'status', role: 'status' }, known(ticket.status)),
      ...now().map((line) => el('p', { class: 'line' }, line)),
    ),
    plan(),
    ticket.status === 'waiting' && el('div', { class: 'buttons' }, ...choices()),
    el('button', { class: 'plain', id: 'other', onclick: () => (location.hash = '') }, t('other_code')),
  );
  const switcher = byId('language');
  switcher.textContent = t('other_language');
  switcher.lang = language() === 'id' ? 'en' : 'id';
  if (focused && byId(focused)) byId(focused).focus();
}

// A later version of the API may have a status that this page does not know: show it as it is.
function known(status) {
  try {
    return t(status);
  } catch (unknown) {
    return status;
  }
}

// What it means for the visitor now.
function now() {
  const { status, counter, position, estimate } = ticket;
  if (status === 'called' || status === 'serving') {
    const place = { counter: name(counter.name), floor: counter.floor, building: name(counter.location.name) };
    return status === 'called' ? [t('go_to', place), t('times_called', { n: ticket.call_count })] : [name(counter.name)];
  }
  if (status === 'waiting') {
    if (ticket.after_step) return [t('after_step', { n: ticket.after_step })];
    const ahead = position === 1 ? t('you_are_next') : t('ahead', { n: position - 1 });
    return [ahead, estimate ? t('about', { range: range(estimate) }) : t('no_estimate')];
  }
  if (status === 'on_hold') return [t('come_back')];
  if (status === 'no_show') return [t('ask_officer')];
  return ticket.reason ? [ticket.reason] : [];
}

function plan() {
  if (!ticket.visit) return null;
  const steps = ticket.visit.steps.map((step) =>
    el('li', {}, el('b', {}, step.number), ' ' + name(step.service.name) + ' · ' + known(step.status)),
  );
  return el('section', { class: 'card' }, el('h2', {}, t('plan')), el('ol', {}, ...steps));
}

function choices() {
  const left = ticket.postponements_left;
  return [
    left > 0 && el('button', { id: 'postpone', onclick: askHowMany }, t('let_others'), el('small', {}, t('left', { n: left }))),
    el('button', { id: 'cancel', class: 'danger', onclick: askWhetherToCancel }, t('cancel_ticket')),
  ];
}

// ---- what the visitor may do

function ask(question, more, buttons) {
  const dialog = byId('dialog');
  const closing = (then) => () => {
    dialog.close();
    if (then) then();
  };
  fill(
    dialog,
    el('h2', { id: 'asked' }, question),
    more && el('p', {}, more),
    el('div', { class: 'buttons' }, ...buttons.map(([id, text, then, kind]) => el('button', { id, class: kind, onclick: closing(then) }, text))),
  );
  dialog.showModal();
}

function askHowMany() {
  const of = (places) => ['places-' + places, t('people', { n: places }), () => act(() => postpone(places))];
  ask(t('how_many'), '', [of(1), of(3), of(5), ['keep', t('cancel'), null]]);
}

async function postpone(places) {
  await acts.perform('/claims/' + code + '/postponement', { places });
  notice(t('moved'), 'good');
}

function askWhetherToCancel() {
  ask(t('sure', { number: ticket.number }), t('sure_more'), [
    ['yes-cancel', t('yes_cancel'), () => act(() => acts.perform('/claims/' + code + '/cancellation')), 'danger'],
    ['keep', t('keep'), null],
  ]);
}

// One at a time. A refusal (called meanwhile, postponed too often) is said as the API says it, and the truth is read.
async function act(step) {
  if (busy) return;
  busy = true;
  notice('');
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notice(error.title + '. ' + error.detail, 'bad');
  } finally {
    busy = false;
    if (following) following.again();
  }
}

function notice(text, kind) {
  fill(byId('notice'), text && el('p', { class: 'banner ' + (kind || '') }, text));
}

function offline(is) {
  if (!busy) fill(byId('connection'), is && el('p', { class: 'banner' }, t('offline')));
}

byId('language').addEventListener('click', () => {
  choose(language() === 'id' ? 'en' : 'id');
  if (ticket) {
    draw();
    following.again();
  } else begin();
});
window.addEventListener('hashchange', begin);

begin();
patiently(() => read(''), () => {}).then((mall) => {
  useZone(mall.body.time_zone);
  fill(byId('mall'), name(mall.body.name));
});
