import type { FollowEvent, FollowOptions } from '@hyperslab/client';
import type { Context } from '../context.ts';
import { counted } from '../output/counted.ts';
import { publishedText } from './publish.ts';

/** Follows files that still come, until Ctrl-C: a line for each version, and for what went wrong and is tried again. */
export async function followFiles(
  context: Context,
  name: string,
  urls: readonly string[],
  options: FollowOptions,
): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  try {
    for await (const event of client.follow(name, urls, { ...options, signal })) tell(context, event);
  } catch (error) {
    // That is how one stops following.
    if (!signal.aborted) throw error;
  }
}

function tell(context: Context, event: FollowEvent): void {
  // For a person versions are the result, the rest are remarks; a program gets all in one place.
  if (context.json) context.print(jsonEvent(event), () => '');
  else if (event.kind === 'published') {
    context.print(undefined, () => publishedText(event.published));
    if (event.between !== undefined)
      context.remark(
        `${counted(event.between, 'version')} of ${event.published.name} came in between; if others publish other files under this name, use another`,
      );
  } else context.remark(remarkOf(event));
}

/** An event as `publish --follow --json` prints it. */
function jsonEvent(event: FollowEvent) {
  switch (event.kind) {
    case 'published':
      return { event: 'published', ...event.published, between: event.between };
    case 'current':
      return { event: 'current', ...event.published };
    case 'left-out': {
      const { url, reason, message } = event.file;
      return { event: 'left_out', url, code: reason, message };
    }
    case 'failed': {
      const { reason, message, details } = event.error;
      return { event: 'failed', error: { code: reason, message, details } };
    }
  }
}

function remarkOf(event: Exclude<FollowEvent, { kind: 'published' }>): string {
  if (event.kind === 'current')
    return `following: ${event.published.name}@${event.published.version} has all files that are there`;
  if (event.kind === 'left-out') return `left for later: ${oneLine(event.file.message)}`;
  return `nothing published, trying again: ${oneLine(event.error.message)}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
