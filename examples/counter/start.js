// Before the counter is open: signing in, and choosing the counter. And the line that says what has happened.

import { NoAnswer } from '../shared/api.js';
import { byId, el, fill } from '../shared/dom.js';
import { name } from '../shared/language.js';
import { session } from '../shared/session.js';
import { t } from './words.js';

// A line for eyes and ears: `role="status"` stands on its place.
export function notice(text, kind) {
  fill(byId('notice'), text ? el('p', { class: 'banner ' + (kind || '') }, text) : null);
}

export function signInForm(onSignedIn, reason) {
  const username = el('input', { id: 'username', autocomplete: 'username', required: true, value: session.username() || '' });
  const password = el('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const form = el(
    'form',
    {
      class: 'card',
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          await session.signIn(username.value, password.value);
          notice('');
          onSignedIn();
        } catch (error) {
          notice(error instanceof NoAnswer ? t('offline') : error.detail, 'bad');
          password.focus();
        }
      },
    },
    el('h1', {}, t('sign_in')),
    el('label', { for: 'username' }, t('username')),
    username,
    el('label', { for: 'password' }, t('password')),
    password,
    el('button', { class: 'main', id: 'sign-in' }, t('sign_in')),
  );
  fill(byId('where'));
  fill(byId('page'), form);
  if (reason) notice(reason, 'bad');
  username.focus();
}

export function chooser(counters, onOpen, onTakeOver, onSignOut) {
  const rows = counters.map((each) => {
    const free = each.status === 'closed';
    const text = free ? t('open_it', { name: name(each.name) }) : t('take_over', { name: name(each.name) });
    const state = free && !each.in_force ? t('not_in_force') : t(each.status);
    return el(
      'li',
      {},
      el('b', {}, each.code),
      el('span', { class: 'what' }, state + ' · ' + t('waiting', { n: each.waiting })),
      el('button', { id: 'open-' + each.code, onclick: () => (free ? onOpen : onTakeOver)(each) }, text),
    );
  });
  fill(byId('where'));
  fill(
    byId('page'),
    el(
      'section',
      { class: 'card' },
      el('h1', { tabindex: '-1', id: 'heading' }, t('choose')),
      rows.length ? el('ol', {}, ...rows) : el('p', {}, t('no_counters')),
      el('button', { id: 'sign-out', onclick: onSignOut }, t('sign_out')),
    ),
  );
  byId('heading').focus();
}
