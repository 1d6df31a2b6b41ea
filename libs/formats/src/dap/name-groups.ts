import { type DapDataSet, type DapGroup, type DapProtocol, flatVariables } from '@hyperslab/dap';
import { unescaped } from './das-attributes.ts';
import { DimensionNames, type NamedGroup, type NamedVariable, storedType } from './group-content.ts';

/**
 * The groups of a data set with the names that an index has. DAP2 has none, but some servers write a path into a name ("/g/t"):
 * these become groups.
 */
export function nameGroups(
  dataSet: DapDataSet,
  protocol: DapProtocol,
  unlimited: ReadonlySet<string>,
): NamedGroup {
  const names = new DimensionNames();
  const root = nameGroup(dataSet.root, '', protocol, names);
  for (const dimension of root.dimensions) dimension.unlimited ||= unlimited.has(dimension.name);
  return root;
}

function nameGroup(source: DapGroup, path: string, protocol: DapProtocol, names: DimensionNames): NamedGroup {
  for (const { name, size } of source.dimensions) names.declare(`${path}/${name}`, size);
  const group: NamedGroup = {
    name: source.name,
    source,
    // Flattened groups declare "/g/x" in the root, which no dimension of an index is named.
    dimensions: source.dimensions.filter(({ name }) => !name.includes('/')),
    variables: [],
    groups: [],
  };
  for (const variable of flatVariables(source, path, protocol)) {
    const parts = unescaped(variable.name)
      .split('/')
      .filter((part) => part !== '');
    const name = parts.pop() ?? variable.name;
    const owner = parts.reduce(childGroup, group);
    const dimensionNames = names.name(variable.dimensions, group, path);
    const dtype = variable.notComputable === '' ? storedType(variable, protocol) : '';
    const named: NamedVariable = { ...variable, name, dtype, dimensionNames };
    if (!owner.variables.some((each) => each.name === name)) owner.variables.push(named);
  }
  for (const child of source.groups) {
    group.groups.push(nameGroup(child, `${path}/${child.name}`, protocol, names));
  }
  return group;
}

/** The group of a name below another, made where there is none. */
function childGroup(group: NamedGroup, name: string): NamedGroup {
  const known = group.groups.find((each) => each.name === name);
  if (known !== undefined) return known;
  const made: NamedGroup = { name, dimensions: [], variables: [], groups: [] };
  group.groups.push(made);
  return made;
}
