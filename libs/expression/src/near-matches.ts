/** Up to three of the candidates that are most like a name: what a person may have meant. */
export function nearMatches(name: string, candidates: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function distanceTo(name: string, candidate: string, limit: number): number {
  if (name.length > 2 && candidate.includes(name)) return 1;
  if (Math.abs(name.length - candidate.length) > limit) return Infinity;
  // Levenshtein's distance, row by row.
  let row = Array.from({ length: candidate.length + 1 }, (_, i) => i);
  for (let i = 1; i <= name.length; i++) {
    const next = [i];
    for (let j = 1; j <= candidate.length; j++) {
      const replaced = row[j - 1] + (name[i - 1] === candidate[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[candidate.length];
}
