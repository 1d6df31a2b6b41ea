import { type DapServer, isFinal, isPassing } from './dap-server.ts';
import type { NamedVariable } from './group-content.ts';
import { readFirst } from './read-first.ts';

/** Kinds of names that are tried; others are asked for as they are. */
const mostKinds = 16;

/**
 * How DAP2 variables with escapes in their names (`a%2Cb`) are asked for: so, or, of servers that take escapes off before they look for
 * commas and brackets (pydap), with these escaped once more (`a%252Cb`). Of names with the same escapes the first tells for all.
 * Adds to the notes those that are answered in neither way.
 */
export async function chooseSpellings(
  server: DapServer,
  variables: readonly NamedVariable[],
  notes: string[],
): Promise<Map<NamedVariable, string>> {
  const chosen = new Map<NamedVariable, string>();
  if (server.protocol === 'dap4') return chosen;
  const escaped = variables.filter(
    ({ dtype, dimensions, id }) =>
      dtype !== '' && escapesOf(id) !== '' && dimensions.every(({ size }) => size > 0),
  );
  const kinds = Map.groupBy(escaped, ({ id }) => escapesOf(id));
  for (const alike of [...kinds.values()].slice(0, mostKinds)) {
    const [first] = alike;
    if (await isAnswered(server, first, first.id)) continue;
    if (await isAnswered(server, first, escapedAgain(first.id))) {
      for (const variable of alike) chosen.set(variable, escapedAgain(variable.id));
    } else notes.push(`"${first.name}" is not answered by its server, perhaps for the signs in its name`);
  }
  return chosen;
}

function escapesOf(id: string): string {
  return [...new Set(id.match(/%[0-9a-f]{2}/gi))].sort().join('');
}

function escapedAgain(id: string): string {
  return id.replaceAll('%', '%25');
}

async function isAnswered(server: DapServer, variable: NamedVariable, id: string): Promise<boolean> {
  try {
    await readFirst(server, { ...variable, id });
    return true;
  } catch (error) {
    if (isFinal(error) || isPassing(error)) throw error;
    return false;
  }
}
