/** How often the scheduler hears that a result is read: it gives up what nobody reads, and does not see who reads what is here. */
const everyMs = 60_000;

/** What is to be called with each block that is read: now and then it says so. @param say whose failure is no matter: a scheduler that is away counts no time */
export function sayRead(say: () => Promise<unknown>, sayEveryMs = everyMs): () => void {
  let saidMs = performance.now();
  return () => {
    if (performance.now() - saidMs <= sayEveryMs) return;
    saidMs = performance.now();
    say().catch(() => undefined);
  };
}
