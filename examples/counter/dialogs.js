// What is asked before an act. The browser's own <dialog> keeps the focus inside, and Esc closes it.

import { now } from '../shared/api.js';
import { byId, el, fill } from '../shared/dom.js';
import { name } from '../shared/language.js';
import { REASONS, t } from './words.js';

function ask(question, fields, act, onAct) {
  const dialog = byId('dialog');
  const form = el(
    'form',
    {
      method: 'dialog',
      onsubmit: (event) => {
        event.preventDefault();
        dialog.close();
        onAct();
      },
    },
    el('h2', { id: 'asked' }, question),
    ...fields,
    el(
      'div',
      { class: 'buttons' },
      act && el('button', { class: 'main', id: 'do-it' }, act),
      el('button', { type: 'button', onclick: () => dialog.close() }, t('cancel')),
    ),
  );
  fill(dialog, form);
  dialog.showModal();
}

// `services`: where a ticket of this counter may go. Another agency's only where the mall allows it.
export function transfer(ticket, services, onTransfer) {
  const options = services
    .filter((each) => each.id !== ticket.service_id)
    .map((each) => el('option', { value: each.id }, name(each.name)));
  const service = el('select', { id: 'service' }, ...options);
  const keep = el('input', { type: 'checkbox', id: 'keep' });
  const fields = [
    el('label', { for: 'service' }, t('service')),
    service,
    el('label', { class: 'check', for: 'keep' }, keep, ' ' + t('keep_arrival')),
  ];
  ask(t('transfer_to', { number: ticket.number }), fields, t('transfer'), () =>
    onTransfer({ service_id: service.value, keep_arrival: keep.checked }),
  );
}

export function giveBack(ticket, onReturn) {
  const places = ['later', 'old_place', 'first'].map((place) =>
    el(
      'button',
      {
        type: 'button',
        id: place,
        onclick: () => {
          byId('dialog').close();
          onReturn({ place });
        },
      },
      t(place),
    ),
  );
  ask(t('return_to', { number: ticket.number }), [el('div', { class: 'stack' }, ...places)], null, null);
}

export function pause(onPause) {
  const reasons = REASONS.map((each, at) => el('option', { value: at }, name(each)));
  const minutes = [10, 15, 30, 60].map((n) => el('option', { value: n }, t('minutes', { n })));
  const reason = el('select', { id: 'reason' }, ...reasons, el('option', { value: '' }, t('not_said')));
  const until = el('select', { id: 'until' }, ...minutes, el('option', { value: '' }, t('not_said')));
  const fields = [
    el('label', { for: 'reason' }, t('reason')),
    reason,
    el('label', { for: 'until' }, t('until')),
    until,
  ];
  ask(t('pause_for'), fields, t('pause'), () =>
    onPause({
      reason: reason.value === '' ? null : REASONS[Number(reason.value)],
      until: until.value === '' ? null : new Date(now() + Number(until.value) * 60000).toISOString(),
    }),
  );
}
