import { Box, Text } from 'ink';
import { useMemo } from 'react';
import { type Phase, phases } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import { addCosts, formatCost, noCost } from '../../domain/cost.ts';
import type { ShownItem } from '../app/dashboard-model.ts';
import { useModel } from '../app/use-model.ts';
import { colours, phaseMarks } from '../theme.ts';

const counted: Record<Phase, string> = {
  'needs-you': 'need you',
  working: 'working',
  queued: 'queued',
  awaiting: 'to merge',
  ready: 'ready',
  blocked: 'blocked',
  closed: 'done',
};

function countsOf(items: readonly ShownItem[]): { phase: Phase; count: number }[] {
  return phases
    .map((phase) => ({ phase, count: items.filter((item) => item.phase === phase).length }))
    .filter(({ count }) => count > 0);
}

/** One line: which project, or how many and in which one the selection is, how it stands, what was spent today, and whether this is the demo. */
export function Header({ cols }: { cols: number }) {
  const { model, state } = useModel();
  const { view, projects, connection, isDemo } = state;
  const today = model.views.map(({ costs }) => costs.today).reduce(addCosts, noCost);
  const { items } = model;
  const counts = useMemo(() => countsOf(items), [items]);
  return (
    <Box width={cols} height={1} gap={2} overflow="hidden">
      <Box flexShrink={0}>
        <Text bold color={colours.accent}>
          {' forge'}
        </Text>
      </Box>
      {isDemo && (
        <Box flexShrink={0}>
          <Text inverse color={colours.attention}>
            {cols < 100
              ? ' DEMO '
              : cols < 150
                ? ' DEMO: scripted agents '
                : ' DEMO: scripted agents, throw-away repository '}
          </Text>
        </Box>
      )}
      <Box flexShrink={2} minWidth={0}>
        <Text wrap="truncate">
          {projects && `${projects.length} ${projects.length === 1 ? 'project' : 'projects'}${view ? ', in ' : ''}`}
          {view ? plainText(view.project.name) : ''}
          {view && view.project.mode !== 'standard' ? ` (${view.project.mode})` : ''}
        </Text>
      </Box>
      <Box flexShrink={1} minWidth={0}>
        <Text wrap="truncate">
          {counts.map(({ phase, count }) => (
            <Text key={phase} color={phaseMarks[phase].colour}>
              {`${phaseMarks[phase].glyph} ${count} ${phase === 'needs-you' && count === 1 ? 'needs you' : counted[phase]}  `}
            </Text>
          ))}
        </Text>
      </Box>
      {(today.usd > 0 || today.hasUnknown) && (
        <Box flexShrink={0}>
          <Text color={colours.quiet}>{`today ${formatCost(today)}`}</Text>
        </Box>
      )}
      {connection !== 'live' && (
        <Text color={colours.attention}>
          {connection === 'connecting' ? 'starting…' : 'supervisor away, starting it again…'}
        </Text>
      )}
    </Box>
  );
}
