import { dapCorrupt } from '../dap-error.ts';

/** The words and signs of a text of DAP2, one after another. */
export class DdsWords {
  readonly url: string;
  readonly #text: string;
  #at = 0;

  constructor(url: string, text: string) {
    this.url = url;
    this.#text = text;
  }

  /** The next word or sign without taking it; empty at the end. */
  peek(): string {
    const at = this.#at;
    const word = this.next();
    this.#at = at;
    return word;
  }

  /** Takes the next sign (one of `{}[]=;,`), word, or quoted text with its quotes; empty at the end. Comments are stepped over. */
  next(): string {
    const space = /(?:\s+|#[^\n]*)*/y;
    space.lastIndex = this.#at;
    space.exec(this.#text);
    const word = /[{}[\]=;,]|"(?:[^"\\]|\\[\s\S])*"|[^\s{}[\]=;,"]+/y;
    word.lastIndex = space.lastIndex;
    const found = word.exec(this.#text)?.[0] ?? '';
    this.#at = space.lastIndex + found.length;
    if (found === '' && this.#at < this.#text.length) {
      throw dapCorrupt(
        this.url,
        'a text that ends with a quote',
        `"${this.#text.slice(this.#at, this.#at + 40)}"`,
      );
    }
    return found;
  }

  /** Takes a sign that must come next. */
  sign(sign: string, where: string): void {
    const found = this.next();
    if (found !== sign)
      throw dapCorrupt(this.url, `"${sign}" ${where}`, found === '' ? 'the end' : `"${found}"`);
  }

  /** Takes a name that must come next. */
  name(what: string): string {
    const found = this.next();
    if (found === '' || /^[{}[\]=;,]$/.test(found)) {
      throw dapCorrupt(this.url, what, found === '' ? 'the end' : `"${found}"`);
    }
    return found;
  }
}
