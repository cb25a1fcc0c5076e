// Makes elements. Text goes in as text, never as HTML: what an API says can then not run as a script.

// el('button', {class: 'big', onclick: act}, 'Press') or el('p', {}, 'some text')
export function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.keys(attributes || {}).forEach((key) => {
    const value = attributes[key];
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  });
  made.append(...children.filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

// Put these into a place, instead of what was there.
export function fill(place, ...children) {
  while (place.firstChild) place.removeChild(place.firstChild);
  place.append(...children.filter((each) => each !== null && each !== undefined && each !== false));
}

export function byId(id) {
  return document.getElementById(id);
}
