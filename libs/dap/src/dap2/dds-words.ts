import { dapCorrupt } from '../dap-error.ts';

/** More words are no description of a data set, but take memory for each. */
const mostWords = 2 * 1024 * 1024;

const signs = '{}[]=;,';
const quote = '"';

/**
 * The words and signs of a text of DAP2, one after another. Scanned by hand: regular expressions take memory for each character of
 * a long text.
 */
export class DdsWords {
  readonly url: string;
  readonly #text: string;
  #at = 0;
  #words = 0;
  /** The next word, where it was looked at already. */
  #peeked: string | undefined;

  constructor(url: string, text: string) {
    this.url = url;
    this.#text = text;
  }

  /** The next word or sign without taking it; empty at the end. */
  peek(): string {
    this.#peeked ??= this.#scan();
    return this.#peeked;
  }

  /** Takes the next sign (one of `{}[]=;,`), word, or quoted text with its quotes; empty at the end. Comments are stepped over. */
  next(): string {
    const word = this.peek();
    this.#peeked = undefined;
    if (++this.#words > mostWords) throw dapCorrupt(this.url, `at most ${mostWords} words`, 'more');
    return word;
  }

  /** Takes a sign that must come next. */
  sign(sign: string, where: string): void {
    const found = this.next();
    if (found !== sign) throw dapCorrupt(this.url, `"${sign}" ${where}`, phrase(found));
  }

  /** Takes a name that must come next. */
  name(what: string): string {
    const found = this.next();
    if (found === '' || isSign(found)) throw dapCorrupt(this.url, what, phrase(found));
    return found;
  }

  #scan(): string {
    this.#stepOverSpace();
    const start = this.#at;
    if (start >= this.#text.length) return '';
    const first = this.#text[start];
    if (first === quote) this.#at = this.#endOfQuoted(start);
    else if (isSign(first)) this.#at++;
    else while (this.#at < this.#text.length && !endsWord(this.#text[this.#at])) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #stepOverSpace(): void {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      if (text[this.#at] === '#') {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end;
      } else if (!isSpace(text[this.#at])) return;
    }
  }

  /** Behind the quote that ends a text; one behind a backslash is part of it. */
  #endOfQuoted(start: number): number {
    for (let at = start + 1; at < this.#text.length; at++) {
      if (this.#text[at] === quote) return at + 1;
      if (this.#text[at] === '\\') at++;
    }
    throw dapCorrupt(this.url, 'a text that ends with a quote', phrase(this.#text.slice(start, start + 40)));
  }
}

function isSign(character: string): boolean {
  return character.length === 1 && signs.includes(character);
}

function isSpace(character: string): boolean {
  return character.trim() === '';
}

function endsWord(character: string): boolean {
  return signs.includes(character) || character === quote || isSpace(character);
}

function phrase(word: string): string {
  return word === '' ? 'the end' : `"${word.slice(0, 60)}"`;
}
