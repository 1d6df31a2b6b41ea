import type { IndexRequest } from '../format-reader.ts';
import { MessageBytes } from './message-bytes.ts';
import { type FoundMessage, walkMessages } from './walk.ts';

// Segments are walked at once, each one request at a time; a segment costs a search for its first message.
const mostSegments = 16;
const segmentBytes = 32 * 1024 * 1024;

/** What a walk through a segment met. */
interface Segment {
  /** First message at or after the segment's beginning. */
  first: number | undefined;
  /** Messages that begin within. */
  messages: FoundMessage[];
  /** First message after them; undefined when there is none. */
  next: number | undefined;
  error: unknown;
}

/** Whether there is so much of a file from an offset on that it is better walked in several places at once. */
export function isWorthSegments(request: IndexRequest, from: number): boolean {
  return request.version.size - from >= 2 * segmentBytes;
}

/**
 * The messages from an offset on, walked in several places at once. A walk that begins in the middle may take packed data
 * for a message: its messages count only when the walk before arrives at its first one; else they are walked again from where
 * that one arrives. Throws as `walkMessages` does.
 */
export async function* walkSegments(request: IndexRequest, from: number): AsyncIterable<FoundMessage> {
  const { size } = request.version;
  const count = Math.min(mostSegments, Math.floor((size - from) / segmentBytes));
  const limits = Array.from({ length: count }, (_, i) => from + Math.ceil(((size - from) * (i + 1)) / count));
  const segments = await Promise.all(
    limits.map((limit, i) => walkSegment(request, i === 0 ? from : limits[i - 1], limit)),
  );
  let next: number | undefined = from;
  for (const [i, limit] of limits.entries()) {
    // A message may reach over a whole segment.
    if (next === undefined || next >= limit) continue;
    const isReached: boolean = i === 0 || segments[i].first === next;
    const segment: Segment = isReached ? segments[i] : await walkSegment(request, next, limit);
    if (segment.error !== undefined) throw segment.error;
    yield* segment.messages;
    next = segment.next;
  }
}

async function walkSegment(request: IndexRequest, from: number, limit: number): Promise<Segment> {
  const bytes = new MessageBytes({ ...request, head: new Uint8Array() });
  const segment: Segment = { first: undefined, messages: [], next: undefined, error: undefined };
  try {
    for await (const message of walkMessages(bytes, from)) {
      segment.first ??= message.offset;
      if (message.offset >= limit) {
        segment.next = message.offset;
        break;
      }
      segment.messages.push(message);
    }
  } catch (error) {
    segment.error = error;
  }
  return segment;
}
