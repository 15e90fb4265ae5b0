import { z } from 'zod';
import { frontMatterSchema } from '../../src/config/plans/plan-options.ts';
import { code, page, table } from './markdown.ts';
import { kindOf, type Schema, settingsIn } from './settings-page.ts';

export function planPage(): string {
  const fields = settingsIn('', z.toJSONSchema(frontMatterSchema, { io: 'input' }) as Schema, {});
  return page(
    'The front matter of a plan',
    'src/config/plans/plan-options.ts',
    'What it is for, with an example: [plans](../guide/plans.md).',
    table(
      ['field', 'value', 'does'],
      fields.map(({ path, schema }) => [code(path), kindOf(schema), schema.description ?? '']),
    ),
  );
}
