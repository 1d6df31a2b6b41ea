import { isNumeric } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { attributesKey, textAttribute } from '../cf/attributes.ts';
import { boundsAttributes } from '../cf/bounds.ts';
import type { FileVariables } from '../cf/file-variables.ts';
import { packingOf } from '../cf/packing.ts';
import { fileRoles } from '../cf/roles.ts';
import { type ContentKind, type ContentTable, unitsKeyOf } from './content-table.ts';
import type { GroupLink, PieceGroup } from './piece.ts';

/** What all files of one structure share of a variable. */
export interface VariableStructure {
  path: string;
  /** The variable in the first such file. */
  sample: IndexedVariable;
  /** The variable of the last piece, for the next one to share. */
  last?: IndexedVariable;
  packing: Packing;
  attributesKey: string;
  isField: boolean;
  isConstant: boolean;
  links: GroupLink[];
  /** How its values are numbered, where they are compared. */
  kind?: ContentKind;
  traits: Record<string, string>;
  /** Where its pieces go; found with the first file. */
  group?: PieceGroup;
}

/**
 * Files of a run differ in values, hardly in attributes: equal keys are equal structures, whose meaning is found once.
 * Shapes are no part of it, nor is what a file holds.
 */
export function structureKey({ variables, unlimited, attributes }: FileVariables, format: string): string {
  let key = `${format}\n${[...unlimited].join()}\n${textAttribute(attributes, 'coordinates') ?? ''}`;
  for (const [path, variable] of variables) {
    const { dtype, dimensions, fillValue, fillInteger, notComputable } = variable;
    const known =
      variable.inlineValues !== undefined ? 'inline' : variable.contentSha256 !== '' ? 'hashed' : '';
    key += `\n\n${path} ${dtype} ${dimensions.join()} ${fillValue ?? ''} ${fillInteger ?? ''} ${notComputable} ${known}\n`;
    key += attributesKey(variable.attributes);
  }
  return key;
}

/** The meaning of a file's variables, as far as it is the same in all files of its structure. */
export function fileStructure(
  file: FileVariables,
  format: string,
  contents: ContentTable,
): VariableStructure[] {
  const { variables } = file;
  const roles = fileRoles(file);
  const parents = new Map<string, string>();
  const mappings = new Set<string>();
  for (const path of variables.keys()) {
    for (const link of roles.links(path)) {
      if (link.role === 'bounds') parents.set(link.path, link.parent!);
      if (link.role === 'grid_mapping') mappings.add(link.path);
    }
  }
  return [...variables].map(([path, variable]) => {
    const isField = roles.fields.has(path);
    const packing = packingOf(variable, format);
    const known = variable.inlineValues !== undefined || variable.contentSha256 !== '';
    const parent = parents.get(path);
    const own = variable.attributes;
    const attributes = parent === undefined ? own : boundsAttributes(own, variables.get(parent)!.attributes);
    const kind =
      known || roles.supporting.has(path)
        ? contents.kind(path, variable, { attributes, packing, isGridMapping: mappings.has(path) })
        : undefined;
    const links = roles
      .links(path)
      .map((link) => ({ ...link, dimensions: variables.get(link.path)!.dimensions }));
    const traits = traitsOf(variable, isField, kind);
    return {
      path,
      sample: variable,
      packing,
      attributesKey: attributesKey(own),
      isField,
      isConstant: roles.constant.has(path),
      links,
      kind,
      traits,
    };
  });
}

/** What must be equal for two variables to be one parameter. */
function traitsOf(
  { attributes, dtype, notComputable }: IndexedVariable,
  isField: boolean,
  kind: ContentKind | undefined,
): Record<string, string> {
  const traits: Record<string, string> = {
    kind: notComputable !== '' || !isNumeric(dtype) ? dtype : 'number',
  };
  if (!isField) return traits;
  traits.standard_name = textAttribute(attributes, 'standard_name') ?? '';
  traits.cell_methods = textAttribute(attributes, 'cell_methods') ?? '';
  // Times that were compared are in the units of the first file, whatever their own.
  traits.units = kind?.unitsKey ?? unitsKeyOf(attributes);
  return traits;
}
