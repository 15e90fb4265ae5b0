import type { AgentAdapter } from '../../../ports/agent.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { sessionUuid } from '../../session-uuid.ts';
import { conversationOptions, gemini, traits } from '../gemini.ts';

export const geminiHeadless: AgentAdapter = headlessAdapter({
  name: 'gemini-headless',
  summary: 'Gemini CLI without its interface, a start for each prompt.',
  program: traits,
  abilities: { canResume: true, canFork: false, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  conversationOptions,
  conversationOf: ({ repository, session }) => sessionUuid(repository, session),
  isolation: gemini.isolation,
  holdsConversation: gemini.holdsConversation!,
});
