import { z } from 'zod';
import { layerSchema } from './options.ts';

/** Where it is, seen from the settings of a project. */
export const schemaFileName = 'config.schema.json';

/** What a settings file may say, as JSON schema: an editor completes names and shows what each is for. */
export function settingsSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(layerSchema, { io: 'input', target: 'draft-7' }),
    title: 'Settings of Forge',
  };
}

/** As the text of a file. */
export function settingsSchemaText(): string {
  return `${JSON.stringify(settingsSchema(), null, 2)}\n`;
}
