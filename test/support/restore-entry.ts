/** A process of its own that backs up and restores without end: node restore-entry.ts ROOT FOLDER. */
import { restoreProject } from '../../src/main/restore-project.ts';

const [root, folder] = process.argv.slice(2) as [string, string];
for (;;) restoreProject(root, folder, { from: null, isDryRun: false, force: false });
