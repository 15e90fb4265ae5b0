import { generateHelpTextForAllCommands } from '@stricli/core';
import { buildProgram } from '../../src/cli/program.ts';
import { code, fence, page } from './markdown.ts';

/** Flags that every command has, said once on the page. */
const commonFlags = /^ +(\[--json\/--no-json\]|-h {2}--help|--) .*\n/gm;

/** Every command as its `--help` says it. */
export function commandsPage(): string {
  // The help needs no context: none of the commands is run.
  const program = buildProgram('') as unknown as Parameters<typeof generateHelpTextForAllCommands>[0];
  const commands = generateHelpTextForAllCommands(program);
  const sections = commands.map(([name, help]) => `## ${name}\n\n${fence('text', shortened(help))}`);
  return page(
    'Commands',
    'src/cli/commands',
    `Every command has ${code('--help')}, and ${code('--json')} for one JSON value on stdout and nothing else (the dashboard has none). A failed one says what happened and what to do next, and ends with a status of [the table of errors](errors.md). After ${code('--')} everything is an argument.`,
    'The id of a task or a run can be given without its prefix, and in part as long as it is unique. A session is found by its id, or by the whole name of its run, task or worker.',
    ...sections,
  );
}

function shortened(help: string): string {
  return help
    .replace(commonFlags, '')
    .replace(/^ +forge .* --help\n/m, '')
    .replace(/\nFLAGS\n(?=\n|$)/, '');
}
