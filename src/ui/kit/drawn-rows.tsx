import { use, useId, useLayoutEffect, useState } from 'react';
import { PaneRegistryContext } from '../screen/pane-registry.ts';
import { PaneSlot, PlacedPane } from '../screen/pane-slot.tsx';
import { themes } from '../theme.ts';
import { type Row, type RowsMouse, RowsScreen } from './rows-screen.ts';

interface Props extends RowsMouse {
  rows: readonly Row[];
  cols: number;
  /** Rows that it takes, by default as many as there are. */
  height?: number;
  /** Its first cell in the `PaneArea` around it; without, it is laid out. */
  at?: { x: number; y: number } | undefined;
}

/** Rows that are drawn as cells, not by Ink, which would make every one of them again for each frame. */
export function DrawnRows({ rows, cols, height = rows.length, at, onClick, onWheel }: Props) {
  const registry = use(PaneRegistryContext);
  const id = useId();
  const [screen] = useState(() => new RowsScreen(registry?.theme ?? themes.terminal));
  useLayoutEffect(() => {
    screen.mouse = { onClick, onWheel };
    screen.show(rows, cols, height);
  });
  const shown = { id, source: screen, isFitted: false };
  if (at) return <PlacedPane {...shown} place={{ ...at, width: cols, height }} />;
  return <PaneSlot {...shown} width={cols} height={height} flexGrow={0} flexShrink={0} />;
}
