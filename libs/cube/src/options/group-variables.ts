import type { FieldSet, Group, IndexedVariable } from '@hyperslab/proto/index';
import { joinPath, publicName } from '../cf/names.ts';

/** A variable as it is to be, the same one for no change. */
export type VariableChange = (
  variable: IndexedVariable,
  publicName: string,
  group: string,
) => IndexedVariable | 'dropped';

/**
 * All variables of a group and those below it through a change, those of fields and their scalar coordinates too; undefined
 * where none was changed.
 */
export function changeVariables(group: Group, change: VariableChange, path = ''): Group | undefined {
  let changed = false;
  const through = <T>(
    items: readonly T[],
    variableOf: (item: T) => IndexedVariable,
    put: (item: T, variable: IndexedVariable) => T,
  ): T[] =>
    items.flatMap((item) => {
      const before = variableOf(item);
      const after = change(before, publicName(joinPath(path, before.name)), path);
      if (after === before) return [item];
      changed = true;
      return after === 'dropped' ? [] : [put(item, after)];
    });
  const variables = through(
    group.variables,
    (variable) => variable,
    (_, variable) => variable,
  );
  const ofSet = (set: FieldSet): FieldSet => ({
    ...set,
    coordinates: through(
      set.coordinates,
      (each) => each.variable!,
      (each, variable) => ({ ...each, variable }),
    ),
  });
  const sets = through(
    (group.fields?.sets ?? []).map(ofSet),
    (set) => set.variable!,
    (set, variable) => ({ ...set, variable }),
  );
  const groups = group.groups.map((child) => {
    const after = changeVariables(child, change, joinPath(path, child.name));
    if (after !== undefined) changed = true;
    return after ?? child;
  });
  if (!changed) return undefined;
  const fields = group.fields === undefined ? undefined : { sets };
  return { ...group, variables, fields, groups };
}

/** Public names of all variables of a group and those below it. */
export function variableNamesOf(group: Group): Set<string> {
  const names = new Set<string>();
  changeVariables(group, (variable, name) => {
    names.add(name);
    return variable;
  });
  return names;
}
