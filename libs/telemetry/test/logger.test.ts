import assert from 'node:assert/strict';
import { createLogger } from '../src/index.ts';

describe('the logger', () => {
  it('writes a JSON object a line, with time, level and service', () => {
    const lines: string[] = [];
    const log = createLogger('catalog', { level: 'info', stream: { write: (line) => lines.push(line) } });
    log.debug('not this');
    log.child({ trace_id: 'abc' }).warn({ err: new Error('broken') }, 'take care');
    assert.equal(lines.length, 1);
    const line = JSON.parse(lines[0]);
    assert.equal(line.level, 'warn');
    assert.equal(line.service, 'catalog');
    assert.equal(line.trace_id, 'abc');
    assert.equal(line.msg, 'take care');
    assert.equal(line.err.message, 'broken');
    assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 5_000);
  });
});
