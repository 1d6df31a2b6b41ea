import { formatUnsupported } from '../format-error.ts';

/** What the names in a template stand for: texts, and indices of generated references. */
export type TemplateValues = ReadonlyMap<string, string | number>;

const token = /\s*(\d+|[A-Za-z_]\w*|\/\/|[-+*%()])/y;

/**
 * A text with its `{{…}}` replaced (fsspec references, version 1, "templates" and "gen"): a name, or whole-number arithmetic
 * with names. Throws FORMAT_UNSUPPORTED for anything else of Jinja.
 */
export function fillTemplate(text: string, values: TemplateValues, url: string): string {
  return text.replaceAll(/\{\{(.*?)\}\}/g, (_, expression: string) => {
    const name = expression.trim();
    const known = values.get(name);
    if (known !== undefined) return String(known);
    return String(evaluate(name, values, () => unsupported(url, expression)));
  });
}

/** A sum of products of numbers, names and sums in parentheses. */
function evaluate(text: string, values: TemplateValues, fail: () => Error): number {
  const tokens = tokensOf(text, fail);
  let at = 0;

  function sum(depth: number): number {
    let value = product(depth);
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product(depth) : value - product(depth);
    return value;
  }

  function product(depth: number): number {
    let value = factor(depth);
    while (['*', '//', '%'].includes(tokens[at])) {
      const operator = tokens[at++];
      const right = factor(depth);
      if (operator !== '*' && right === 0) throw fail();
      // As Python has it: quotients are rounded down, remainders have the sign of the divisor.
      const quotient = operator === '*' ? 0 : Math.floor(value / right);
      value = operator === '*' ? value * right : operator === '//' ? quotient : value - quotient * right;
    }
    return value;
  }

  function factor(depth: number): number {
    const next = tokens[at++];
    if (next === '(' && depth < 50) {
      const value = sum(depth + 1);
      if (tokens[at++] !== ')') throw fail();
      return value;
    }
    const value = /^\d/.test(next ?? '') ? Number(next) : values.get(next);
    if (typeof value !== 'number') throw fail();
    return value;
  }

  const value = sum(0);
  if (at !== tokens.length || !Number.isSafeInteger(value)) throw fail();
  return value;
}

function tokensOf(text: string, fail: () => Error): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) throw fail();
    tokens.push(found[1]);
  }
  return tokens;
}

function unsupported(url: string, expression: string): Error {
  const what = `the template {{${expression.slice(0, 80)}}}`;
  return formatUnsupported(url, 0, what, 'write the references again without templates');
}
