import { z } from 'zod';
import { adapterFileSchema } from '../../src/config/adapter-options.ts';
import { code, page, table } from './markdown.ts';
import { kindOf, type Schema, settingsIn } from './settings-page.ts';

export function adapterFilePage(): string {
  const fields = settingsIn('', z.toJSONSchema(adapterFileSchema, { io: 'input' }) as Schema, {});
  return page(
    'The YAML file of an adapter',
    'src/config/adapter-options.ts',
    'What it is for, with an example: [write an adapter](../guide/write-an-adapter.md).',
    table(
      ['field', 'value', 'default', 'does'],
      fields.map(({ path, schema, fallback }) => [
        code(path),
        kindOf(schema),
        fallback === undefined ? '' : code(JSON.stringify(fallback)),
        schema.description ?? '',
      ]),
    ),
  );
}
