import { HyperslabError, shortened } from '@hyperslab/errors';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Field } from './field.ts';

/** A dimension of an operand, with what tells which kind of axis it is. */
interface OperandAxis {
  dimension: string;
  /** Without what a merge put around it to tell it from others of its name: `forecast/time`, `time__2`. */
  plainName: string;
  standardName: string;
  letter: string;
}

/**
 * Throws EXPRESSION_INVALID when two operands each have a dimension that the other lacks and both are the same kind of
 * axis: of one name, one standard name or one CF axis. They would be combined each with each, an outer product that hardly
 * anybody means who subtracts one time from another.
 */
export function refuseLikeAxes(name: string, nodes: readonly PlanNode[], fields: readonly Field[]): void {
  for (let second = 1; second < nodes.length; second++) {
    for (let first = 0; first < second; first++) {
      const own = axesWithout(nodes[first], fields[first], nodes[second]);
      const others = axesWithout(nodes[second], fields[second], nodes[first]);
      for (const axis of own) {
        const like = others.find((other) => isSameKind(axis, other));
        if (like !== undefined) throw likeAxes(name, [fields[first], fields[second]], [axis, like]);
      }
    }
  }
}

function axesWithout(node: PlanNode, field: Field, other: PlanNode): OperandAxis[] {
  return node.dimensions
    .filter((dimension) => !other.dimensions.includes(dimension))
    .map((dimension) => {
      const coordinate = field.coordinates.find(
        (each) => each.isDimension && each.dimensions[0] === dimension,
      );
      return {
        dimension,
        plainName: dimension.replace(/__\d+$/, '').replace(/^.*\//, ''),
        standardName: coordinate?.standardName ?? '',
        letter: coordinate?.axis ?? '',
      };
    });
}

function isSameKind(a: OperandAxis, b: OperandAxis): boolean {
  if (a.plainName === b.plainName) return true;
  if (a.standardName !== '' && a.standardName === b.standardName) return true;
  return a.letter !== '' && a.letter === b.letter;
}

function likeAxes(name: string, fields: readonly Field[], axes: readonly OperandAxis[]): HyperslabError {
  const operands = fields.map((field) => (field.name === '' ? 'an operand' : `"${shortened(field.name)}"`));
  const [one, other] = axes.map(({ dimension }) => dimension);
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `operands of "${name}" have two axes of one kind: ${operands[0]} "${one}" and ${operands[1]} "${other}", which would be combined each with each; select one step of each by index, as ${other}=#0`,
    { dimension: one, other_dimension: other },
  );
}
