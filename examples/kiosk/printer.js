// Brings a ticket onto paper. `get_ticket_print` gives the lines and the QR code as data: lay them out as you like.

import { byId, el, fill } from '../shared/dom.js';
import { name } from '../shared/language.js';

// Returns 'printed', 'failed', or null where nobody can tell (a browser does not say what the printer did).
export function print(paper) {
  // An Android WebView cannot print by itself. Give it a bridge, and the paper's data goes to your own code:
  // webView.addJavascriptInterface(printer, "MallPrinter"), with a method
  // @JavascriptInterface public String print(String json), which answers "printed" or "failed".
  if (window.MallPrinter) return window.MallPrinter.print(JSON.stringify(paper));

  const lines = paper.lines.map((line) => el('p', { class: 'line ' + line.part }, name(line.text)));
  fill(byId('paper'), ...lines, qr(paper));
  // Start Chrome with --kiosk --kiosk-printing, and it prints without a question.
  if (window.print) window.print();
  return null;
}

// The code as a picture. As a data: address it cannot run anything, whatever is in it.
export function qr(paper) {
  return el('img', { class: 'qr', alt: '', src: 'data:image/svg+xml,' + encodeURIComponent(paper.qr.svg) });
}
