import type { XmlElement } from '@hyperslab/dap';
import { formatCorrupt } from '../format-error.ts';

/** Bytes in a data file. */
export interface StoredBytes {
  offset: number;
  length: number;
  /** The file, where it is not that of the whole document. */
  href?: string;
}

/** A chunk at a place: the index of its first element in each dimension. */
export interface StoredChunk extends StoredBytes {
  place: number[];
  /** HDF5's filter mask. */
  mask: number;
}

/** How the values of a variable are stored. */
type VariableStorage =
  | { kind: 'chunks'; chunkShape: number[]; chunks: StoredChunk[] }
  /** All values, one part after the other; no part where there are only fill values. */
  | { kind: 'parts'; parts: StoredBytes[] }
  /** In the document itself; deflated where `isDeflated`. */
  | { kind: 'held'; bytes: Uint8Array; isDeflated: boolean }
  | { kind: 'texts'; texts: XmlElement[] }
  | { kind: 'none'; reason: string };

/** What elements of the vocabulary of DMR++ say of a variable. */
export interface StoredVariable {
  storage: VariableStorage;
  /** Filters in the order in which they were applied. */
  filters: string[];
  isBigEndian: boolean;
  /** As the document has it. */
  fillValue?: string;
}

/** Forms of storage that are only named. */
const described: Readonly<Record<string, string>> = {
  'dmrpp:specialstructuredata': 'its structures are kept in the sidecar',
  'dmrpp:FixedLengthStringArray': 'its strings have a fixed length',
};

/**
 * What a DMR++ says of where the values of a variable are (OPeNDAP, "DMR++ Documentation for the dmrpp Namespace"). Prefixes are
 * taken literally, as the server that makes these documents does. Throws FORMAT_CORRUPT.
 */
export function storedVariable(element: XmlElement, url: string, hasVersion: boolean): StoredVariable {
  const chunks = element.children.find(({ name }) => name === 'dmrpp:chunks');
  const attributes = chunks?.attributes ?? {};
  const order = attributes.byteOrder ?? 'LE';
  if (order !== 'LE' && order !== 'BE')
    throw formatCorrupt(url, 0, `byteOrder of ${nameOf(element)} to be LE or BE`, JSON.stringify(order));
  return {
    storage: storageOf(element, chunks, url),
    filters: filtersOf(attributes.compressionType ?? '', hasVersion),
    isBigEndian: order === 'BE',
    fillValue: attributes.fillValue,
  };
}

/**
 * Documents without a version name filters in no order (BES, DmrppCommon::set_filter): HDF5's usual one is meant.
 */
function filtersOf(compressionType: string, hasVersion: boolean): string[] {
  const named = compressionType.split(/\s+/).filter((name) => name !== '');
  const usual = ['shuffle', 'deflate', 'fletcher32'];
  if (hasVersion || named.some((name) => !usual.includes(name))) return named;
  return usual.filter((name) => named.includes(name));
}

function storageOf(element: XmlElement, chunks: XmlElement | undefined, url: string): VariableStorage {
  for (const { name } of element.children)
    if (described[name] !== undefined) return { kind: 'none', reason: described[name] };
  const child = (name: string) => element.children.find((each) => each.name === name);
  const texts = child('dmrpp:vlsa');
  if (texts !== undefined) return { kind: 'texts', texts: texts.children.filter(({ name }) => name === 'v') };
  const compact = child('dmrpp:compact');
  if (compact !== undefined) return { kind: 'held', bytes: base64(compact, url), isDeflated: false };
  const missing = child('dmrpp:missingdata');
  if (missing !== undefined) return { kind: 'held', bytes: base64(missing, url), isDeflated: true };
  const lone = child('dmrpp:chunk');
  if (chunks === undefined && lone === undefined)
    return { kind: 'none', reason: 'the sidecar does not say where it is' };
  if (chunks === undefined) return { kind: 'parts', parts: [bytesOf(lone!, url)] };
  return storageOfChunks(chunks, url);
}

function storageOfChunks({ attributes, children }: XmlElement, url: string): VariableStorage {
  const isLinked = children.some((child) => child.attributes.LinkedBlockIndex !== undefined);
  if (attributes.LBChunk === 'true' || isLinked)
    return { kind: 'none', reason: 'its chunks are made of several blocks each' };
  const named = (name: string) => children.filter((child) => child.name === name);
  const [sizes] = named('dmrpp:chunkDimensionSizes');
  const parts = [...named('dmrpp:chunk'), ...named('dmrpp:block')];
  if (sizes === undefined) return { kind: 'parts', parts: parts.map((part) => bytesOf(part, url)) };
  if (named('dmrpp:block').length > 0) return { kind: 'none', reason: 'its chunks lie in blocks' };
  const chunkShape = numbersOf(sizes.text, 'chunkDimensionSizes', url);
  const chunks = parts.map((part): StoredChunk => {
    const position = part.attributes.chunkPositionInArray;
    const place =
      position === undefined && parts.length === 1
        ? chunkShape.map(() => 0)
        : numbersOf((position ?? '').replaceAll(/[[\],]/g, ' '), 'chunkPositionInArray', url);
    const mask = wholeNumber(part.attributes.fm ?? '0', 'fm', url);
    if (mask >= 2 ** 32) throw formatCorrupt(url, 0, 'a filter mask of 32 bits', String(mask));
    return { ...bytesOf(part, url), place, mask };
  });
  return { kind: 'chunks', chunkShape, chunks };
}

function bytesOf({ attributes }: XmlElement, url: string): StoredBytes {
  const offset = wholeNumber(attributes.offset ?? '', 'offset', url);
  const length = wholeNumber(attributes.nBytes ?? '', 'nBytes', url);
  if (length === 0 || !Number.isSafeInteger(offset + length))
    throw formatCorrupt(
      url,
      0,
      'a chunk of at least a byte that ends before byte 2^53',
      `nBytes="${length}"`,
    );
  return { offset, length, href: attributes.href };
}

function numbersOf(text: string, name: string, url: string): number[] {
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => wholeNumber(part, name, url));
}

function wholeNumber(text: string, name: string, url: string): number {
  const number = /^\s*\d{1,16}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw formatCorrupt(url, 0, `whole numbers in "${name}"`, JSON.stringify(text.slice(0, 40)));
}

function base64(element: XmlElement, url: string): Uint8Array {
  const text = element.text.replaceAll(/\s+/g, '');
  if (text === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw formatCorrupt(url, 0, `base64 in ${element.name}`, JSON.stringify(text.slice(0, 40)));
  return Buffer.from(text, 'base64');
}

function nameOf({ attributes }: XmlElement): string {
  return JSON.stringify(attributes.name ?? '');
}
