// A person's tokens, kept for this tab: a reload goes on with them, a closed tab does not.

import { NoAnswer, Refusal, send } from './api.js';
import { language } from './language.js';
import { API } from './settings.js';

const KEPT = 'mpp.session';
let renewing = null;

function kept() {
  return JSON.parse(sessionStorage.getItem(KEPT)) || {};
}

async function askForTokens(form) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept-Language': language() };
  const answer = await send('POST', API + 'v1/oauth/token', headers, new URLSearchParams(form).toString());
  if (answer.status !== 200) {
    // this endpoint alone speaks OAuth's language (RFC 6749)
    const { code, error, error_description: detail } = answer.body;
    throw new Refusal({ code: code || error, title: '', detail });
  }
  return answer.body;
}

export const session = {
  username() {
    return kept().username || null;
  },

  token() {
    return kept().access_token || null;
  },

  // Raises Refusal (`invalid_grant`: wrong name or password) or NoAnswer.
  async signIn(username, password) {
    const tokens = await askForTokens({ grant_type: 'password', username, password });
    sessionStorage.setItem(KEPT, JSON.stringify(Object.assign({ username }, tokens)));
  },

  // Get the next tokens. Several calls may find out at once that the old one is over: they share one renewal,
  // because a refresh token is used once. false: the session has ended.
  async renew(old) {
    if (old !== session.token()) return true; // another call has renewed it meanwhile
    if (!kept().refresh_token) return false;
    renewing = renewing || renewOnce();
    try {
      return await renewing;
    } finally {
      renewing = null;
    }
  },

  signOut() {
    const { refresh_token: token } = kept();
    sessionStorage.removeItem(KEPT);
    if (!token) return;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const form = new URLSearchParams({ token }).toString();
    send('POST', API + 'v1/oauth/revoke', headers, form).catch(() => {}); // it also ends by itself
  },
};

async function renewOnce() {
  const { username, refresh_token: token } = kept();
  try {
    const tokens = await askForTokens({ grant_type: 'refresh_token', refresh_token: token });
    sessionStorage.setItem(KEPT, JSON.stringify(Object.assign({ username }, tokens)));
    return true;
  } catch (error) {
    if (error instanceof NoAnswer) throw error; // try again: within 30 seconds the same token gets the same answer
    sessionStorage.setItem(KEPT, JSON.stringify({ username })); // who must type the password again
    return false;
  }
}
