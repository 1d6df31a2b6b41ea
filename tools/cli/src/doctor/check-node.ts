import type { Check } from './check.ts';

/** The Node that this runs on. */
export function checkNode(version = process.version): Check {
  const ok = Number(version.slice(1).split('.')[0]) >= 26;
  return { name: 'node', ok, detail: ok ? version : `${version}, needs 26 or later; run \`npm install\`` };
}
