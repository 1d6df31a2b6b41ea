import { decodeText } from '../answer-cursor.ts';
import { dapCorrupt } from '../dap-error.ts';
import type { DapAttribute } from '../data-set.ts';
import { DdsWords } from './dds-words.ts';

/** Attributes by name, and containers of them in each other. */
export interface DasContainer {
  name: string;
  attributes: DapAttribute[];
  containers: DasContainer[];
}

const deepest = 32;

/** Data Attribute Structure (ESE-RFC-004, section 7.2). Aliases are left out. Throws FORMAT_CORRUPT. */
export function parseDas(url: string, text: string): DasContainer {
  const words = new DdsWords(url, text);
  if (words.next().toLowerCase() !== 'attributes') {
    throw dapCorrupt(url, 'a DAS, which begins with "Attributes {"', `"${text.trimStart().slice(0, 40)}"`);
  }
  words.sign('{', 'behind "Attributes"');
  return container(words, '', 0);
}

function container(words: DdsWords, name: string, depth: number): DasContainer {
  if (depth > deepest) throw dapCorrupt(words.url, `at most ${deepest} containers in each other`, 'more');
  const found: DasContainer = { name, attributes: [], containers: [] };
  for (;;) {
    const first = words.next();
    if (first === '}') return found;
    if (first === ';') continue;
    if (first === '' || /^[{[\]=,]$/.test(first)) {
      throw dapCorrupt(words.url, 'an attribute or "}"', first === '' ? 'the end' : `"${first}"`);
    }
    if (words.peek() === '{') {
      words.next();
      found.containers.push(container(words, unquoted(first), depth + 1));
    } else if (first.toLowerCase() === 'alias') stepOver(words);
    else found.attributes.push(attribute(words, first));
  }
}

function stepOver(words: DdsWords): void {
  for (let word = words.next(); word !== ';'; word = words.next()) {
    if (word === '') throw dapCorrupt(words.url, '";" behind an alias', 'the end');
  }
}

/** Values up to the semicolon. Some servers write texts without quotes, of which each word is a part. */
function attribute(words: DdsWords, type: string): DapAttribute {
  const name = words.name('the name of an attribute');
  const values: string[] = [];
  let parts: string[] = [];
  for (;;) {
    const word = words.next();
    if (word === '') throw dapCorrupt(words.url, `";" behind the attribute "${name}"`, 'the end');
    if (word === ';' || word === ',') {
      if (parts.length > 0) values.push(parts.join(' '));
      parts = [];
      if (word === ';') return { name: unquoted(name), type, values };
    } else parts.push(unquoted(word));
  }
}

/** Text without its quotes and backslashes; octal numbers, as libdap writes what can't be printed, are bytes of UTF-8. */
function unquoted(word: string): string {
  if (!word.startsWith('"')) return word;
  const inner = word.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  const [first, ...pieces] = inner.split('\\');
  let text = first;
  let bytes: number[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    const isOctal = /^[0-3][0-7]{2}/.test(piece);
    if (isOctal) bytes.push(Number.parseInt(piece.slice(0, 3), 8));
    if (bytes.length > 0 && !(isOctal && piece.length === 3)) {
      text += decodeText(Uint8Array.from(bytes));
      bytes = [];
    }
    if (isOctal) text += piece.slice(3);
    // Between two backslashes is nothing: the second is one of the text, as is what follows it.
    else if (piece === '') text += `\\${pieces[++at] ?? ''}`;
    else text += ({ n: '\n', t: '\t' }[piece[0]] ?? piece[0]) + piece.slice(1);
  }
  return text + decodeText(Uint8Array.from(bytes));
}
