import { Box, type BoxProps, type DOMElement } from 'ink';
import { createContext, type ReactNode, use, useCallback, useLayoutEffect, useRef } from 'react';
import type { Rect } from './cell-area.ts';
import { OverlayLayerContext, PaneRegistryContext, type PaneSource } from './pane-registry.ts';

interface Shown {
  /** Names the pane for focus; unique among the mounted ones. */
  id: string;
  /** What it shows; null: nothing yet. */
  source: PaneSource | null;
  /** False: the source keeps its own size, and what does not fit is cut. Default true. */
  isFitted?: boolean;
}

export interface PaneSlotProps extends BoxProps, Shown {
  /** A word on why there is nothing yet. */
  children?: ReactNode;
}

/** A rectangle of the layout in which a live screen appears. The box has no border or padding of its own. */
export function PaneSlot({ id, source, isFitted = true, children, ...box }: PaneSlotProps): ReactNode {
  const element = useRef<DOMElement>(null);
  const node = useCallback(() => element.current, []);
  usePane({ id, source, isFitted }, node);
  return (
    <Box flexGrow={1} {...box} ref={element}>
      {source === null && children}
    </Box>
  );
}

/** A rectangle of the layout whose parts are panes: each takes a place in it, and none is laid out. */
export function PaneArea({ children, ...box }: BoxProps & { children?: ReactNode }): ReactNode {
  const element = useRef<DOMElement>(null);
  const node = useCallback(() => element.current, []);
  return (
    <Box {...box} ref={element}>
      <AreaContext value={node}>{children}</AreaContext>
    </Box>
  );
}

/** A live screen at a place of the `PaneArea` around it. */
export function PlacedPane({ id, source, isFitted = true, place }: Shown & { place: Rect }): ReactNode {
  usePane({ id, source, isFitted }, use(AreaContext), place);
  return null;
}

const AreaContext = createContext<() => DOMElement | null>(() => null);

function usePane({ id, source, isFitted }: Required<Shown>, node: () => DOMElement | null, place?: Rect): void {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext);
  const placed = useRef(place);
  const isPlaced = place !== undefined;
  useLayoutEffect(() => {
    placed.current = place;
  });
  useLayoutEffect(() => {
    if (registry === null || source === null) return;
    const at = isPlaced ? { place: () => placed.current as Rect } : {};
    const registration = registry.addPane({ id, source, layer, isFitted, node, ...at });
    return () => registration.dispose();
  }, [registry, id, source, layer, isFitted, node, isPlaced]);
}
