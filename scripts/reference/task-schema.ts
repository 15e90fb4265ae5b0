import { z } from 'zod';
import { taskJson } from '../../src/domain/task-json.ts';

/** The JSON Schema of what `forge task … --json` prints, each kind under `$defs`. */
export function taskSchemaFile(): string {
  const definitions = Object.entries(taskJson).map(([name, schema]) => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output' });
    return [name, json];
  });
  const file = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What forge task prints with --json',
    $defs: Object.fromEntries(definitions),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
