import { atomicType } from './atomic-types.ts';
import { dap4Name } from './constraint.ts';
import type { DapAttribute, DapDimension, DapGroup, DapVariable } from './data-set.ts';

/** A variable that has a name of its own: a structure's fields are variables, and a grid is its array. */
export interface FlatVariable {
  /** Name of the variable, and of a field behind those of its structures: "s.x". */
  name: string;
  /** How a constraint names it: "/g/t", "s.x"; of the array of a grid "t.t". */
  id: string;
  /** Path of its values in an answer. */
  path: string;
  /** It is the array of a grid, which some servers know by the name of the grid only. */
  ofGrid: boolean;
  type: string;
  dimensions: DapDimension[];
  attributes: DapAttribute[];
  /** Why it has no values here; empty when it has. */
  notComputable: string;
}

/**
 * The variables of a group, without those of groups below. Maps of grids that are variables of their own are these; others are
 * added, once for each name. `path` is the group's, empty for the root.
 */
export function flatVariables(group: DapGroup, path: string, protocol: 'dap2' | 'dap4'): FlatVariable[] {
  const found = new Map<string, FlatVariable>();
  const prefix = protocol === 'dap4' ? `${path.split('/').map(dap4Name).join('/')}/` : '';
  const answerPrefix = protocol === 'dap4' ? `${path}/` : '';
  const add = (variable: FlatVariable) => {
    if (!found.has(variable.name)) found.set(variable.name, variable);
  };
  const nameIn = protocol === 'dap4' ? dap4Name : (name: string) => name;
  // Behind all others: a map that is a variable too is that.
  const maps: FlatVariable[] = [];
  for (const variable of group.variables) flatten(variable, []);
  for (const map of maps) add(map);
  return [...found.values()];

  function flatten(variable: DapVariable, outer: string[]): void {
    const { name, type, fields, dimensions } = variable;
    const names = [...outer, name];
    if (type === 'Grid') {
      const [array, ...others] = fields;
      const attributes = [...variable.attributes, ...array.attributes];
      add({ ...flat({ ...array, attributes }, [...names, array.name]), name: names.join('.'), ofGrid: true });
      for (const map of others) {
        maps.push({ ...flat(map, [...names, map.name]), name: map.ownName ?? map.name });
      }
    } else if (type === 'Structure' && dimensions.length === 0 && fields.length > 0) {
      for (const field of fields) flatten(field, names);
    } else add(flat(variable, names));
  }

  function flat(variable: DapVariable, names: string[]): FlatVariable {
    const { type, attributes, dimensions } = variable;
    return {
      name: names.join('.'),
      id: prefix + names.map(nameIn).join('.'),
      path: answerPrefix + names.join('.'),
      ofGrid: false,
      type,
      dimensions,
      attributes,
      notComputable: reasonOf(variable),
    };
  }
}

function reasonOf({ type, fields }: DapVariable): string {
  if (atomicType(type) !== undefined) return '';
  if (type === 'Structure' || type === 'Sequence') {
    const names = fields.map(({ name }) => name).join(', ');
    return type === 'Structure' ? `an element is a structure of ${names}` : `it is a sequence of ${names}`;
  }
  return type === 'Opaque' ? 'an element is opaque bytes' : `the type ${type} is not known`;
}
