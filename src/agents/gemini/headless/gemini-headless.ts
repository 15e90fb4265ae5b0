import type { AgentAdapter } from '../../../ports/agent.ts';
import { headlessAdapter } from '../../headless/headless-adapter.ts';
import { sessionUuid } from '../../session-uuid.ts';
import { copyChat } from '../chat-copies.ts';
import { conversationOptions, gemini, homeOf, traits } from '../gemini.ts';

export const geminiHeadless: AgentAdapter = headlessAdapter({
  name: 'gemini-headless',
  summary: 'Gemini CLI without its interface, a start for each prompt.',
  program: traits,
  terminal: gemini,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  conversationOptions,
  // That of a copy is chosen by the program.
  conversationOf: ({ repository, session, fork }) => (fork === null ? sessionUuid(repository, session) : null),
  prepareFork: (request) => copyChat(homeOf(request), request),
});
