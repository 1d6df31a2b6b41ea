// Probability states (ISO/IEC 15444-1, table C.2): estimate, next state after the more and the less probable symbol, and whether
// the less probable one becomes the more probable.
const states = [
  [0x5601, 1, 1, 1],
  [0x3401, 2, 6, 0],
  [0x1801, 3, 9, 0],
  [0x0ac1, 4, 12, 0],
  [0x0521, 5, 29, 0],
  [0x0221, 38, 33, 0],
  [0x5601, 7, 6, 1],
  [0x5401, 8, 14, 0],
  [0x4801, 9, 14, 0],
  [0x3801, 10, 14, 0],
  [0x3001, 11, 17, 0],
  [0x2401, 12, 18, 0],
  [0x1c01, 13, 20, 0],
  [0x1601, 29, 21, 0],
  [0x5601, 15, 14, 1],
  [0x5401, 16, 14, 0],
  [0x5101, 17, 15, 0],
  [0x4801, 18, 16, 0],
  [0x3801, 19, 17, 0],
  [0x3401, 20, 18, 0],
  [0x3001, 21, 19, 0],
  [0x2801, 22, 19, 0],
  [0x2401, 23, 20, 0],
  [0x2201, 24, 21, 0],
  [0x1c01, 25, 22, 0],
  [0x1801, 26, 23, 0],
  [0x1601, 27, 24, 0],
  [0x1401, 28, 25, 0],
  [0x1201, 29, 26, 0],
  [0x1101, 30, 27, 0],
  [0x0ac1, 31, 28, 0],
  [0x09c1, 32, 29, 0],
  [0x08a1, 33, 30, 0],
  [0x0521, 34, 31, 0],
  [0x0441, 35, 32, 0],
  [0x02a1, 36, 33, 0],
  [0x0221, 37, 34, 0],
  [0x0141, 38, 35, 0],
  [0x0111, 39, 36, 0],
  [0x0085, 40, 37, 0],
  [0x0049, 41, 38, 0],
  [0x0025, 42, 39, 0],
  [0x0015, 43, 40, 0],
  [0x0009, 44, 41, 0],
  [0x0005, 45, 42, 0],
  [0x0001, 45, 43, 0],
  [0x5601, 46, 46, 0],
];
const estimates = Uint16Array.from(states, ([estimate]) => estimate);
const afterMore = Uint8Array.from(states, ([, next]) => next);
const afterLess = Uint8Array.from(states, ([, , next]) => next);
const switches = Uint8Array.from(states, ([, , , does]) => does);

/** Contexts of a code-block (table D.1): 0 to 8 significance, 9 to 13 sign, 14 to 16 magnitude. */
export const runContext = 17;
export const uniformContext = 18;
const contexts = 19;

/** The MQ arithmetic decoder (annex C). Past the end of the bytes it reads ones, as the encoder expects it to. */
export class MqDecoder {
  readonly #bytes: Uint8Array;
  readonly #state = new Uint8Array(contexts);
  readonly #moreProbable = new Uint8Array(contexts);
  #at = 0;
  #code: number;
  #interval = 0x8000;
  #bitsLeft = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#state[0] = 4;
    this.#state[runContext] = 3;
    this.#state[uniformContext] = 46;
    this.#code = this.#byte(0) << 16;
    this.#byteIn();
    this.#code <<= 7;
    this.#bitsLeft -= 7;
  }

  /** The next symbol, 0 or 1, in a context. */
  decode(context: number): number {
    const state = this.#state[context];
    const estimate = estimates[state];
    let symbol = this.#moreProbable[context];
    this.#interval -= estimate;
    if (this.#code >>> 16 < estimate) {
      const isMore = this.#interval < estimate;
      this.#interval = estimate;
      if (!isMore) symbol ^= 1;
      this.#adapt(context, state, isMore);
    } else {
      this.#code -= estimate << 16;
      if ((this.#interval & 0x8000) !== 0) return symbol;
      const isMore = this.#interval >= estimate;
      if (!isMore) symbol ^= 1;
      this.#adapt(context, state, isMore);
    }
    this.#renormalise();
    return symbol;
  }

  #adapt(context: number, state: number, isMore: boolean): void {
    if (isMore) this.#state[context] = afterMore[state];
    else {
      this.#moreProbable[context] ^= switches[state];
      this.#state[context] = afterLess[state];
    }
  }

  #renormalise(): void {
    do {
      if (this.#bitsLeft === 0) this.#byteIn();
      this.#interval <<= 1;
      this.#code <<= 1;
      this.#bitsLeft--;
    } while ((this.#interval & 0x8000) === 0);
  }

  #byteIn(): void {
    const isStuffed = this.#byte(this.#at) === 0xff;
    if (isStuffed && this.#byte(this.#at + 1) > 0x8f) {
      this.#code += 0xff00;
      this.#bitsLeft = 8;
      return;
    }
    this.#at++;
    this.#code += this.#byte(this.#at) << (isStuffed ? 9 : 8);
    this.#bitsLeft = isStuffed ? 7 : 8;
  }

  #byte(at: number): number {
    return at < this.#bytes.length ? this.#bytes[at] : 0xff;
  }
}
