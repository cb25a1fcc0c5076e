// Indonesian first, English beside it.

let chosen = 'id';

export function language() {
  return chosen;
}

export function choose(wanted) {
  chosen = wanted === 'en' ? 'en' : 'id';
  document.documentElement.lang = chosen; // a screen reader takes its voice from it
}

// Names in the API are always {id, en}.
export function name(both) {
  return both[chosen];
}

// The words of a screen: {greeting: ['Halo {who}', 'Hello {who}']} gives t('greeting', {who: …}).
export function translator(words) {
  return function t(key, facts) {
    const text = words[key][chosen === 'en' ? 1 : 0];
    return text.replace(/\{(\w+)\}/g, (whole, fact) => facts[fact]);
  };
}
