/** What was computed of what, for the history of a file: with the versions that names without one stood for. */
export function historyLine(expression: string, own: string, datasets: Record<string, string>): string {
  const others = Object.entries(datasets).filter(([name, version]) => name !== version && name !== own);
  const meant = others.map(([name, version]) => `; "${name}" is ${version}`).join('');
  return `${now()}: hyperslab: ${expression} of ${datasets[own] ?? own}${meant}`;
}

/** The time in the history of files: UTC, to the second. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
