import type { AgentAdapter } from '../../../ports/agent.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { bringForked, codex, traits } from '../codex.ts';

export const codexHeadless: AgentAdapter = headlessAdapter({
  name: 'codex-headless',
  summary: 'Codex without its interface, by its app-server.',
  program: traits,
  terminal: codex,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  conversationOptions: [],
  conversationOf: () => null,
  prepareFork: async (request) => {
    await bringForked(request);
    return request.fork as string;
  },
});
