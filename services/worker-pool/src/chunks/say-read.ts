/** How often the scheduler hears that a result is read: it gives up what nobody reads, and does not see who reads what is here. */
const everyMs = 60_000;

/**
 * Says now and then that a result is read, until it is disposed of: who takes his time between two blocks reads it, too.
 * @param say whose failure is no matter: a scheduler that is away counts no time
 */
export function sayRead(say: () => Promise<unknown>, sayEveryMs = everyMs): Disposable {
  const timer = setInterval(() => say().catch(() => undefined), sayEveryMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
