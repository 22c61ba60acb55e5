/** What is heard and seen of a message when nobody looks: two soft notes, and a mark in the window's title. */

const NOTES = [659.3, 880]; // Hz
const APART = 0.13; // seconds
const LENGTH = 0.5; // seconds
const LOUDNESS = 0.06; // of 1

export class Bell {
  #context = null;

  constructor(store) {
    // Browsers let a page sound only once somebody has done something on it.
    addEventListener("pointerdown", () => this.#wake(), { once: true });
    addEventListener("keydown", () => this.#wake(), { once: true });
    addEventListener("visibilitychange", () => !document.hidden && mark(false));
    store.addEventListener("message", ({ detail }) => {
      if (detail.before || !detail.message.from.is_bot || !document.hidden) return; // edits ring nowhere
      mark(true);
      this.#ring();
    });
  }

  #wake() {
    this.#context ??= new AudioContext();
  }

  #ring() {
    if (!this.#context) return;
    for (const [number, pitch] of NOTES.entries()) {
      const begin = this.#context.currentTime + number * APART;
      const note = new OscillatorNode(this.#context, { frequency: pitch });
      const loudness = new GainNode(this.#context, { gain: 0 });
      loudness.gain.setValueAtTime(LOUDNESS, begin);
      loudness.gain.exponentialRampToValueAtTime(0.0001, begin + LENGTH);
      note.connect(loudness).connect(this.#context.destination);
      note.start(begin);
      note.stop(begin + LENGTH);
    }
  }
}

export const MARK = "● ";

export const marked = () => document.title.startsWith(MARK);

function mark(isUnread) {
  if (isUnread !== marked()) document.title = isUnread ? MARK + document.title : document.title.slice(MARK.length);
}
