import type { ReadStream, WriteStream } from 'node:tty';
import type { Room } from './draw-picture.ts';

const enter = '\x1b[?1049h\x1b[?25l\x1b[2J';
const leave = '\x1b[?25h\x1b[?1049l';
const keys = { q: 'q', interrupt: '\x03', endOfText: '\x04' };

/**
 * A terminal that is drawn anew in place, beside what was on it before. Only lines that have changed are sent, and
 * none while the terminal has not taken those before: over a slow link it is drawn less often.
 */
export class Screen {
  readonly #output: WriteStream;
  readonly #input: ReadStream;
  readonly #onQuit: () => void;
  #shown: string[] = [];
  #latest: ((room: Room) => string[]) | undefined;

  constructor(output: WriteStream, input: ReadStream, onQuit: () => void) {
    this.#output = output;
    this.#input = input;
    this.#onQuit = onQuit;
    output.write(enter);
    output.on('resize', this.#resized);
    output.on('drain', this.#redraw);
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.on('data', this.#pressed);
  }

  /** Shows lines that are made for the room there is, now and again whenever that changes. */
  draw(lines: (room: Room) => string[]): void {
    this.#latest = lines;
    this.#redraw();
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#output.off('resize', this.#resized);
    this.#output.off('drain', this.#redraw);
    if (this.#input.isTTY) {
      this.#input.off('data', this.#pressed);
      this.#input.setRawMode(false);
      this.#input.pause();
    }
    this.#output.write(leave);
  }

  readonly #redraw = (): void => {
    if (this.#latest === undefined || this.#output.writableNeedDrain) return;
    // Some terminals have no size.
    const { columns, rows } = { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
    const lines = this.#latest({ columns, rows }).slice(0, rows);
    let changes = '';
    for (let at = 0; at < Math.max(lines.length, this.#shown.length); at++) {
      // The rest of the line is erased before it is written: behind a full line, its last sign would be.
      if (lines[at] !== this.#shown[at]) changes += `\x1b[${at + 1};1H\x1b[K${lines[at] ?? ''}`;
    }
    this.#shown = lines;
    if (changes !== '') this.#output.write(changes);
  };

  readonly #resized = (): void => {
    this.#shown = [];
    this.#output.write('\x1b[2J');
    this.#redraw();
  };

  readonly #pressed = (bytes: Buffer): void => {
    const pressed = bytes.toString();
    if (Object.values(keys).some((key) => pressed.includes(key))) this.#onQuit();
  };
}
