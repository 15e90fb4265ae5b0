import type { AgentAdapter } from '../../../ports/agent.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { sessionUuid } from '../../session-uuid.ts';
import { claudeCode, conversationOptions, traits } from '../claude-code.ts';

export const claudeCodeHeadless: AgentAdapter = headlessAdapter({
  name: 'claude-code-headless',
  summary: 'Claude Code without its interface, by stream-json.',
  program: traits,
  terminal: claudeCode,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  conversationOptions,
  conversationOf: ({ repository, session }) => sessionUuid(repository, session),
});
