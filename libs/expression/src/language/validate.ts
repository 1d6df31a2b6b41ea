import { HyperslabError, shortened } from '@hyperslab/errors';
import { aritiesOf } from '@hyperslab/kernels';
import type { Expression, ExpressionGraph, ExpressionNode, SelectNode } from '@hyperslab/proto/expression';
import { checkArguments } from '../operations/check-arguments.ts';
import { reductionsByName } from '../operations/reduce/named-reduction.ts';
import { maxDepth, maxNodes } from './limits.ts';
import { parseExpression } from './parse.ts';
import { validateSelector } from './validate-selector.ts';

/** The graph of an expression: its text parsed, or its graph validated. Throws EXPRESSION_INVALID. */
export function expressionGraph(expression: Expression): ExpressionGraph {
  if (expression.form?.$case === 'text') return parseExpression(expression.form.value);
  if (expression.form?.$case === 'graph') {
    validateGraph(expression.form.value);
    return expression.form.value;
  }
  throw invalid('expression is empty; expected a text or a graph');
}

/** Throws EXPRESSION_INVALID unless every node refers to earlier ones only, and all is within the limits of a text. */
export function validateGraph({ nodes }: ExpressionGraph): void {
  if (nodes.length === 0 || nodes.length > maxNodes) {
    throw invalid(`expression graph has ${nodes.length} nodes; expected 1 to ${maxNodes}`);
  }
  const depths: number[] = [];
  nodes.forEach((node, number) => {
    const inputs = inputsOf(node);
    for (const input of inputs) {
      if (!Number.isInteger(input) || input < 0 || input >= number) {
        throw invalid(`expression node ${number} refers to node ${input}; expected one before it`);
      }
    }
    depths.push(1 + Math.max(0, ...inputs.map((input) => depths[input])));
    if (depths[number] > maxDepth)
      throw invalid(`expression is nested deeper than ${maxDepth}; compute a part first`);
    validateNode(node, number);
  });
}

/** Nodes that a node takes its values from. */
function inputsOf({ kind }: ExpressionNode): number[] {
  if (kind?.$case === 'call') return kind.value.arguments;
  if (kind?.$case === 'select') return [kind.value.input, ...conditionsOf(kind.value)];
  if (kind?.$case === 'operation')
    return kind.value.arguments.flatMap(({ value }) => (value?.$case === 'node' ? [value.value] : []));
  return kind?.$case === 'reduce' || kind?.$case === 'convert' ? [kind.value.input] : [];
}

/** Nodes of the conditions that a selection goes by. */
function conditionsOf({ selectors }: SelectNode): number[] {
  return selectors.flatMap(({ by }) => (by?.$case === 'mask' ? [by.value] : []));
}

function validateNode({ kind }: ExpressionNode, number: number): void {
  switch (kind?.$case) {
    case 'source':
      if (kind.value.variable === '') throw invalid(`expression node ${number} names no variable`);
      return;
    case 'constant':
      if (!Number.isFinite(kind.value))
        throw invalid(`expression node ${number} is the constant ${kind.value}; expected a finite number`);
      return;
    case 'integer':
      if (!Number.isSafeInteger(kind.value))
        throw invalid(
          `expression node ${number} is the integer ${kind.value}; expected at most 2^53 - 1 in size, else a floating constant`,
        );
      return;
    case 'call': {
      const arities = aritiesOf(kind.value.function);
      if (arities.includes(kind.value.arguments.length)) return;
      throw invalid(
        `"${kind.value.function}" has ${kind.value.arguments.length} arguments; expected ${arities.join(' or ')}`,
      );
    }
    case 'select':
      if (kind.value.selectors.length === 0) throw invalid(`expression node ${number} selects by nothing`);
      kind.value.selectors.forEach(validateSelector);
      return;
    case 'reduce':
      if (reductionsByName.includes(kind.value.operation)) return;
      throw invalid(
        `reduction "${shortened(kind.value.operation)}" is unknown; known are ${reductionsByName.join(' ')}`,
      );
    case 'operation':
      checkArguments(kind.value);
      return;
    case 'convert':
      // Whether they are units is known where it is resolved.
      return;
    default:
      throw invalid(`expression node ${number} is of no known kind`);
  }
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
