import { formatCorrupt } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';
import { editionAt, telltaleOctets } from './edition-at.ts';
import type { Field, Message } from './field.ts';
import type { GridDefinition } from './grid/grid.ts';
import { readInventory } from './inventory.ts';
import { MessageBytes } from './message-bytes.ts';
import { type Grid1, readMessage1 } from './message1.ts';
import { readMessage2 } from './message2.ts';
import { SectionCache } from './section-cache.ts';

const magic = 'GRIB';
const ending = '7777';

// A file of thousands of messages that are left out for one reason says it this often.
const mostNotes = 20;

/**
 * Finds the messages of a file, from front to back, among whatever else is there: headers of bulletins, padding. Headers
 * are read, data is stepped over. Calls `found` with each field, and gives notes on what was left out. Throws
 * FORMAT_CORRUPT for a message that is damaged or cut off, FORMAT_UNSUPPORTED, and what the source throws.
 */
export async function scanMessages(request: IndexRequest, found: (field: Field) => void): Promise<string[]> {
  const bytes = new MessageBytes(request);
  const reader = messageReader(bytes);
  const notes: string[] = [];
  let leftOut = 0;
  let inventory: string[] | undefined;
  let from = 0;
  for (;;) {
    const offset = await bytes.find(magic, from);
    if (offset === undefined) break;
    const message = await reader(offset);
    if (message === undefined) {
      from = offset + magic.length;
      continue;
    }
    const { end } = message;
    bytes.expectMessagesOf(end - offset);
    if (inventory === undefined && bytes.readsHeaders && end < bytes.size) {
      inventory = await useInventory(request, bytes, offset);
    }
    await assertEnding(bytes, offset, end);
    message.fields.forEach(found);
    leftOut += message.notes.length;
    for (const note of message.notes) {
      if (notes.length < mostNotes) notes.push(`the field at byte ${offset} was left out: ${note}`);
    }
    from = end;
  }
  if (leftOut > notes.length) notes.push(`${leftOut - notes.length} more fields were left out`);
  return [...(inventory ?? []), ...notes];
}

/** Has headers fetched as an inventory says, when it knows the message at an offset; gives notes on one that was not used. */
async function useInventory(request: IndexRequest, bytes: MessageBytes, offset: number): Promise<string[]> {
  const { url, starts } = await readInventory(request);
  if (url === undefined) return [];
  if (starts.at(-1)! < bytes.size && starts.includes(offset)) {
    bytes.expectStarts(starts);
    return [];
  }
  return [`the inventory ${url} is not of this file and was not used`];
}

/** Reads the message at an offset where "GRIB" is; undefined when it is none. */
function messageReader(bytes: MessageBytes): (offset: number) => Promise<Message | undefined> {
  const grids1 = new SectionCache<Grid1>(bytes.url);
  const grids2 = new SectionCache<GridDefinition>(bytes.url);
  return async (offset) => {
    const left = bytes.size - offset;
    if (left < telltaleOctets) {
      throw formatCorrupt(bytes.url, offset, 'a message, as GRIB begins one', `${left} bytes left`);
    }
    const edition = editionAt(await bytes.at(offset, telltaleOctets), 0);
    if (edition === 1) return readMessage1(bytes, offset, grids1);
    return edition === 2 ? readMessage2(bytes, offset, grids2) : undefined;
  };
}

/** The end of a message is read together with the header of the next. */
async function assertEnding(bytes: MessageBytes, offset: number, end: number): Promise<void> {
  const found = Buffer.from(await bytes.at(end - ending.length, ending.length)).toString('latin1');
  if (found === ending) return;
  throw formatCorrupt(
    bytes.url,
    end - ending.length,
    `7777 at the end of the message at byte ${offset}`,
    JSON.stringify(found),
  );
}
