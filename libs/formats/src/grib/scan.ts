import type { IndexRequest } from '../format-reader.ts';
import type { Field } from './field.ts';
import { readInventory } from './inventory.ts';
import { MessageBytes } from './message-bytes.ts';
import { isWorthSegments, walkSegments } from './scan-segments.ts';
import { type FoundMessage, walkMessages } from './walk.ts';

// A file of thousands of messages that are left out for one reason says it this often.
const mostNotes = 20;

/**
 * Finds the messages of a file and calls `found` with each of their fields, in the order of the file; gives notes on what was
 * left out. Throws FORMAT_CORRUPT for a message that is damaged or cut off, FORMAT_UNSUPPORTED, and what the source throws.
 */
export async function scanMessages(request: IndexRequest, found: (field: Field) => void): Promise<string[]> {
  const inventoryNotes: string[] = [];
  const notes: string[] = [];
  let leftOut = 0;
  for await (const message of messagesOf(request, inventoryNotes)) {
    message.fields.forEach(found);
    leftOut += message.notes.length;
    for (const note of message.notes) {
      if (notes.length < mostNotes) notes.push(`the field at byte ${message.offset} was left out: ${note}`);
    }
  }
  if (leftOut > notes.length) notes.push(`${leftOut - notes.length} more fields were left out`);
  return [...inventoryNotes, ...notes];
}

/**
 * Messages from front to back. From the first large one on, each needs a request of its own, and waiting for one after
 * another is what takes time: an inventory, or walking a large file in several places, spares it.
 */
async function* messagesOf(request: IndexRequest, notes: string[]): AsyncIterable<FoundMessage> {
  const bytes = new MessageBytes(request);
  let isDecided = false;
  for await (const message of walkMessages(bytes, 0)) {
    if (!isDecided && bytes.readsHeaders && message.end < bytes.size) {
      isDecided = true;
      const isListed = await useInventory(request, bytes, message.offset, notes);
      if (!isListed && isWorthSegments(request, message.offset)) {
        yield* walkSegments(request, message.offset);
        return;
      }
    }
    yield message;
  }
}

/** Has headers fetched as an inventory says, when it knows the message at an offset. Adds a note on one that is not used. */
async function useInventory(
  request: IndexRequest,
  bytes: MessageBytes,
  offset: number,
  notes: string[],
): Promise<boolean> {
  const { url, starts } = await readInventory(request);
  if (url === undefined) return false;
  if (starts.at(-1)! < bytes.size && starts.includes(offset)) {
    bytes.expectStarts(starts);
    return true;
  }
  notes.push(`the inventory ${url} is not of this file and was not used`);
  return false;
}
