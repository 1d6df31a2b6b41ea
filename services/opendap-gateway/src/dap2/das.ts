import type { DapAttribute } from '../model/attribute.ts';
import { attributeName } from '../model/dap-name.ts';
import type { DapType } from '../model/dap-type.ts';
import type { DapDataset, Declaration } from '../model/declare.ts';
import { numberText } from './number-text.ts';
import { quoted } from './quoted.ts';

/** Data Attribute Structure: all attributes, those of the dataset under NC_GLOBAL (ESE-RFC-004, section 7.2). */
export function dasText({ attributes, declarations }: DapDataset): string {
  const variables = declarations.map((declaration) =>
    container(declaration.id, [...declaration.attributes, ...stringShape(declaration)]),
  );
  return `Attributes {\n${variables.join('')}${container('NC_GLOBAL', attributes)}}\n`;
}

function container(id: string, attributes: readonly DapAttribute[]): string {
  return `    ${id} {\n${attributes.map((attribute) => `        ${line(attribute)}`).join('')}    }\n`;
}

function line({ name, type, values }: DapAttribute): string {
  const texts =
    values.length === 0
      ? ['""']
      : values.map((value) => (typeof value === 'string' ? quoted(value) : attributeNumber(value, type)));
  return `${type} ${attributeName(name)} ${texts.join(', ')};\n`;
}

/**
 * A Float32 in the digits of a double: clients that read it as one compare it with values that were widened, so that the
 * short form of a fill value would equal none of them.
 */
function attributeNumber(value: number, type: DapType): string {
  return type === 'Float32' ? numberText(Math.fround(value), 'Float64') : numberText(value, type);
}

/**
 * How long strings are, and what dimension they had as characters: netCDF clients make the same array of them again,
 * where otherwise each would get 64 characters, longer ones cut.
 */
function stringShape({ type, variable, inline, characters, shape }: Declaration): DapAttribute[] {
  const length = characters ?? longest(inline?.values);
  if (type !== 'String' || length === undefined) return [];
  const strlen: DapAttribute = { name: 'DODS.strlen', type: 'Int32', values: [Math.max(1, length)] };
  if (shape.length === variable.shape.length) return [strlen];
  return [strlen, { name: 'DODS.dimName', type: 'String', values: [variable.dimensions.at(-1)!] }];
}

/** Bytes of the longest text; at least one, since no dimension has length 0. */
function longest(values: unknown): number | undefined {
  if (!Array.isArray(values)) return undefined;
  return values.reduce((most: number, text: string) => Math.max(most, Buffer.byteLength(text)), 1);
}
