import { dapCorrupt } from '../dap-error.ts';
import type { DapDataSet, DapDimension, DapVariable } from '../data-set.ts';
import { DdsWords } from './dds-words.ts';

/** Deeper structures are no data that anybody has. */
const deepest = 32;

/**
 * Dataset Descriptor Structure: which variables a data set, or an answer, has (ESE-RFC-004, section 7.1). Keywords in any case, as
 * GrADS writes them. Attributes are the DAS's. Throws FORMAT_CORRUPT.
 */
export function parseDds(url: string, text: string): DapDataSet {
  const words = new DdsWords(url, text);
  if (words.next().toLowerCase() !== 'dataset') {
    throw dapCorrupt(url, 'a DDS, which begins with "Dataset {"', `"${text.trimStart().slice(0, 40)}"`);
  }
  words.sign('{', 'behind "Dataset"');
  const variables = declarations(words, 0);
  const name = words.peek() === ';' || words.peek() === '' ? '' : words.name('the name of the data set');
  return { name, root: { name: '', attributes: [], dimensions: [], variables, groups: [] } };
}

/** Declarations up to the brace that closes them. */
function declarations(words: DdsWords, depth: number): DapVariable[] {
  const found: DapVariable[] = [];
  while (words.peek() !== '}') found.push(declaration(words, depth));
  words.next();
  return found;
}

function declaration(words: DdsWords, depth: number): DapVariable {
  if (depth > deepest) throw dapCorrupt(words.url, `at most ${deepest} structures in each other`, 'more');
  const type = words.name('the type of a variable');
  const kind = /^(structure|sequence|grid)$/i.exec(type)?.[0].toLowerCase();
  if (kind !== undefined) {
    words.sign('{', `behind "${type}"`);
    const fields = kind === 'grid' ? gridParts(words, depth) : declarations(words, depth + 1);
    return { ...namePart(words), type: kind[0].toUpperCase() + kind.slice(1), attributes: [], fields };
  }
  return { ...namePart(words), type: knownType(type), attributes: [], fields: [] };
}

const spellings = ['Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Float32', 'Float64', 'String', 'Url'];

/** The type in the specification's spelling. */
function knownType(type: string): string {
  return spellings.find((name) => name.toLowerCase() === type.toLowerCase()) ?? `DAP2 ${type}`;
}

function gridParts(words: DdsWords, depth: number): DapVariable[] {
  keyword(words, 'array');
  const array = declaration(words, depth + 1);
  keyword(words, 'maps');
  return [array, ...declarations(words, depth + 1)];
}

function keyword(words: DdsWords, expected: string): void {
  const found = words.next();
  if (found.toLowerCase() !== `${expected}:`) {
    throw dapCorrupt(words.url, `"${expected}:" of a grid`, found === '' ? 'the end' : `"${found}"`);
  }
}

/** A name, its dimensions (`[time = 4]` or `[4]`), and the semicolon. */
function namePart(words: DdsWords): { name: string; dimensions: DapDimension[] } {
  const name = words.name('the name of a variable');
  const dimensions: DapDimension[] = [];
  while (words.peek() === '[') {
    words.next();
    const first = words.name(`a dimension of "${name}"`);
    const named = words.peek() === '=';
    if (named) words.next();
    const size = named ? words.name(`the length of a dimension of "${name}"`) : first;
    if (!/^\d{1,16}$/.test(size) || !Number.isSafeInteger(Number(size))) {
      throw dapCorrupt(words.url, `the length of a dimension of "${name}"`, `"${size}"`);
    }
    words.sign(']', `behind a dimension of "${name}"`);
    dimensions.push({ name: named ? first : '', size: Number(size) });
  }
  words.sign(';', `behind the declaration of "${name}"`);
  return { name, dimensions };
}
