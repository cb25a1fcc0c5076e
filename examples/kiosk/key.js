// The key of this device: entered once, kept in the browser. It is long-lived, and the mall's manager can revoke it.

const KEPT = 'mpp.kiosk.key';

export const key = {
  token() {
    // A start page may carry it behind a `#`, which is never sent to a server: kiosk/#key=mpk_…
    const given = /^#key=(.+)$/.exec(location.hash);
    if (given) {
      key.keep(decodeURIComponent(given[1]));
      history.replaceState(null, '', location.pathname + location.search); // out of sight again
    }
    return localStorage.getItem(KEPT);
  },

  keep(text) {
    localStorage.setItem(KEPT, text.trim());
  },

  forget() {
    localStorage.removeItem(KEPT);
  },

  // A key cannot be renewed: one that is refused was revoked, or mistyped.
  async renew() {
    return false;
  },
};
