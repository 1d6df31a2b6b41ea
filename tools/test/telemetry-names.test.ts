import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  attributeNames,
  logKeys,
  type MetricName,
  metricNames,
  metricShapes,
  spanNames,
} from '../../libs/telemetry/src/names.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const known = new Set<string>(Object.values(metricNames).map(([name]) => name));

/** Rows of the table whose first column has this title, as their cells. */
function table(document: string, title: string): string[][] {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (name: string) => `\`${name}\``;

/** Names of metrics in a PromQL expression; those of a histogram's parts count as the histogram. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/hyperslab_[a-z_]+/g)].map(([name]) =>
    known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''),
  );
}

describe('names of telemetry', () => {
  const document = read('docs/telemetry.md');

  it('of metrics are those of the document, with kind, unit, labels and meaning', () => {
    const expected = Object.entries(metricNames).map(([key, [name, help]]) => {
      const { kind, unit, labels } = metricShapes[key as MetricName];
      return [code(name), kind, unit, labels.map(code).join(', '), help];
    });
    assert.deepEqual(table(document, 'metric'), expected);
  });

  it('of spans, attributes and log keys are those of the document', () => {
    const rows = (names: Record<string, readonly [string, string]>) =>
      Object.values(names).map(([name, meaning]) => [code(name), meaning]);
    assert.deepEqual(table(document, 'span'), rows(spanNames));
    assert.deepEqual(table(document, 'attribute'), rows(attributeNames));
    const keys = table(document, 'key').map(([key]) => key);
    assert.deepEqual(keys, Object.values(logKeys).map(code));
  });

  it('of metrics in the Grafana dashboard are known, and none is left out', () => {
    const { panels } = JSON.parse(read('charts/hyperslab/dashboards/hyperslab.json'));
    const expressions: string[] = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    );
    assert.deepEqual(new Set(expressions.flatMap(metricsIn)), known);
  });

  it('of metrics in alerts are known, and each alert has a runbook', () => {
    const runbook = read('docs/runbook.md');
    // As a heading's anchor is made of its text.
    const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
    const { groups } = parse(read('charts/hyperslab/alerts/hyperslab.yaml'));
    const alerts: string[] = [];
    for (const { alert, expr, labels, annotations } of groups.flatMap(
      ({ rules }: { rules: Record<string, unknown>[] }) => rules,
    )) {
      alerts.push(alert.toLowerCase());
      const used = metricsIn(expr);
      assert.ok(used.length > 0, alert);
      for (const name of used) assert.ok(known.has(name), `${alert}: ${name}`);
      assert.match(labels.severity, /^(warning|critical)$/, alert);
      assert.ok(annotations.summary.length > 10, alert);
      assert.equal(annotations.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
    }
    assert.deepEqual(anchors.toSorted(), alerts.toSorted());
  });
});
