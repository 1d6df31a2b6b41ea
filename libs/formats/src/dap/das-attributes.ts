import type { DapAttribute, DapDataSet, DapVariable, DasContainer } from '@hyperslab/dap';

/** Containers of attributes of the data set itself: NC_GLOBAL, HDF_GLOBAL, … */
const globalName = /global/i;

/**
 * Gives variables and data set the attributes of a DAS (ESE-RFC-004, section 7.2): a container is a variable's by its name, or by
 * the names of structure and field, nested or joined by dots. What belongs to no variable is the data set's, the containers of
 * NC_GLOBAL and the like without their name. Answers the unlimited dimensions that the DAS tells of.
 */
export function addDasAttributes({ root }: DapDataSet, das: DasContainer): Set<string> {
  const containers = new Map(das.containers.map((container) => [container.name, container]));
  const used = new Set<DasContainer>();
  const claim = (name: string) => {
    const container = containers.get(name) ?? containers.get(unescaped(name));
    if (container !== undefined) used.add(container);
    return container;
  };
  for (const variable of root.variables) addTo(variable, '', claim);
  root.attributes.push(...das.attributes);
  for (const container of das.containers) {
    if (used.has(container)) continue;
    root.attributes.push(
      ...flattened(container, globalName.test(container.name) ? '' : `${container.name}.`),
    );
  }
  const unlimited = containers
    .get('DODS_EXTRA')
    ?.attributes.find(({ name }) => name === 'Unlimited_Dimension');
  return new Set(unlimited?.values);
}

function addTo(
  variable: DapVariable,
  outer: string,
  claim: (name: string) => DasContainer | undefined,
  within?: DasContainer,
): void {
  const name = outer + variable.name;
  const container = within?.containers.find((each) => each.name === variable.name) ?? claim(name);
  const fields = new Set(variable.fields.map((field) => field.name));
  for (const field of variable.fields) addTo(field, `${name}.`, claim, container);
  if (container === undefined) return;
  variable.attributes.push(...container.attributes);
  for (const inner of container.containers) {
    if (!fields.has(inner.name)) variable.attributes.push(...flattened(inner, `${inner.name}.`));
  }
}

/** Attributes of a container and of those in it, under all their names. */
function flattened({ attributes, containers }: DasContainer, prefix: string): DapAttribute[] {
  return [
    ...attributes.map((attribute) => ({ ...attribute, name: prefix + attribute.name })),
    ...containers.flatMap((container) => flattened(container, `${prefix}${container.name}.`)),
  ];
}

/** A name of DAP2 without its escapes; as it is where these are none. */
export function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
