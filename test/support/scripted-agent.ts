import type { World } from './world.ts';

/**
 * An agent that says at once that it has finished, or asks first when its task says so. It writes a file of its task, and one that
 * all of sweet things have in common; shows each key that it gets, and can go on with a copy of its conversation.
 */
const program = `#!/usr/bin/env node
const fs = require('fs');
const say = (words) => process.stdout.write('\\x1b]7501;state=' + words + ':app=scripted\\x1b\\\\');
const done = () => {
  fs.writeFileSync(process.env.FORGE_TASK + '.txt', 'one\\ntwo\\n');
  if (/sweet/.test(prompt)) fs.writeFileSync('sugar.txt', process.env.FORGE_TASK + '\\n');
  say('done');
};
const prompt = process.argv.at(-1);
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004h');
for (let line = 1; line <= 60; line++) process.stdout.write('line ' + line + '\\r\\n');
process.stdout.write('at work on ' + prompt.split('\\n')[0] + '\\r\\n');
let isAsking = /asks/.test(prompt);
if (isAsking) {
  process.stdout.write('1. Yes\\r\\n');
  say('blocked:kind=permission:message=' + Buffer.from('Which flour').toString());
} else done();
process.stdin.on('data', (data) => {
  const text = data.toString().replace(/\\x1b\\[20[01]~/g, '');
  process.stdout.write('got ' + JSON.stringify(text) + '\\r\\n');
  if (isAsking && text === '1') {
    isAsking = false;
    done();
  } else if (text.endsWith('\\r')) {
    say('working');
    setTimeout(() => say('done'), 100);
  }
});
`;

const adapter = (path: string) => `export const contract = 1;
export default ({ launchProgram, findAgentProgram, promptArguments, sessionUuid }) => {
  const traits = { environment: { passedOn: [] }, command: [${JSON.stringify(path)}], answersVersion: false, install: '' };
  return {
    summary: 'Plays an agent.', endsByItself: false, interruptKeys: null, screenRules: [],
    abilities: { canResume: true, canFork: true, tellsTokens: false, tellsMoney: false, tellsPrompts: false },
    find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
    async launch(request) {
      const conversation = request.resume ?? sessionUuid(request.repository, request.session);
      const launch = launchProgram(traits, request, (own) => [...own, ...promptArguments(request.prompt)]);
      return { ...launch, conversation };
    },
    holdsConversation: async () => true,
  };
};
`;

/** Sets the repository up with these workers, each with the scripted agent. */
export async function putScriptedAgent(world: World, workers: readonly string[]): Promise<void> {
  await world.forge('init', '--stealth', '--prefix', 'fg');
  const path = world.write('../bin/scripted', program, { isExecutable: true });
  const folder = '../f/adapters/node_modules/scripted';
  world.write(`${folder}/package.json`, JSON.stringify({ name: 'scripted', type: 'module', exports: './index.js' }));
  world.write(`${folder}/index.js`, adapter(path));
  const slots = workers.map((name) => `{ name: ${name}, agent: scripted }`);
  world.write(
    '.forge/config.yaml',
    `prefix: fg\nmode: stealth\nagents: { scripted: { adapter: scripted } }\nworkers: [${slots.join(', ')}]\ndelivery: none\n`,
  );
}
