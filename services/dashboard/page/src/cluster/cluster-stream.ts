import type { ClusterMessage } from '../../../src/cluster/messages.ts';

const firstMs = 1_000;
const longestMs = 20_000;
/** A page that nobody looks at lets its stream go after so long. */
const hiddenMs = 30_000;
/** The server says something every 15 seconds; a stream on which nothing comes for so long is dead. */
const silentMs = 40_000;

/**
 * The one stream of events of the page. It comes back with backoff, and with the mark of what it had, so that only what
 * it missed is sent.
 */
export function openClusterFeed(
  onMessage: (message: ClusterMessage) => void,
  onProblem: (problem: string) => void,
): { close(): void } {
  let source: EventSource | undefined;
  let mark = '';
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let hidden: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    drop();
    source = new EventSource(`api/events${mark === '' ? '' : `?after=${encodeURIComponent(mark)}`}`);
    source.onmessage = (event) => {
      attempt = 0;
      mark = event.lastEventId;
      watch();
      onMessage(JSON.parse(event.data) as ClusterMessage);
    };
    source.onopen = watch;
    source.onerror = again;
    watch();
  }

  function again(): void {
    drop();
    onProblem('The dashboard does not answer; trying again …');
    const waitMs = Math.min(longestMs, firstMs * 2 ** attempt++) * (0.75 + Math.random() / 2);
    retry = setTimeout(open, waitMs);
  }

  function watch(): void {
    clearTimeout(silence);
    silence = setTimeout(again, silentMs);
  }

  function drop(): void {
    source?.close();
    source = undefined;
    clearTimeout(retry);
    clearTimeout(silence);
  }

  function looked(): void {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(drop, hiddenMs);
    else if (source === undefined) open();
  }

  document.addEventListener('visibilitychange', looked);
  open();
  return {
    close() {
      document.removeEventListener('visibilitychange', looked);
      clearTimeout(hidden);
      drop();
    },
  };
}
