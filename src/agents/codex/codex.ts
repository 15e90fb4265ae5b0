import type { AgentAdapter, LaunchRequest } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { promptArguments } from '../literal-prompt.ts';
import { nameFile } from '../name-file.ts';
import { followRollouts } from './follow.ts';
import { bringRollout, codexHome, findRollout, sessionsFolder } from './rollouts.ts';
import { inputHint, inputMark, screenRules, titleRules } from './rules.ts';

export const traits: ProgramTraits = {
  environment: {
    passedOn: ['OPENAI_*', 'CODEX_*', 'AZURE_OPENAI_*'],
    heldBack: ['CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_THREAD_ID', 'CODEX_CI', 'CODEX_MANAGED_*'],
  },
  command: ['codex'],
  answersVersion: true,
  install: 'Install it (npm install -g @openai/codex), or give the agent a command in .forge/config.yaml.',
};

/** Settings of this one start, each unless the definition's command has its own word on it. */
const overrides: readonly { key: string; value: string; why: string }[] = [
  { key: 'check_for_update_on_startup', value: 'false', why: 'the update dialog would hold the prompt back' },
  { key: 'features.daemon_auto_start', value: 'false', why: 'a daemon would go on working after its pane has ended' },
  {
    // Merged into what the person has answered, not in its place. Other models still bring the dialog up.
    key: 'notice.model_migrations',
    value: '{"gpt-5.5"="gpt-6-sol"}',
    why: 'the new model dialog would hold the prompt back, and Enter there changes the model',
  },
  {
    key: 'notice.hide_rate_limit_model_nudge',
    value: 'true',
    why: 'the dialog about a smaller model would keep it from going on after a limit, and Enter there changes the model',
  },
];

/** Commands that choose a conversation themselves; one of them in the definition's command and Forge adds none. */
export const conversationCommands = ['resume', 'fork'];

/** Codex's terminal interface. Its first-run dialogs are the person's to answer: see docs/adr/0003. */
export const codex: AgentAdapter = {
  name: 'codex',
  summary: 'Codex in its own terminal interface.',
  endsByItself: false,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  leavesOut: 'the titles of its conversations',
  isolation: {
    variable: 'CODEX_HOME',
    isForkedAcross: true,
    shared: (env) => ({
      folder: codexHome(env),
      links: [
        { name: 'auth.json', isMadeByLogin: true },
        ...['config.toml', 'AGENTS.md', 'prompts', 'skills', 'rules', 'hooks.json'].map((name) => ({ name })),
      ],
    }),
  },
  interruptKeys: '\x1b',
  attachesPictures: true,
  mentionFile: nameFile,
  inputMark,
  inputHint,
  screenRules,
  titleRules,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    await bringForked(request);
    let conversation: string | null = null;
    const launch = launchProgram(traits, request, (own) => {
      const missing = overrides.filter(({ key }) => !own.some((argument) => argument.includes(`${key}=`)));
      const settings = missing.flatMap(({ key, value }) => ['-c', `${key}=${value}`]);
      const isChosen = choosesConversation(own, conversationCommands);
      conversation = isChosen ? null : request.resume;
      const begun = isChosen ? [] : beginning(request);
      return [...own, ...settings, ...begun, ...promptArguments(request.prompt)];
    });
    return { ...launch, conversation };
  },
  holdsConversation: async (session) =>
    session.conversation !== null &&
    (await findRollout(sessionsFolder(session, traits.environment), session.conversation)) !== null,
  follow: (session, hear) => followRollouts(sessionsFolder(session, traits.environment), session, hear),
};

/** Puts what is forked among this one's own, when another worker has it in a state of its own. */
export async function bringForked(request: LaunchRequest): Promise<void> {
  const { definition, fork, forkEnv = definition.env, environment } = request;
  if (fork === null) return;
  const theirs = sessionsFolder({ definition: { ...definition, env: forkEnv }, environment }, traits.environment);
  await bringRollout(theirs, sessionsFolder(request, traits.environment), fork);
}

function beginning({ resume, fork, worktree }: LaunchRequest): string[] {
  if (resume !== null) return ['resume', resume];
  // Without the folder it asks whether to work in that of the first one.
  return fork === null ? [] : ['fork', '--cd', worktree, fork];
}
