import type { Part, Projection } from '../constraint/project.ts';
import { dapName } from '../model/dap-name.ts';

/** Dataset Descriptor Structure: the shape of the answer (ESE-RFC-004, section 7.1). */
export function ddsText(id: string, projections: readonly Projection[]): string {
  return `Dataset {\n${projections.map(declaration).join('')}} ${id};\n`;
}

function declaration(projection: Projection): string {
  switch (projection.kind) {
    case 'array':
      return `    ${array(projection.array)}`;
    case 'grid': {
      const maps = projection.maps.map((map) => `        ${array(map)}`).join('');
      const { id } = projection.array.declaration;
      return `    Grid {\n      Array:\n        ${array(projection.array)}      Maps:\n${maps}    } ${id};\n`;
    }
    case 'structure': {
      const parts = projection.parts.map((part) => `        ${array(part)}`).join('');
      return `    Structure {\n${parts}    } ${projection.id};\n`;
    }
  }
}

function array({ declaration, ranges }: Part): string {
  const { type, id, dimensions } = declaration;
  const extents = ranges.map(({ count }, axis) => `[${dapName(dimensions[axis])} = ${count}]`);
  return `${type} ${id}${extents.join('')};\n`;
}
