import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { flattenConfig } from '../../../src/main/flatten-config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('forge config prints no secret that somebody has written into an environment', () => {
  const projectRoot = temporaryFolder();
  mkdirSync(join(projectRoot, '.forge'));
  const env = { MY_TOKEN: 'swordfish', ANTHROPIC_API_KEY: '', NAMED_TOKEN: '${TOKEN}', PLAIN: 'hello' };
  const settings = { agents: { claude: { env } }, workers: [{ name: 'w', agent: 'claude', env }] };
  writeFileSync(join(projectRoot, '.forge/config.yaml'), JSON.stringify(settings));
  const rows = flattenConfig(loadConfig({ forgeHome: '/nowhere', projectRoot, environment: {} }), []);
  const printed = JSON.stringify(rows);
  expect(printed).not.toContain('swordfish');
  expect(printed.match(/a secret as it stands/g)).toHaveLength(2);
  expect(printed).toContain('${TOKEN}');
  expect(rows.find(({ key }) => key === 'agents.claude.env.PLAIN')?.value).toBe('hello');
});
