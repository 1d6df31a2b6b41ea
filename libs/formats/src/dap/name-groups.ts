import { type DapDataSet, type DapGroup, type DapProtocol, flatVariables } from '@hyperslab/dap';
import { unescaped } from './das-attributes.ts';
import {
  DimensionNames,
  deepestGroup,
  type NamedGroup,
  type NamedVariable,
  partsOf,
  storedType,
} from './group-content.ts';
import { GroupNames } from './group-names.ts';

/** What is known while the groups of a data set get their names. */
interface Naming {
  protocol: DapProtocol;
  groups: GroupNames;
  dimensions: DimensionNames;
  notes: string[];
}

/**
 * The groups of a data set with the names that an index has. DAP2 has none, but some servers write a path into a name ("/g/t"), as
 * some do that have flattened those of DAP4: these become groups. What is left out is added to the notes.
 */
export function nameGroups(
  dataSet: DapDataSet,
  protocol: DapProtocol,
  unlimited: ReadonlySet<string>,
  notes: string[] = [],
): NamedGroup {
  const groups = new GroupNames();
  const naming: Naming = { protocol, groups, dimensions: new DimensionNames(groups), notes };
  const root = nameGroup(dataSet.root, '', naming);
  for (const dimension of root.dimensions) dimension.unlimited ||= unlimited.has(dimension.name);
  return root;
}

function nameGroup(source: DapGroup, path: string, naming: Naming): NamedGroup {
  const { protocol, groups, dimensions, notes } = naming;
  const group: NamedGroup = { name: source.name, source, dimensions: [], variables: [], groups: [] };
  for (const dimension of source.dimensions) {
    if (partsOf(dimension.name).length <= deepestGroup) dimensions.declare(dimension, group, path);
  }
  for (const variable of flatVariables(source, path, protocol)) {
    const parts = partsOf(unescaped(variable.name));
    const name = parts.pop() ?? variable.name;
    if (parts.length > deepestGroup) {
      notes.push(`"${variable.name.slice(0, 60)}…" is left out: it is in more than ${deepestGroup} groups`);
      continue;
    }
    const owner = groups.groupAt(group, parts);
    const dimensionNames = dimensions.name(variable.dimensions, group, path);
    const dtype = variable.notComputable === '' ? storedType(variable, protocol) : '';
    const named: NamedVariable = { ...variable, name, dtype, dimensionNames };
    if (!groups.addVariable(owner, named)) {
      notes.push(`"${variable.name}" is left out: another variable has its name but for escapes or slashes`);
    }
  }
  for (const child of source.groups) {
    group.groups.push(nameGroup(child, `${path}/${child.name}`, naming));
  }
  return group;
}
