// The display: the board, and a sound and a voice for every call. Anybody may read the board: no key is needed.
//
// What it shows is chosen by its address: display/?floor=3, ?location_id=…, ?agency_id=…, ?counter_id=… (`get_board`).

import { Refusal, now, patiently, read } from '../shared/api.js';
import { byId, el, fill } from '../shared/dom.js';
import { follow } from '../shared/following.js';
import { clock, day, useZone } from '../shared/times.js';
import { announce, startSound } from './voice.js';

const EVERY = 2; // seconds between two looks at the board
const SHOWN = 5; // calls; more would be too small to read from five metres
const ROWS = 6; // queues at a time, and so many seconds for each page of them
const OLD = 120000; // milliseconds: a call that is older is not spoken any more, after a lost connection say

let board = null;
let heard = null; // the calls that were announced, or were there before this screen was
let speaking = null; // the call that is announced now: it stands on top
let page = 0;

// A call and a recall are two: `called_at` changes with each.
function mark(call) {
  return call.number + ' ' + call.called_at;
}

function changed(newest) {
  board = newest;
  const calls = board.recently_called.filter((each) => each.status === 'called');
  if (heard) {
    const fresh = calls.filter((each) => !heard.has(mark(each)) && now() - Date.parse(each.called_at) < OLD);
    fresh.reverse().forEach((each) => announce(each, showAsSpoken)); // the oldest first
  }
  heard = new Set(calls.map(mark));
  drawCalls();
  drawQueues();
}

function showAsSpoken(call) {
  speaking = call;
  drawCalls();
}

// ---- what is seen

function both(text, tag, kind) {
  return el(tag, { class: kind }, text.id, text.en === text.id ? null : el('small', { lang: 'en' }, text.en));
}

function drawCalls() {
  const here = board.recently_called.filter((each) => each.status === 'called' || each.status === 'serving');
  const first = speaking && here.find((each) => each.number === speaking.number);
  const ordered = first ? [first].concat(here.filter((each) => each !== first)) : here;
  const rows = ordered.slice(0, SHOWN).map((each, at) =>
    el(
      'div',
      { class: 'call' + (at === 0 ? ' first' : '') + (speaking && each === first ? ' speaking' : '') },
      el('b', { class: 'number' }, each.number),
      el('div', { class: 'place' }, both(each.counter_name, 'span', 'counter'), floor(each)),
    ),
  );
  const nobody = both({ id: 'Belum ada panggilan', en: 'No calls yet' }, 'p', 'nobody');
  fill(byId('calls'), ...(rows.length ? rows : [nobody]));
}

function floor(call) {
  return el('span', { class: 'floor' }, 'Lantai ' + call.floor, el('small', { lang: 'en' }, 'Floor ' + call.floor));
}

// Where somebody waits, and where nothing is given now: a page of each at a time.
function drawQueues() {
  const waiting = board.services.filter((each) => each.waiting > 0);
  const from = ROWS * (page % Math.max(1, Math.ceil(waiting.length / ROWS)));
  const rows = waiting.slice(from, from + ROWS).map((each) =>
    el('tr', {}, both(each.name, 'th'), el('td', {}, String(each.waiting))),
  );
  const head = el('tr', {}, both({ id: 'Layanan', en: 'Service' }, 'th'), both({ id: 'Menunggu', en: 'Waiting' }, 'th'));
  const table = el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows));
  fill(byId('queues'), rows.length ? table : both({ id: 'Tidak ada antrean', en: 'Nobody is waiting' }, 'p', 'nobody'));

  const closed = board.services.filter((each) => each.closed_code);
  closed.sort((one, other) => other.reasons.length - one.reasons.length); // what was closed today before what always is
  const shown = closed[page % Math.max(1, closed.length)];
  fill(byId('closures'), shown && both(closure(shown), 'p'));
}

// A reason is there in both languages; a membership that is not in force has none, only the sentence of the API.
function closure(service) {
  const reason = service.reasons.length ? service.reasons[0].text : { id: service.closed_reason, en: 'closed' };
  const opens = service.next_opening_at && day(service.next_opening_at, true);
  return {
    id: 'Tutup: ' + service.name.id + '. ' + reason.id + (opens ? '. Buka ' + opens : ''),
    en: 'Closed: ' + service.name.en + (reason.en === 'closed' ? '' : '. ' + reason.en),
  };
}

// ---- the connection

function lost(is) {
  const text = 'Sambungan terputus. Angka di bawah ini dari pukul ' + clock() + '.';
  if (is && byId('connection').firstChild) return; // the time is that of the loss
  fill(byId('connection'), is && el('p', { class: 'banner' }, text));
  document.body.classList.toggle('lost', is);
}

async function begin() {
  const mall = (await patiently(() => read(''), lost)).body;
  useZone(mall.time_zone);
  fill(byId('mall'), mall.name.id, el('small', { lang: 'en' }, mall.name.en));
  follow('/board' + location.search, EVERY, {
    onChange: changed,
    onLost: () => lost(true),
    onBack: () => lost(false),
    onError: wrongAddress,
  });
}

// A refusal can only mean that this screen was set up with something that the mall does not have.
function wrongAddress(error) {
  if (!(error instanceof Refusal)) throw error;
  fill(byId('connection'), el('p', { class: 'banner bad' }, error.title + '. ' + error.detail));
}

setInterval(() => fill(byId('clock'), clock()), 1000);
setInterval(() => {
  page += 1;
  if (board) drawQueues();
}, ROWS * 1000);
startSound(byId('sound'));
begin().catch(wrongAddress);
