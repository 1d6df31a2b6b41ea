/** Puts one large object of a shared output again and again until it is killed: node killed-while-putting.ts PATH */
import { openSharedOutput } from '../../src/output/shared-output.ts';

const output = openSharedOutput(process.argv[2], '0123456789ab', { marks: ['root.json'] });
await output.begin();
process.send?.('begun');
for (;;) await output.put('t/c/0', new Uint8Array(2 ** 28));
