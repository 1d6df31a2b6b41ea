import type { Command } from 'commander';
import type { AddCommand } from '../program.ts';

/** Commands about the backup of all that the mesh knows. */
export function addBackupCommands(program: Command, add: AddCommand): void {
  const backup = program.command('backup').description('the backup of all that the mesh knows');
  const load = async () => import('../commands/backup.ts');
  add(backup, 'now', 'take a snapshot', async () => (await load()).backupNow);
  add(backup, 'list', 'list snapshots', async () => (await load()).backupList);
  add(
    backup,
    'verify [snapshot]',
    'read the journal or a snapshot back and check everything',
    async () => (await load()).backupVerify,
  );
  add(
    backup,
    'restore',
    'put manifests that the object store lost back into it',
    async () => (await load()).backupRestore,
  );
  add(
    backup,
    'export <dir>',
    'write every dataset as Markdown that a person can read',
    async () => (await load()).backupExport,
  );
}
