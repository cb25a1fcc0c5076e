// Times as people read them.

import { now } from './api.js';
import { language } from './language.js';

let zone = 'Asia/Makassar';

// The mall's own zone (`time_zone` of `get_mall`): a screen's clock may be set to another.
export function useZone(wanted) {
  zone = wanted;
}

// 10.42
export function clock(instant) {
  const locale = language() === 'en' ? 'en-GB' : 'id-ID';
  const at = instant ? new Date(instant) : new Date(now());
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at);
}

// Sabtu, 28 November 10.42
export function day(instant, withTime) {
  const locale = language() === 'en' ? 'en-GB' : 'id-ID';
  const parts = { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone };
  if (withTime) Object.assign(parts, { hour: '2-digit', minute: '2-digit' });
  return new Intl.DateTimeFormat(locale, parts).format(instant ? new Date(instant) : new Date(now()));
}

// 4:07, since an instant that the API has said
export function since(instant) {
  const seconds = Math.max(0, Math.floor((now() - Date.parse(instant)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes + ':' + String(seconds % 60).padStart(2, '0');
}

// 5–12, of an estimate of the API
export function range(estimate) {
  if (estimate.from_minutes === estimate.to_minutes) return String(estimate.to_minutes);
  return estimate.from_minutes + '–' + estimate.to_minutes;
}
