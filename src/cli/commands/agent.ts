import type { AgentTest } from '../../app/test-agent.ts';
import { plainText } from '../../base/text.ts';
import { formatTokens } from '../../domain/cost.ts';
import { command, text } from '../command.ts';
import { table } from '../output/table.ts';
import { withVariables } from '../output/variables.ts';

/** Long enough for a first start, in s. */
const timeoutSeconds = 120;

const smallPrompt = 'Answer with the one word: ready. Change nothing.';

export const agentListCommand = command({
  summary: 'Which agents are configured, and which are found on this machine',
  example: 'forge agent list',
  async run(forge) {
    const agents = await forge.call('agent.list', {});
    const rows = agents.map((agent) => [
      agent.name,
      agent.adapter,
      agent.isFound ? `found ${agent.version}`.trim() : 'missing',
      agent.isFound ? agent.path : `${agent.problem.replace(/[.]$/, '')}. ${agent.next}`,
    ]);
    const lines = (await table(rows, 'No agents are configured.')).split('\n');
    const text = lines.map((line, index) => withVariables(line, agents[index]?.variables ?? []));
    return { json: agents, text: text.join('\n') };
  },
});

export const agentTestCommand = command<{ prompt?: string; timeout?: number }, [string]>({
  summary: 'Give an agent a small prompt, and say what came of it',
  example: 'forge agent test claude',
  details:
    'Starts the agent as a run would, in a worktree that is removed again: is it found, does it start, does it ask something first, does it answer. It may cost a few tokens. Ends with status 0 if it answered, with 5 if it asks something.',
  flags: {
    prompt: { kind: 'parsed', parse: String, brief: 'Another prompt', optional: true },
    timeout: {
      kind: 'parsed',
      parse: seconds,
      brief: `How long to wait, ${timeoutSeconds} s if not said`,
      placeholder: 'seconds',
      optional: true,
    },
  },
  args: { kind: 'tuple', parameters: [text('agent', 'Name of the agent in the settings')] },
  async run(forge, { prompt = smallPrompt, timeout = timeoutSeconds }, name) {
    const test = await forge.testAgent(name, prompt, timeout * 1_000);
    const status = test.outcome === 'answered' ? 0 : test.outcome === 'asks' ? 5 : 1;
    return { json: test, text: await report(test), status };
  },
});

async function report({
  agent,
  adapter,
  found,
  startedMs,
  outcome,
  reason,
  tookMs,
  tokens,
}: AgentTest): Promise<string> {
  const why = plainText(reason);
  const took = `${(tookMs / 1_000).toFixed(1)} s`;
  const words: Record<AgentTest['outcome'], string> = {
    answered: `yes, in ${took}`,
    asks: `no: it asks something first: ${why}. Start it by hand in the main checkout and answer that once`,
    failed: `no: it failed: ${why}`,
    limited: `no: its provider takes no more: ${why}`,
    ended: `no: it ended after ${took}: ${why}`,
    late: `no: nothing came in ${took}: ${why}`,
    missing: `no: ${why}`,
  };
  const rows = [
    ['found', found.isFound ? `${found.path} ${found.version}`.trim() : 'no'],
    ['started', startedMs === null ? (found.isFound ? 'yes, and wrote nothing' : 'no') : `in ${startedMs} ms`],
    ['answered', words[outcome]],
    [
      'tokens',
      tokens
        ? `${formatTokens(tokens.input + tokens.cacheRead + tokens.cacheWrite)} in, ${formatTokens(tokens.output)} out`
        : 'none told',
    ],
  ];
  return [`${agent} (${adapter})`, (await table(rows, '')).replace(/^/gm, '  ')].join('\n');
}

function seconds(typed: string): number {
  const value = Number(typed);
  if (typed.trim() !== '' && value > 0 && value <= 3_600) return value;
  throw new Error(`${typed} is not a number of seconds up to 3600`);
}
