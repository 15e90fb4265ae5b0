import type { AgentDefinition } from '../domain/agent.ts';
import { ScreenPattern } from '../domain/screen-pattern.ts';
import type { AgentAdapter } from '../ports/agent.ts';

/** The adapter as its definition wants it: with rules of the person's before its own, and what its end means. */
export function withOwnRules(adapter: AgentAdapter, { rules = [], endsByItself }: AgentDefinition): AgentAdapter {
  if (rules.length === 0 && endsByItself === undefined) return adapter;
  const titles = rules.flatMap(({ title, lines, ...rule }) =>
    title === undefined ? [] : [{ ...rule, pattern: new ScreenPattern(title) }],
  );
  const screens = rules.flatMap(({ title, lines, ...rule }) =>
    lines === undefined ? [] : [{ ...rule, lines: lines.map((line) => new ScreenPattern(line)) }],
  );
  return {
    ...adapter,
    endsByItself: endsByItself ?? adapter.endsByItself,
    titleRules: [...titles, ...(adapter.titleRules ?? [])],
    screenRules: [...screens, ...adapter.screenRules],
  };
}
