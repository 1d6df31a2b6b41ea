import { formatCorrupt } from '../format-error.ts';
import { editionAt, telltaleOctets } from './edition-at.ts';
import type { Message } from './field.ts';
import type { GridDefinition } from './grid/grid.ts';
import type { MessageBytes } from './message-bytes.ts';
import { type Grid1, readMessage1 } from './message1.ts';
import { readMessage2 } from './message2.ts';
import { SectionCache } from './section-cache.ts';

const magic = 'GRIB';
const ending = '7777';

/** A message and where it begins. */
export interface FoundMessage extends Message {
  offset: number;
}

/**
 * The messages from an offset on, front to back, among whatever else is there: headers of bulletins, padding. Headers are
 * read, data is stepped over. Throws FORMAT_CORRUPT for a message that is damaged or cut off, FORMAT_UNSUPPORTED, and what
 * the source throws.
 */
export async function* walkMessages(bytes: MessageBytes, from: number): AsyncIterable<FoundMessage> {
  const read = messageReader(bytes);
  for (let at = from; ; ) {
    const offset = await bytes.find(magic, at);
    if (offset === undefined) return;
    const message = await read(offset);
    if (message === undefined) {
      at = offset + magic.length;
      continue;
    }
    at = message.end;
    bytes.expectMessagesOf(at - offset);
    yield { ...message, offset };
    // After the caller had its say on what to read at once: the end is read together with the header of the next.
    await assertEnding(bytes, offset, at);
  }
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
