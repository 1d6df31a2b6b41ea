import { isHyperslabError } from '@hyperslab/errors';
import type { ExpressionGraph } from '@hyperslab/proto/expression';
import { formatExpression } from './format.ts';

/** What people are shown of a graph: its text, or "expression" when sharing makes that too long to write out. */
export function expressionTitle(graph: ExpressionGraph): string {
  try {
    return formatExpression(graph);
  } catch (error) {
    if (isHyperslabError(error, 'EXPRESSION_INVALID')) return 'expression';
    throw error;
  }
}
