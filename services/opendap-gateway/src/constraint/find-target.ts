import { HyperslabError } from '@hyperslab/errors';
import type { Declaration } from '../model/declare.ts';

/** A variable, or one part of a Grid. */
export interface Target {
  declaration: Declaration;
  /** The part: the Grid's own array, or one of its maps. */
  part?: Declaration;
}

/**
 * What a path names: a variable, "grid.part", or the array of a Grid as "grid.grid". Some clients encode a DAP2 name
 * for the URL once more and some do not, so that after decoding it may be the name in DAP2 or the one in the file.
 * @throws HyperslabError VARIABLE_NOT_FOUND
 */
export function findTarget(declarations: readonly Declaration[], path: string): Target {
  const declaration = named(declarations, path);
  if (declaration) return { declaration };
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const owner = named(declarations, path.slice(0, dot));
    const part = owner?.maps && named([owner, ...owner.maps], path.slice(dot + 1));
    if (owner && part) return { declaration: owner, part };
  }
  throw new HyperslabError(
    'VARIABLE_NOT_FOUND',
    `constraint: there is no variable "${path}"; the .dds lists what there is`,
    { variable: path },
  );
}

function named(declarations: readonly Declaration[], name: string): Declaration | undefined {
  return declarations.find(({ id, variable }) => id === name || variable.name === name);
}
