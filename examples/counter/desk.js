// Draws the open counter: who is here, who is on hold, who waits, and what can be done now.

import { byId, el, fill } from '../shared/dom.js';
import { language, name } from '../shared/language.js';
import { clock, since } from '../shared/times.js';
import { t } from './words.js';

// A time that runs by itself. Only its text changes, so that nothing else is drawn anew every second.
function timer(instant) {
  return el('span', { class: 'timer', 'data-since': instant }, since(instant));
}

setInterval(() => {
  document.querySelectorAll('[data-since]').forEach((each) => {
    each.textContent = since(each.dataset.since);
  });
}, 1000);

// Every button has an id: after the page is drawn anew, the focus goes back to the button that had it.
function button(id, text, onclick, kind) {
  return el('button', { id, class: kind, onclick }, text);
}

// `counter` and `queue` as the API gives them; `acts`: what to do for each button.
export function draw({ counter, queue, services, found }, acts) {
  const focused = document.activeElement && document.activeElement.id;
  const typed = byId('number') ? byId('number').value : '';
  fill(
    byId('page'),
    el('h1', { class: 'for-ears', id: 'heading', tabindex: '-1' }, name(counter.name)),
    el('section', { class: 'here', 'aria-label': t('at_counter') }, ...here(counter, queue, services, acts)),
    el('section', { class: 'queue' }, ...held(queue, services, acts), ...waiting(queue, services, acts)),
    el('section', { class: 'foot' }, ...foot(counter, queue, acts), ...finder(typed, found, acts)),
  );
  const again = focused && byId(focused);
  if (again) again.focus();
}

function here(counter, queue, services, acts) {
  const ticket = queue.ticket;
  if (!ticket) {
    if (counter.status === 'on_break') {
      const until = counter.break_until;
      const text = until ? t('paused_until', { when: clock(until) }) : t('paused');
      return [el('p', { class: 'banner' }, text), button('resume', t('resume'), acts.resume, 'main huge')];
    }
    return [
      el('p', { class: 'soft' }, t('nobody')),
      button('next', t('call_next'), acts.callNext, 'main huge'),
      counter.status === 'closing' && el('p', { class: 'banner' }, t('closes')),
    ];
  }
  const called = ticket.status === 'called';
  return [
    el('p', { class: 'number' }, ticket.number),
    el('p', { class: 'service' }, serviceName(ticket, services)),
    el('p', { class: 'status' }, t(ticket.status) + ' ', timer(called ? ticket.called_at : ticket.started_at)),
    called && el('p', { class: 'soft' }, t('calls', { n: ticket.call_count })),
    ...needs(ticket),
    el('div', { class: 'buttons' }, ...(called ? whenCalled(acts) : whenServing(acts))),
  ];
}

function whenCalled(acts) {
  return [
    button('start', t('start'), acts.start, 'main'),
    button('recall', t('recall'), acts.recall),
    button('no-show', t('no_show'), acts.noShow),
    button('return', t('give_back'), acts.giveBack),
    button('transfer', t('transfer'), acts.transfer),
  ];
}

function whenServing(acts) {
  return [
    button('complete-next', t('complete_next'), acts.completeNext, 'main'),
    button('complete', t('complete'), acts.complete),
    button('hold', t('hold'), acts.hold),
    button('return', t('give_back'), acts.giveBack),
    button('transfer', t('transfer'), acts.transfer),
  ];
}

// Why somebody comes first, and what the officer should know. Only for the eyes of who serves.
function needs(ticket) {
  const said = [];
  if (ticket.priority_class !== 'none') said.push(t('priority') + ': ' + word(ticket.priority_class));
  ticket.access_needs.forEach((each) => said.push(word(each)));
  return said.map((text) => el('p', { class: 'need' }, text));
}

// A later version of the API may say a word that this screen does not know: show it as it is.
function word(key) {
  try {
    return t(key);
  } catch (unknown) {
    return key;
  }
}

function serviceName(ticket, services) {
  const found = services.find((each) => each.id === ticket.service_id);
  return found ? name(found.name) : '';
}

function held(queue, services, acts) {
  if (!queue.on_hold.length) return [];
  return [
    el('h2', {}, t('on_hold', { n: queue.on_hold.length })),
    el('ol', {}, ...queue.on_hold.map((each) => row(each, each.held_at, '', queue, services, acts))),
  ];
}

function waiting(queue, services, acts) {
  const rows = queue.waiting.map((each) => {
    const mark = each.id === queue.next_ticket_id ? t('next') : '';
    return row(each, each.arrived_at, mark, queue, services, acts);
  });
  return [
    el('h2', {}, t('waiting', { n: queue.waiting_count })),
    rows.length ? el('ol', {}, ...rows) : el('p', { class: 'soft' }, t('nobody_waits')),
    queue.elsewhere_count > 0 && el('p', { class: 'soft' }, t('elsewhere', { n: queue.elsewhere_count })),
  ];
}

function row(ticket, instant, mark, queue, services, acts) {
  const first = ticket.priority_class !== 'none';
  return el(
    'li',
    {},
    el('b', {}, ticket.number),
    el('span', { class: 'what' }, serviceName(ticket, services), first && el('em', {}, ' · ' + t('priority')), mark && el('em', {}, ' · ' + mark)),
    timer(instant),
    // Nobody else can be called while somebody is here.
    !queue.ticket &&
      el(
        'button',
        { id: 'call-' + ticket.id, 'aria-label': t('call_number', { number: ticket.number }), onclick: () => acts.callThis(ticket) },
        t('call_this'),
      ),
  );
}

function foot(counter, queue, acts) {
  return [
    counter.status === 'open' && !queue.ticket && button('pause', t('pause'), acts.pause),
    button('close', t('close_counter'), acts.close),
    button('sign-out', t('sign_out'), acts.signOut),
  ];
}

// Somebody comes late, with a number that was called in vain.
function finder(typed, found, acts) {
  const input = el('input', { id: 'number', value: typed, autocomplete: 'off' });
  const form = el(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        acts.find(input.value.trim().toUpperCase());
      },
    },
    el('label', { for: 'number' }, t('find')),
    el('div', { class: 'line' }, input, el('button', { id: 'find' }, t('find_it'))),
  );
  if (!found) return [form];
  const text = t('is_now', { number: found.number, status: word('status_' + found.status) });
  const comesBack = found.status === 'no_show';
  return [
    form,
    el('p', { role: 'status' }, text),
    comesBack && button('bring-back', t('bring_back', { number: found.number }), () => acts.bringBack(found)),
  ];
}

export function drawLanguage() {
  const other = language() === 'id' ? 'en' : 'id';
  const switcher = byId('language');
  switcher.textContent = t('other_language');
  switcher.lang = other;
  return other;
}
