import { isHyperslabError } from '@hyperslab/errors';
import type { Storage } from '@hyperslab/storage';
import type { IndexRequest } from '../format-reader.ts';

/** What an inventory beside a file says. */
interface Inventory {
  /** Where it is; undefined when there is none. */
  url: string | undefined;
  /** Where messages begin, in order. */
  starts: number[];
}

// An inventory has some hundred bytes for a message.
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads the inventory beside a file of messages: `FILE.idx` as wgrib2 writes them (number:offset:…), or `FILE.index` or the
 * file's name ending in `.index`, as ECMWF does (JSON lines with _offset). It only tells what to fetch early: what is found
 * there is read like any other bytes, and nothing else is believed.
 */
export async function readInventory({ source, storage, signal }: IndexRequest): Promise<Inventory> {
  const none: Inventory = { url: undefined, starts: [] };
  if (storage === undefined) return none;
  for (const url of inventoriesOf(source.url)) {
    const text = await readText(storage, url, signal);
    if (text === undefined) continue;
    const offsets = url.endsWith('.idx') ? wgribOffsets(text) : ecmwfOffsets(text);
    // Fields of one message share an offset.
    const starts = [...new Set(offsets)].sort((a, b) => a - b);
    if (starts.length > 0) return { url, starts };
  }
  return none;
}

function inventoriesOf(url: string): string[] {
  const stem = url.replace(/\.[^./]*$/, '');
  return [`${url}.idx`, `${stem}.index`, `${url}.index`];
}

/** The text of an object; undefined when it is not there or may not be read. */
async function readText(storage: Storage, url: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const source = storage.open(url);
    const version = await source.stat(signal);
    if (version.size > mostBytes) return undefined;
    const [bytes] = await source.read([{ offset: 0, length: version.size }], { signal, expect: version });
    return Buffer.from(bytes).toString('latin1');
  } catch (error) {
    if (signal?.aborted || !isHyperslabError(error)) throw error;
    return undefined;
  }
}

function wgribOffsets(text: string): number[] {
  return [...text.matchAll(/^\d+(?:\.\d+)?:(\d+):/gm)].map(([, offset]) => Number(offset));
}

function ecmwfOffsets(text: string): number[] {
  return [...text.matchAll(/"_offset"\s*:\s*(\d+)/g)].map(([, offset]) => Number(offset));
}
