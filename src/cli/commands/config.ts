import { plainText } from '../../base/text.ts';
import { command, text } from '../command.ts';
import { table } from '../output/table.ts';

export const configListCommand = command({
  summary: 'Show each setting in force and where it comes from',
  example: 'forge config',
  async run(forge) {
    const rows = await forge.settings();
    const lines = rows.map(({ key, value, source, hasEffect }) => [
      key,
      JSON.stringify(value),
      hasEffect ? source : `${source} (without effect in this version)`,
    ]);
    const problems = rows.flatMap((row) => row.problems.map((problem) => `▲ ${plainText(problem)}`));
    return { json: rows, text: [await table(lines, ''), ...problems].join('\n') };
  },
});

const userFlag = { kind: 'boolean', brief: 'In your own file, for all projects', optional: true } as const;

export const configSetCommand = command<{ user?: boolean }, [string, string]>({
  summary: 'Change one setting in a file; comments and order stay',
  example: 'forge config set limits.total 4',
  details:
    'In .forge/config.yaml, or with --user in ~/.forge/config.yaml. The value is YAML: 4, true, "text", [a, b], { a: 1 }. A value that is not valid is refused and nothing changes.',
  flags: { user: userFlag },
  args: {
    kind: 'tuple',
    parameters: [text('key', 'As forge config shows it: limits.total'), text('value', 'As YAML')],
  },
  async run(forge, { user = false }, key, value) {
    const file = await forge.setSetting(key, value, user);
    return { json: { key, file }, text: `${key} is set in ${file}` };
  },
});

export const configUnsetCommand = command<{ user?: boolean }, [string]>({
  summary: 'Take one setting out of a file',
  example: 'forge config unset limits.total',
  flags: { user: userFlag },
  args: { kind: 'tuple', parameters: [text('key', 'As forge config shows it: limits.total')] },
  async run(forge, { user = false }, key) {
    const file = await forge.setSetting(key, null, user);
    return { json: { key, file }, text: `${key} is not set in ${file}` };
  },
});

export const configSchemaCommand = command({
  summary: 'Print the JSON schema of the settings, for editors',
  example: 'forge config schema',
  details: 'forge init writes it beside the settings, where editors with a YAML language server find it.',
  async run(forge) {
    const schema = await forge.settingsSchema();
    return { json: schema, text: JSON.stringify(schema, null, 2) };
  },
});
