// What to change for your own mall. Nothing else in these folders knows where the API is.

// Where the API is, with a slash at the end: 'https://api.mall.example/'.
// As it stands: the server that this page came from.
export const API = new URL('../../', import.meta.url).href;

// The mall's name in every path (`slug` in `list_malls`).
export const MALL = 'samarinda';
