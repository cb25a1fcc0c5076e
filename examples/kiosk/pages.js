// What a visitor sees, page by page. A page is drawn from what it is given, and tells by a function what was pressed.

import { byId, el, fill } from '../shared/dom.js';
import { name } from '../shared/language.js';
import { day, range } from '../shared/times.js';
import { qr } from './printer.js';
import { t } from './words.js';

export const PRIORITIES = ['none', 'elderly', 'disability', 'pregnant_or_nursing', 'with_small_child', 'unspecified'];

// Show a page. The focus goes to its heading, so that a screen reader reads on from there.
function show(kind, heading, ...rest) {
  const title = el('h1', { tabindex: '-1' }, heading);
  fill(byId('page'), title, ...rest);
  document.body.className = kind;
  title.focus();
  window.scrollTo(0, 0);
}

function back(onBack) {
  return el('nav', {}, el('button', { onclick: onBack }, '← ' + t('back')));
}

export function welcome(onLanguage) {
  show(
    'welcome',
    'Selamat datang',
    el('p', { class: 'second', lang: 'en' }, 'Welcome'),
    el(
      'div',
      { class: 'choices' },
      el('button', { class: 'main', onclick: () => onLanguage('id') }, 'Ambil nomor antrean'),
      el('button', { class: 'main', lang: 'en', onclick: () => onLanguage('en') }, 'Take a queue number'),
    ),
  );
}

// `agencies`: [{name, services: [Availability]}]
export function agencies(all, onAgency, onBack) {
  const buttons = all.map((agency) => {
    const open = agency.services.filter((each) => each.can_issue).length;
    const facts = { open, all: agency.services.length };
    return el(
      'button',
      { class: open ? 'choice' : 'choice closed', onclick: () => onAgency(agency) },
      el('b', {}, name(agency.name)),
      el('span', {}, open ? t('open_services', facts) : t('all_closed')),
    );
  });
  show('list', t('choose_agency'), el('div', { class: 'grid' }, ...buttons), back(onBack));
}

export function services(agency, onService, onBack) {
  const buttons = agency.services.map((each) =>
    el(
      'button',
      // not `disabled`: the reason can still be reached by keyboard and read aloud
      {
        class: each.can_issue ? 'choice' : 'choice closed',
        'aria-disabled': each.can_issue ? null : 'true',
        onclick: () => each.can_issue && onService(each),
      },
      el('b', {}, name(each.name)),
      ...about(each).map((line) => el('span', {}, line)),
    ),
  );
  show('list', t('choose_service'), el('p', { class: 'second' }, name(agency.name)), el('div', { class: 'grid' }, ...buttons), back(onBack));
}

// What a visitor wants to know before choosing.
function about(service) {
  if (!service.can_issue) {
    const when = service.next_numbers_at || service.next_opening_at;
    return [service.reason, when ? t('opens', { when: day(when, true) }) : ''].filter((line) => line);
  }
  const floors = service.floors.map((each) => t('floor', { floor: each.floor }));
  const ahead = service.people_ahead ? t('ahead', { n: service.people_ahead }) : t('nobody_ahead');
  const wait = service.estimate ? t('wait', { range: range(service.estimate) }) : t('no_counter_yet');
  const left = service.remaining === null ? '' : t('remaining', { n: service.remaining });
  return [ahead + ', ' + wait, floors.concat(left).filter((line) => line).join(' · ')];
}

export function priority(onPriority, onBack) {
  const buttons = PRIORITIES.map((each) =>
    el('button', { class: 'choice', onclick: () => onPriority(each) }, el('b', {}, t(each))),
  );
  show('list', t('who'), el('p', { class: 'second' }, t('why_asked')), el('div', { class: 'grid' }, ...buttons), back(onBack));
}

export function making() {
  show('message', t('making'));
}

export function ticket(issued, paper, { onTaken, onAgain, onFailed }) {
  const place = paper.lines.filter((line) => line.part === 'place' || line.part === 'wait');
  show(
    'ticket',
    t('your_number'),
    el('p', { class: 'number' }, issued.number),
    el('div', { class: 'facts' }, ...place.map((line) => el('p', {}, name(line.text)))),
    qr(paper),
    el('p', { class: 'second' }, t('take_paper')),
    el(
      'div',
      { class: 'choices' },
      el('button', { class: 'main', onclick: onTaken }, t('took_paper')),
      el('button', { onclick: onAgain }, t('again')),
      el('button', { class: 'danger', onclick: onFailed }, t('no_paper')),
    ),
  );
}

export function message(heading, text, onEnd) {
  show('message', heading, el('p', { class: 'second' }, text), el('button', { class: 'main', onclick: onEnd }, t('start_again')));
}

// For whoever installs the kiosk.
export function keyNeeded(reason, onKey) {
  const input = el('input', { id: 'key', autocomplete: 'off', spellcheck: 'false', required: true });
  const form = el(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        onKey(input.value);
      },
    },
    el('label', { for: 'key' }, t('key_needed')),
    input,
    el('button', { class: 'main' }, t('key_save')),
  );
  show('message', t('key_needed'), el('p', { class: 'second' }, reason || t('key_help')), form);
}
