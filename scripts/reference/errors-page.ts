import { errorTable } from '../../src/base/errors.ts';
import { code, page, table } from './markdown.ts';

const exits: Record<number, string> = {
  0: 'it worked',
  1: 'the operation failed',
  2: 'the command line or a setting is wrong',
  3: 'what was named does not exist',
  4: 'it conflicts with what is there',
  5: 'a person has to answer first',
};

export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(([name, { exit, next }]) => [code(name), String(exit), next]);
  return page(
    'Errors',
    'src/base/errors.ts',
    `A failed command prints what happened and why, and on the next line what to do. With ${code('--json')} the same is ${code('{ "error": { "code", "message", "next" } }')} on stderr. Codes and exit statuses are stable; the words of a message are not.`,
    '## Exit statuses',
    table(
      ['status', 'means'],
      Object.entries(exits).map(([status, meaning]) => [status, meaning]),
    ),
    '## Codes',
    'The place that fails can name a better next step than this one.',
    table(['code', 'exit', 'next step'], rows),
  );
}
