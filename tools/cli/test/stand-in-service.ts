// What the tests of the supervisor start in place of a service: says its pid, and ends as a service does.
import { renameSync, writeFileSync } from 'node:fs';

const { STAND_IN_PID_FILE, STAND_IN_EXIT } = process.env;
// Moved into place: who waits for the file never reads it empty, as pid 0.
writeFileSync(`${STAND_IN_PID_FILE}.new`, String(process.pid));
renameSync(`${STAND_IN_PID_FILE}.new`, STAND_IN_PID_FILE!);
console.log('started');
if (STAND_IN_EXIT !== undefined) process.exit(Number(STAND_IN_EXIT));
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
setInterval(() => {}, 1000);
