import { settingsSchemaText } from '../../src/config/settings-schema.ts';
import { adapterFilePage } from './adapter-file-page.ts';
import { commandsPage } from './commands-page.ts';
import { errorsPage } from './errors-page.ts';
import { keysPage } from './keys-page.ts';
import { planPage } from './plan-page.ts';
import { pricesPage } from './prices-page.ts';
import { runMachinePage } from './run-machine-page.ts';
import { settingsPage } from './settings-page.ts';
import { taskSchemaFile } from './task-schema.ts';

/** The generated pages by their path from the root of the repository. */
export const referencePages: Readonly<Record<string, () => string>> = {
  'docs/reference/commands.md': commandsPage,
  'docs/reference/keys.md': keysPage,
  'docs/reference/settings.md': settingsPage,
  'docs/reference/config.schema.json': settingsSchemaText,
  'docs/reference/adapter-file.md': adapterFilePage,
  'docs/reference/plan.md': planPage,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/prices.md': pricesPage,
  'docs/reference/run-machine.md': runMachinePage,
  'docs/reference/task.schema.json': taskSchemaFile,
};
