import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import { nearMatches } from '../near-matches.ts';
import { textOf } from './attributes.ts';

/**
 * The variable that a name means: a variable name, else a standard name that only one cube has, else one that only one
 * other variable has. Throws VARIABLE_NOT_FOUND with near names, EXPRESSION_INVALID with the candidates of an ambiguous
 * standard name, NOT_COMPUTABLE for what is only described.
 */
export function findVariable(dataset: Dataset, name: string): Variable {
  const variable = dataset.variables.find((each) => each.name === name) ?? byStandardName(dataset, name);
  if (variable.notComputable !== '') {
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `variable "${variable.name}" can not be computed: ${variable.notComputable}`,
      {
        variable: variable.name,
      },
    );
  }
  return variable;
}

function byStandardName(dataset: Dataset, name: string): Variable {
  const cubes = dataset.cubes.filter((cube) => cube.standardName === name).map((cube) => cube.name);
  const others = dataset.variables.filter(({ attributes }) => textOf(attributes, 'standard_name') === name);
  const names = cubes.length > 0 ? cubes : others.map((variable) => variable.name);
  if (names.length > 1) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `standard name "${name}" is that of ${names.join(', ')} in "${dataset.name}"; name one of them`,
      { standard_name: name, candidates: names.join(' ') },
    );
  }
  const variable = dataset.variables.find((each) => each.name === names[0]);
  if (variable !== undefined) return variable;
  const known = [
    ...dataset.variables.map((each) => each.name),
    ...dataset.cubes.map((cube) => cube.standardName),
  ];
  const near = nearMatches(name, [...new Set(known)].filter(Boolean));
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `see what it has: show ${dataset.name}`;
  throw new HyperslabError(
    'VARIABLE_NOT_FOUND',
    `variable "${shortened(name)}" is not in "${dataset.name}"; ${advice}`,
    {
      variable: shortened(name),
      dataset: dataset.name,
    },
  );
}
