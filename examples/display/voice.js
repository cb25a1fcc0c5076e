// The sound and the voice of a call: one after the other, never two at once.

const RECORDINGS = 'sounds/'; // a folder of your own: sounds/id/nomor.mp3, sounds/en/ticket.mp3, …
const LONGEST = 15000; // milliseconds: some browsers never say that they have finished speaking

let audio = null;
let recorded = true; // until one is found missing
let line = Promise.resolve();

// Browsers stay silent until somebody has touched the page. On a wall nobody does: start Chrome with
// --autoplay-policy=no-user-gesture-required, in a WebView call setMediaPlaybackRequiresUserGesture(false).
export function startSound(button) {
  const Audible = window.AudioContext || window.webkitAudioContext;
  if (!Audible) return;
  audio = new Audible();
  const show = () => {
    button.hidden = audio.state === 'running';
  };
  audio.onstatechange = show;
  button.addEventListener('click', () => audio.resume());
  setTimeout(show, 500);
}

// `onTurn(call)`: now it is announced; `onTurn(null)`: it was.
export function announce(call, onTurn) {
  line = line.then(async () => {
    onTurn(call);
    await chime();
    // In the visitor's own language first; who speaks English hears both.
    const languages = call.language === 'en' ? ['en', 'id'] : ['id'];
    for (const language of languages) await speak(call.text[language], language);
    onTurn(null);
  });
}

// Two notes, made here: no file to load.
function chime() {
  if (audio && audio.state === 'running') {
    [659, 523].forEach((pitch, at) => {
      const begins = audio.currentTime + at * 0.35;
      const note = audio.createOscillator();
      const loud = audio.createGain();
      note.frequency.value = pitch;
      loud.gain.setValueAtTime(0.4, begins);
      loud.gain.exponentialRampToValueAtTime(0.001, begins + 0.6);
      note.connect(loud).connect(audio.destination);
      note.start(begins);
      note.stop(begins + 0.6);
    });
  }
  return new Promise((done) => setTimeout(done, 1100));
}

// The browser's own voice of that language. Where it has none (an Android WebView never has): recordings, word by word.
async function speak(text, language) {
  const voices = window.speechSynthesis ? window.speechSynthesis.getVoices() : [];
  const voice = voices.find((each) => each.lang.toLowerCase().startsWith(language));
  if (voice) await spoken(text.sentence, voice);
  else if (recorded) await played(text.tokens, language);
}

function spoken(sentence, voice) {
  return new Promise((done) => {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.9;
    said.onend = done;
    said.onerror = done;
    setTimeout(done, LONGEST);
    window.speechSynthesis.speak(said);
  });
}

// One recording for each token; `get_board_words` lists all that can come.
async function played(tokens, language) {
  for (const token of tokens) {
    if (!(await playedOne(RECORDINGS + language + '/' + encodeURIComponent(token) + '.mp3'))) return;
  }
}

function playedOne(address) {
  return new Promise((done) => {
    const sound = new Audio(address);
    sound.onended = () => done(true);
    sound.onerror = () => {
      recorded = false; // there are no recordings here: the sound alone must do
      done(false);
    };
    setTimeout(() => done(true), LONGEST);
    const playing = sound.play();
    if (playing) playing.catch(() => done(false)); // not allowed yet: nobody has touched the page
  });
}
