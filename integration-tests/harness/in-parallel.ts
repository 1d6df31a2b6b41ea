/** Does something for each item, a few at a time, and throws all failures as one when everything was tried. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  body: (item: T) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  const left = items.values();
  const work = async () => {
    for (const item of left) {
      try {
        await body(item);
      } catch (error) {
        failures.push((error as Error).message.split('\n')[0]);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  if (failures.length > 0) throw new Error(`${failures.length} failures:\n  ${failures.join('\n  ')}`);
}
