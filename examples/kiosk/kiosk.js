// The kiosk: language, agency, service, priority, ticket, paper. Each step is a function; `home` begins again.

import { Refusal, SignedOut, identify, patiently, read, readAll } from '../shared/api.js';
import { Acts } from '../shared/acts.js';
import { byId, el, fill } from '../shared/dom.js';
import { follow } from '../shared/following.js';
import { choose, language, name } from '../shared/language.js';
import { clock, useZone } from '../shared/times.js';
import { key } from './key.js';
import * as pages from './pages.js';
import { print } from './printer.js';
import { t } from './words.js';

const LEFT = 60; // seconds: who has not touched the screen for so long has gone
const PAPER_LEFT = 20; // seconds: who has not said otherwise by then has the paper
const CHECK = 10; // seconds between two looks whether the API is there
const STALE = 60000; // milliseconds: a wish that is older is nobody's any more

identify(key);

// Nobody answers: say so. Whatever was asked is asked again by itself, an act with its key.
function onWaiting(waiting) {
  fill(byId('trouble'), waiting ? el('p', { class: 'banner' }, t('resting')) : null);
}

const acts = new Acts(localStorage, 'mpp.kiosk.act', () => 'kiosk', onWaiting);

let timer = null;
let watch = null;
let round = 0; // grows with every visitor, so that what comes late for the last one is not shown to the next

function later(seconds, what) {
  clearTimeout(timer);
  timer = setTimeout(what, seconds * 1000);
}

// ---- the steps

function home() {
  round += 1;
  clearTimeout(timer);
  choose('id');
  pages.welcome((wanted) => {
    choose(wanted);
    chooseAgency();
  });
}

async function chooseAgency() {
  later(LEFT, home);
  const offers = await answered(() => readAll('/availability?channel=kiosk'));
  if (!offers) return;
  const found = {};
  offers.forEach((each) => {
    found[each.agency_id] = found[each.agency_id] || { name: each.agency_name, services: [] };
    found[each.agency_id].services.push(each);
  });
  const all = Object.keys(found).map((id) => found[id]);
  // Open ones first, then by name: a visitor finds both.
  const order = (agency) => (agency.services.some((each) => each.can_issue) ? '0' : '1') + name(agency.name);
  all.sort((one, other) => order(one).localeCompare(order(other)));
  pages.agencies(all, chooseService, home);
}

function chooseService(agency) {
  later(LEFT, home);
  pages.services(agency, choosePriority, chooseAgency);
}

function choosePriority(service) {
  later(LEFT, home);
  pages.priority((wanted) => takeNumber(service, wanted), chooseAgency);
}

async function takeNumber(service, wanted) {
  clearTimeout(timer); // nobody is sent home while a number is being made
  pages.making();
  const wish = { service_id: service.service_id, channel: 'kiosk', priority_class: wanted, language: language() };
  const asked = Date.now();
  const issued = await tried(() => acts.perform('/tickets', wish));
  if (issued) await given(issued, asked);
}

// A number was given. Where that took long, its visitor has left for the desk: it is cancelled, nobody holds it.
async function given(issued, asked) {
  if (Date.now() - asked > STALE) {
    home();
    await report(issued, 'failed');
    return;
  }
  const paper = await answered(() => read('/tickets/' + issued.id + '/print'));
  if (!paper) return;
  const outcome = print(paper.body);
  if (outcome === 'failed') {
    await notPrinted(issued);
    return;
  }
  const taken = () => printed(issued);
  const again = () => {
    print(paper.body);
    later(PAPER_LEFT, taken);
  };
  pages.ticket(issued, paper.body, { onTaken: taken, onAgain: again, onFailed: () => notPrinted(issued) });
  later(PAPER_LEFT, taken);
}

async function printed(issued) {
  home(); // the next visitor need not wait for it
  await report(issued, 'printed');
}

// The number leaves the queue: nobody holds it, and a counter would call it in vain.
async function notPrinted(issued) {
  clearTimeout(timer);
  if (await report(issued, 'failed')) {
    pages.message(t('not_possible'), t('cancelled', { number: issued.number }), home);
    later(PAPER_LEFT, home);
  }
}

function report(issued, outcome) {
  return tried(() => acts.perform('/tickets/' + issued.id + '/print-report', { outcome }));
}

// ---- what can go wrong

// Do a step. A refusal is shown in the visitor's language, as the API says it; then the kiosk begins again.
// null: it was refused, or its visitor has left meanwhile.
async function tried(step) {
  const mine = round;
  try {
    const answer = await step();
    return mine === round ? answer : null;
  } catch (error) {
    if (error instanceof SignedOut) askForKey();
    else if (mine === round) {
      pages.message(error.title, error.detail, home);
      later(LEFT, home);
    }
    return null;
  }
}

// Read something for this visitor, as soon as somebody answers.
function answered(reading) {
  const mine = round;
  return tried(() => patiently(reading, onWaiting, () => mine === round));
}

function askForKey(reason) {
  pages.keyNeeded(reason, (text) => {
    key.keep(text);
    begin();
  });
}

// ---- the beginning

async function begin() {
  clearTimeout(timer);
  if (!key.token()) {
    askForKey();
    return;
  }
  pages.making();
  try {
    const me = (await patiently(() => read('/v1/me'), onWaiting)).body;
    if (!me.device || me.device.kind !== 'kiosk') {
      askForKey(t('other_key'));
      return;
    }
    watchConnection();
    await finishWhatWasLeft();
  } catch (error) {
    askForKey(error.detail); // a refusal, of the key or of the mall's name
  }
}

// Asks for the mall now and then: nobody shall choose for a minute and then hear that the kiosk is not connected.
function watchConnection() {
  if (watch) watch.stop();
  watch = follow('', CHECK, {
    onChange(mall) {
      useZone(mall.time_zone);
      fill(byId('mall'), name(mall.name));
    },
    onLost: () => onWaiting(true),
    onBack: () => onWaiting(false),
    onError: (error) => askForKey(error.detail),
  });
}

// What a reload or a power cut has left unanswered: was the number given? Ask with the same key.
async function finishWhatWasLeft() {
  const left = acts.unanswered();
  if (left && left.path === '/tickets') {
    choose(left.body.language);
    const issued = await tried(() => acts.finish(left));
    if (issued) await given(issued, left.at);
    return;
  }
  home();
  if (left) await tried(() => acts.finish(left)); // a report about paper
}

setInterval(() => fill(byId('clock'), clock()), 1000);
document.addEventListener('click', () => timer && document.body.className === 'list' && later(LEFT, home));
begin();
