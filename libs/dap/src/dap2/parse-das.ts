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

/** Text without its quotes and backslashes; octal numbers, as libdap writes what can't be printed, are the bytes of UTF-8. */
function unquoted(word: string): string {
  if (!word.startsWith('"')) return word;
  const inner = word.slice(1, -1);
  const plain = inner.replace(/(?:\\[0-3][0-7]{2})+/g, (octal) => {
    const bytes = octal
      .slice(1)
      .split('\\')
      .map((digits) => Number.parseInt(digits, 8));
    return Buffer.from(bytes).toString();
  });
  return plain.replace(/\\([nt"\\])/g, (_, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);
}
