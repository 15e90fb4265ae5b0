import { patternProblem } from '../domain/screen-pattern.ts';
import type { ScreenRule, TitleRule } from '../domain/status.ts';
import type { AgentAdapter } from '../ports/agent.ts';

/** Longest that all patterns of an adapter may take over the rows below, in ms. Other things run on the machine too. */
const patternMsMax = 250;

/** As long as a row may be, and of a kind that makes patterns try again and again. */
const awkwardRows = ['a', ' ', '(', '1.', 'a b ', '─', '> '].map((part) => part.repeat(300).slice(0, 300));

interface ShapeCheck {
  name: string;
  problemsOf(adapter: AgentAdapter): string[];
}

/** What can be seen without starting anything. */
export const shapeChecks: readonly ShapeCheck[] = [
  {
    name: 'what it says it can do, it has functions for',
    problemsOf: ({ abilities, holdsConversation, follow }) => {
      const needs = [
        [abilities.canResume && !holdsConversation, 'It can resume, and has no holdsConversation.'],
        [abilities.canFork && !holdsConversation, 'It can fork, and has no holdsConversation.'],
        [abilities.tellsTokens && !follow, 'It tells tokens, and has no follow.'],
        [abilities.tellsMoney && !follow, 'It tells money, and has no follow.'],
        [abilities.tellsPrompts && !follow, 'It tells prompts, and has no follow.'],
      ] as const;
      return needs.flatMap(([isMissing, problem]) => (isMissing ? [problem] : []));
    },
  },
  {
    name: 'every rule has a name of its own and something that it fits',
    problemsOf: (adapter) =>
      [adapter.titleRules ?? [], adapter.screenRules].flatMap((rules: readonly (TitleRule | ScreenRule)[]) =>
        rules.flatMap((rule, index) => [
          ...(rule.name.trim() === '' ? [`Rule ${index + 1} has no name.`] : []),
          ...(rules.findIndex(({ name }) => name === rule.name) < index ? [`Two rules are named ${rule.name}.`] : []),
          ...(rule.state === 'waiting' && rule.reason === ''
            ? [`Rule ${rule.name} does not say for what it waits.`]
            : []),
        ]),
      ),
  },
  {
    name: 'its patterns are bounded and quick',
    problemsOf: (adapter) => {
      const patterns = patternsOf(adapter);
      const problems = patterns.flatMap(({ source }) => {
        const problem = patternProblem(source);
        return problem === null ? [] : [`${source}: expected ${problem}.`];
      });
      // One that repeats without bound would not come back.
      if (problems.length > 0) return problems;
      const before = performance.now();
      for (const pattern of patterns) for (const row of awkwardRows) pattern.test(row);
      const tookMs = performance.now() - before;
      return tookMs > patternMsMax ? [`They took ${Math.round(tookMs)} ms for ${awkwardRows.length} long rows.`] : [];
    },
  },
];

function patternsOf({ titleRules = [], screenRules, inputMark, inputHint, restTitle }: AgentAdapter): RegExp[] {
  return [
    ...titleRules.map(({ pattern }) => pattern),
    ...screenRules.flatMap(({ lines, untilTime }) => (untilTime ? [...lines, untilTime] : lines)),
    ...[inputMark, inputHint, restTitle].filter((pattern) => pattern !== undefined),
  ];
}
