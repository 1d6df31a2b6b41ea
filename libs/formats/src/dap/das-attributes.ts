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
  const others = das.containers
    .filter((container) => !used.has(container))
    .flatMap((container) =>
      flattened(container, globalName.test(container.name) ? '' : `${container.name}.`),
    );
  root.attributes = [...root.attributes, ...das.attributes, ...others];
  const unlimited = containers
    .get('DODS_EXTRA')
    ?.attributes.find(({ name }) => name === 'Unlimited_Dimension');
  return new Set(unlimited?.values);
}

/** The first container of each name. */
function byName({ containers }: DasContainer): Map<string, DasContainer> {
  return new Map(containers.toReversed().map((container) => [container.name, container]));
}

function addTo(
  variable: DapVariable,
  outer: string,
  claim: (name: string) => DasContainer | undefined,
  own = claim(outer + variable.name),
): void {
  const name = outer + variable.name;
  const inner = own === undefined ? undefined : byName(own);
  const fields = new Set(variable.fields.map((field) => field.name));
  for (const [at, field] of variable.fields.entries()) {
    // Maps are mostly known by their own names, which many grids have in common.
    const asMap = variable.type === 'Grid' && at > 0 ? claim(field.name) : undefined;
    addTo(field, `${name}.`, claim, inner?.get(field.name));
    if (asMap !== undefined) addContainer(field, asMap, new Set());
  }
  if (own !== undefined) addContainer(variable, own, fields);
}

/** Adds all attributes of a container but those of fields, which are theirs. */
function addContainer(variable: DapVariable, container: DasContainer, fields: ReadonlySet<string>): void {
  const inner = container.containers
    .filter(({ name }) => !fields.has(name))
    .flatMap((each) => flattened(each, `${each.name}.`));
  variable.attributes = [...variable.attributes, ...container.attributes, ...inner];
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
