import type { Context } from '../context.ts';
import { type ClusterPicture, withUpdate } from '../top/cluster-picture.ts';
import { drawPicture } from '../top/draw-picture.ts';
import { jsonPicture, type News } from '../top/json-picture.ts';
import { Screen } from '../top/screen.ts';

/** How often, seconds, and whether only once. */
interface TopOptions {
  interval: number;
  once?: boolean;
}

/** What a pipe is drawn for. */
const page = { columns: 200, rows: 60 };
/** What the sparkline shows, seconds. */
const pastSeconds = 60;

/** The first update comes at once, the second at the end of the second, the third with rates of all workers. */
const picturesForRates = 3;

/** Shows the cluster as it changes: in place on a terminal, once in a pipe, an object for each update as JSON. */
export async function top(context: Context, _args: string[], { interval, once }: TopOptions): Promise<void> {
  const client = await context.client();
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  const onScreen = process.stdout.isTTY && !once && !context.json;
  const screen = onScreen ? new Screen(process.stdout, process.stdin, () => quit.abort()) : undefined;
  const onlyOne = once || !(onScreen || context.json);
  const news: News = { points: [], events: [] };
  let pictures = 0;
  try {
    const wishes = { historySeconds: pastSeconds, resolutionSeconds: 1, intervalMs: interval * 1000 };
    let picture: ClusterPicture | undefined;
    for await (const update of client.watchCluster({ ...wishes, signal })) {
      const now = withUpdate(picture, update);
      picture = now;
      news.points.push(...update.points);
      news.events.push(...update.events);
      if (update.more) continue;
      pictures++;
      if (onlyOne && pictures < picturesForRates) continue;
      if (screen !== undefined) screen.draw((room) => drawPicture(now, room));
      else context.print(jsonPicture(now, news), () => drawPicture(now, page).join('\n'));
      Object.assign(news, { points: [], events: [] });
      if (onlyOne) return;
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    screen?.close();
  }
}
