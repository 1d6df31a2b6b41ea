import { isNumeric } from '@hyperslab/array';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { textAttribute } from '../cf/attributes.ts';
import { boundsAttributes } from '../cf/bounds.ts';
import { type FileVariables, fileVariables } from '../cf/file-variables.ts';
import { packingOf } from '../cf/packing.ts';
import { type FileRoles, fileRoles } from '../cf/roles.ts';
import { normalUnits } from '../cf/units.ts';
import { CommonAttributes } from './common-attributes.ts';
import { ContentTable } from './content-table.ts';
import type { GroupLink, Piece, PieceGroup } from './piece.ts';

/** A file, as the manifest and the messages need it. */
export interface SourceFile {
  url: string;
  version: { size: number; etag: string; modifiedUs: number };
}

/** Everything that a merge needs of the files, gathered in one pass. */
export class PieceCollection {
  readonly files: SourceFile[] = [];
  readonly contents = new ContentTable();
  readonly attributes = new CommonAttributes();
  /** In order of first appearance. */
  readonly groups = new Map<string, PieceGroup>();
  bytesRead = 0;

  add(index: FileIndex): void {
    const version = index.version ?? { size: 0, etag: '', modifiedUs: 0 };
    const origin = { file: this.files.push({ url: index.url, version }) - 1, format: index.format };
    this.bytesRead += index.bytesRead;
    const file = fileVariables(index);
    this.attributes.add(file.attributes);
    const roles = fileRoles(file);
    const numbers = this.#internAll(file, roles, origin);
    for (const [path, variable] of file.variables)
      this.#addPiece(path, variable, file, roles, numbers, origin);
  }

  /** Contents of all variables of a file whose values are known. */
  #internAll(
    { variables }: FileVariables,
    roles: FileRoles,
    origin: { file: number; format: string },
  ): Map<string, number> {
    const numbers = new Map<string, number>();
    const parents = new Map<string, string>();
    const mappings = new Set<string>();
    for (const path of variables.keys()) {
      for (const link of roles.links(path)) {
        if (link.role === 'bounds') parents.set(link.path, link.parent!);
        if (link.role === 'grid_mapping') mappings.add(link.path);
      }
    }
    for (const [path, variable] of variables) {
      const known = variable.inlineValues !== undefined || variable.contentSha256 !== '';
      if (!known && !roles.supporting.has(path)) continue;
      const parent = parents.get(path);
      const attributes =
        parent === undefined
          ? variable.attributes
          : boundsAttributes(variable.attributes, variables.get(parent)!.attributes);
      numbers.set(
        path,
        mappings.has(path)
          ? this.contents.internGridMapping(path, variable, origin)
          : this.contents.intern(path, variable, attributes, origin),
      );
    }
    return numbers;
  }

  #addPiece(
    path: string,
    variable: IndexedVariable,
    { variables, unlimited }: FileVariables,
    roles: FileRoles,
    numbers: Map<string, number>,
    origin: { file: number; format: string },
  ): void {
    const links: GroupLink[] = roles
      .links(path)
      .map((link) => ({ ...link, dimensions: variables.get(link.path)!.dimensions }));
    const contents = links.map((link) => numbers.get(link.path)!);
    const isField = roles.fields.has(path);
    const traits = traitsOf(variable, isField);
    links.forEach((link, i) => {
      const { unitsKey } = this.contents.get(contents[i]);
      const grid = link.role === 'grid_mapping' ? ` ${contents[i]}` : '';
      traits[`${link.role} ${link.path}`] = `(${link.dimensions.join()}) ${unitsKey}${grid}`;
    });
    const key = [
      path,
      variable.dimensions.join(),
      ...Object.entries(traits).map(([k, v]) => `${k}=${v}`),
    ].join('\n');
    let group = this.groups.get(key);
    if (group === undefined) {
      const dimensions = variable.dimensions;
      group = { path, isField, dimensions, unlimited: new Set(), links, traits, pieces: [] };
      this.groups.set(key, group);
    }
    for (const dimension of variable.dimensions) if (unlimited.has(dimension)) group.unlimited.add(dimension);
    const packing = packingOf(variable, origin.format);
    const piece: Piece = { file: origin.file, variable, packing, contents, own: numbers.get(path) ?? -1 };
    group.pieces.push(piece);
  }
}

/** What must be equal for two variables to be one parameter. */
function traitsOf(
  { attributes, dtype, notComputable }: IndexedVariable,
  isField: boolean,
): Record<string, string> {
  const traits: Record<string, string> = {
    kind: notComputable !== '' || !isNumeric(dtype) ? dtype : 'number',
  };
  if (!isField) return traits;
  traits.standard_name = textAttribute(attributes, 'standard_name') ?? '';
  traits.cell_methods = textAttribute(attributes, 'cell_methods') ?? '';
  traits.units = normalUnits(textAttribute(attributes, 'units') ?? '');
  return traits;
}
